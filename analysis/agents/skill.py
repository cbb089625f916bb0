"""How long a record tells skill from luck, and what the best of many agents owes to luck."""

import numpy as np
import pandas as pd
from scipy import integrate, stats

#: Level of the test, one-sided, and power: A2 and its question in the chapter.
LEVEL = 0.05
POWER = 0.80
#: Information ratios that the chapter asks about, annual.
RATIOS = (0.5, 1.0, 2.0)
MONTHS_PER_YEAR = 12


def level_after(picked_from: int, level: float = LEVEL) -> float:
    """Level that the best of several independent agents has to meet for the family to keep its own (Šidák).

    Parameters
    ----------
    picked_from : int
        How many agents the record was picked from.
    level : float
        Of the family, one-sided.

    Raises
    ------
    ValueError
        If it was picked from fewer than one.

    References
    ----------
    Šidák (1967), Journal of the American Statistical Association 62, 626–633.

    Examples
    --------
    >>> round(level_after(1), 4), round(level_after(6), 4)
    (0.05, 0.0085)
    """
    if picked_from < 1:
        raise ValueError(f"a record is picked from 1 agent or more, not {picked_from}")
    return float(-np.expm1(np.log1p(-level) / picked_from))


def power_of(information_ratio: float, months: float, *, picked_from: int = 1, level: float = LEVEL) -> float:
    """Chance that a record of monthly excess returns shows an information ratio, by the one-sided t test.

    Parameters
    ----------
    information_ratio : float
        Annual: mean excess return over the standard deviation of the excess return.
    months : float
        Length of the record.
    picked_from : int
        As in `level_after`.
    level : float

    Returns
    -------
    float
        0–1. Months are taken as independent and normal; where they are not, more are needed.

    Examples
    --------
    >>> round(power_of(1.0, 120), 2)
    0.93
    """
    df, shift = months - 1, information_ratio * np.sqrt(months / MONTHS_PER_YEAR)
    return float(stats.nct.sf(stats.t.isf(level_after(picked_from, level), df), df, shift))


def months_needed(information_ratio: float, *, picked_from: int = 1, level: float = LEVEL, power: float = POWER) -> int:
    """Months of record after which the one-sided t test has the power to tell an information ratio from luck.

    Parameters
    ----------
    information_ratio : float
        Annual, above 0.
    picked_from : int
        As in `level_after`.
    level, power : float

    Returns
    -------
    int
        The smallest whole number of months.

    Raises
    ------
    ValueError
        If the information ratio is not above 0.

    Notes
    -----
    By the normal approximation it is 12 ((z_level + z_power) / information ratio)²; the t test, which has to estimate
    the standard deviation too, needs one or two months more.

    References
    ----------
    Lo (2002), Financial Analysts Journal 58(4), 36–52, for the standard error of a Sharpe ratio.

    Examples
    --------
    >>> [months_needed(ratio) for ratio in RATIOS]
    [299, 76, 20]
    >>> months_needed(2.0, picked_from=6)
    35
    """
    if not information_ratio > 0:
        raise ValueError(f"luck is told from an information ratio above 0, not from {information_ratio}")
    z = stats.norm.isf(level_after(picked_from, level)) + stats.norm.ppf(power)
    months = max(2, int(MONTHS_PER_YEAR * (z / information_ratio) ** 2) - 3)
    while power_of(information_ratio, months, picked_from=picked_from, level=level) < power:
        months += 1
    return months


def months_table(ratios: tuple[float, ...] = RATIOS, picked_from: tuple[int, ...] = (1, 6, 100, 1000)) -> pd.DataFrame:
    """Months needed for every information ratio, alone and as the best of several.

    Returns
    -------
    DataFrame
        picked_from, then a column of months for each ratio.
    """
    rows = [[n, *(months_needed(ratio, picked_from=n) for ratio in ratios)] for n in picked_from]
    return pd.DataFrame(rows, columns=["picked_from", *ratios])


def expected_best(agents: int) -> float:
    """Mean of the largest of several independent standard normal scores: what luck alone gives the best agent.

    Returns
    -------
    float
        In standard errors; exact by quadrature of the order statistic's density.

    Raises
    ------
    ValueError
        If there is no agent.

    References
    ----------
    David and Nagaraja (2003), Order Statistics, section 3.1; Bailey and López de Prado (2014), Journal of Portfolio
    Management 40(5), 94–107, who use it to deflate a Sharpe ratio.

    Examples
    --------
    >>> round(expected_best(1), 6) + 0, round(expected_best(2), 6), round(expected_best(6), 3)
    (0.0, 0.56419, 1.267)
    """
    if agents < 1:
        raise ValueError(f"the best is of 1 agent or more, not of {agents}")
    # E max = ∫ over x > 0 of P(max > x), less ∫ over x < 0 of P(max < x); Φ(x)^n by its logarithm, for large n
    above, _ = integrate.quad(lambda x: -np.expm1(agents * stats.norm.logcdf(x)), 0, 12, limit=200)
    below, _ = integrate.quad(lambda x: np.exp(agents * stats.norm.logcdf(x)), -12, 0, limit=200)
    return above - below


def best_by_luck(agents: int, months: float, *, level: float = LEVEL) -> tuple[float, float]:
    """What the best of several agents without skill shows after some months.

    The volatility is taken as known, as it nearly is from daily returns. Estimated from few returns it would add to the
    luck: from twelve monthly ones the best of 100 is expected to show about a fifth more.

    Parameters
    ----------
    agents : int
        Independent, all with a true information ratio of 0.
    months : float
    level : float
        Of a test that does not know that the agent was picked.

    Returns
    -------
    tuple of float
        The information ratio to be expected of the best, annual; and the chance that at least one passes the test.

    Examples
    --------
    >>> ratio, chance = best_by_luck(6, 12)
    >>> round(ratio, 2), round(chance, 3)
    (1.27, 0.265)
    """
    ratio = expected_best(agents) * float(np.sqrt(MONTHS_PER_YEAR / months))
    return ratio, float(-np.expm1(agents * np.log1p(-level)))


def luck_table(agents: tuple[int, ...] = (1, 6, 100, 1000), months: tuple[float, ...] = (1, 12, 36)) -> pd.DataFrame:
    """Information ratio that luck gives the best of several agents, by length of record.

    Returns
    -------
    DataFrame
        agents, chance (that one passes a test at `LEVEL`), then a column of information ratios for each length.
    """
    rows = [[n, best_by_luck(n, 1)[1], *(best_by_luck(n, m)[0] for m in months)] for n in agents]
    return pd.DataFrame(rows, columns=["agents", "chance", *months])
