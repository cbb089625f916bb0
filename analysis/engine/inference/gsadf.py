"""Explosive episodes of a series: the generalised sup ADF test, with critical values of a wild bootstrap.

Two Python packages for the test exist on PyPI (looked up 2026-11-22) and neither is leant on. pygsadf 2.0.2 ships
without the modules that it imports. pyexuber 0.1.0, by the author of R's exuber, is sound but a first alpha of
2026-10-05 under the GPL-3.0 with binaries for few machines; the tests compare with it where it is installed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from analysis.engine.inference.resampling import SEED

Multiplier = Literal["rademacher", "normal"]

LEVELS = (0.90, 0.95, 0.99)
#: Episodes are dated at this level, and the GSADF test is judged at it.
LEVEL = 0.95
#: Levels at which the distribution of GSADF is kept, for its p-value.
DISTRIBUTION = tuple(np.round(np.arange(0.01, 1.0, 0.01), 2).tolist())
SIMULATIONS = 9_999
#: For a series that the stored critical values do not belong to.
FRESH_SIMULATIONS = 999
SIMULATOR = "analysis.engine.inference.gsadf.simulate_critical_values"
#: Relative difference of the weekly changes' root mean square up to which stored critical values belong to a series.
SAME_SERIES = 1e-9
#: Random walks that are worked on at once: their matrices fit a processor's cache.
BATCH = 8
EPISODE_COLUMNS = ["start", "end", "weeks", "direction", "peak", "bsadf", "change_pct"]


def minimum_window(observations: int) -> int:
    """Smallest window of Phillips, Shi & Yu (2015), in regression rows: floor(r0 T), r0 = 0.01 + 1.8 / sqrt(T).

    Examples
    --------
    >>> minimum_window(100)
    19
    """
    return int(np.floor((0.01 + 1.8 / np.sqrt(observations)) * observations))


def adf_windows(y: np.ndarray, *, window: int | None = None) -> np.ndarray:
    """Dickey–Fuller t statistics, lag 0 with constant, of every window of a series.

    The regression is Δy_t = α + β y_{t-1} + ε_t, and the statistic that of β. All windows at once, from differences of
    running sums: O(T²) in time and memory.

    Parameters
    ----------
    y : ndarray, shape (..., T)
        Series; more than one along the leading axes.
    window : int, optional
        Smallest number of regression rows; default `minimum_window`.

    Returns
    -------
    ndarray, shape (..., E, E), E = T - window
        Element (e, s): rows s to e + window - 1 of the T - 1 regression rows; -inf where that is shorter than `window`.

    Raises
    ------
    ValueError
        If a value is not finite, the series is too short, or it does not move over a whole window.

    References
    ----------
    Phillips, Shi & Yu (2015), "Testing for multiple bubbles: Historical episodes of exuberance and collapse in the
    S&P 500", International Economic Review 56(4), 1043–1078. Counting rows, not levels, is R exuber's reading of it.
    """
    y = np.asarray(y, dtype=float)
    n = y.shape[-1]
    w = minimum_window(n) if window is None else window
    if not np.isfinite(y).all() or w < 3 or n - w < 1:
        raise ValueError(f"needs finite values and 3 <= window < T, not window {w} and T {n}")
    x, d = y[..., :-1] - y.mean(axis=-1, keepdims=True), np.diff(y)
    if (np.lib.stride_tricks.sliding_window_view(d, w, axis=-1) == 0).all(axis=-1).any():
        raise ValueError(f"the series does not move over {w} observations")
    ends = np.arange(n - w)
    rows = np.maximum(ends[:, None] - ends[None, :] + w, w).astype(float)
    sx, sd, sxx, sxd, sdd = (_between(v, w) for v in (x, d, x * x, x * d, d * d))
    xx, xd, dd = sxx - sx * sx / rows, sxd - sx * sd / rows, sdd - sd * sd / rows
    with np.errstate(invalid="ignore", divide="ignore"):
        beta = xd / xx
        t = beta / np.sqrt((dd - beta * xd) / (rows - 2) / xx)
    return np.where(ends[:, None] >= ends[None, :], t, -np.inf)


def _between(v: np.ndarray, w: int) -> np.ndarray:
    """Sums of v over rows s to e + w - 1, shape (..., E, E)."""
    total = np.concatenate([np.zeros((*v.shape[:-1], 1)), np.cumsum(v, axis=-1)], axis=-1)
    return total[..., w:, None] - total[..., None, : total.shape[-1] - w]


def bsadf(y: np.ndarray) -> np.ndarray:
    """Backward sup ADF statistics: at every end point, the largest of the `adf_windows` that end there.

    Returns
    -------
    ndarray, shape (..., T - window)
        For observations window, window + 1, …, T - 1, counted from 0.

    Examples
    --------
    >>> walk = np.cumsum(np.random.default_rng(1).normal(size=100))
    >>> bsadf(walk).shape
    (81,)
    """
    return adf_windows(y).max(axis=-1)


def gsadf(y: np.ndarray) -> np.ndarray:
    """Generalised sup ADF statistic: the largest of `bsadf`; one number per series."""
    return bsadf(y).max(axis=-1)


def wild_bootstrap(
    y: np.ndarray, *, simulations: int, rng: np.random.Generator, multiplier: Multiplier = "rademacher"
) -> np.ndarray:
    """`bsadf` of random walks that keep the series' volatility: every change times an independent draw.

    Parameters
    ----------
    y : ndarray, shape (T,)
    multiplier : {"rademacher", "normal"}
        Draws: +1 or -1 with equal chance, or N(0, 1). Normal draws, R exuber's default, make tails heavier than the
        series' own and the test too cautious: with 1 000 walks of 80 weeks and 199 draws each, a nominal 5 % was 1.5 %
        under constant volatility, 5.8 % where it rose fourfold, 1.8 % where it fell to a third. Signs gave 4.2, 4.6 and
        4.0 % (standard error 0.7). Signs are therefore ours; the choice was made on these figures.

    Returns
    -------
    ndarray, shape (simulations, T - window)

    Raises
    ------
    ValueError
        For an unknown multiplier.

    References
    ----------
    Harvey, Leybourne, Sollis & Taylor (2016), "Tests for explosive financial bubbles in the presence of non-stationary
    volatility", Journal of Empirical Finance 38(B), 548–574. They study the sup ADF test; carrying the scheme over to
    GSADF and BSADF is R exuber's practice (`radf_wb_cv`, with signs where `dist_rad = TRUE`).
    """
    if multiplier not in get_args(Multiplier):
        raise ValueError(f"multiplier must be one of {', '.join(get_args(Multiplier))}, not {multiplier!r}")
    changes = np.diff(np.asarray(y, dtype=float))
    out = []
    for first in range(0, simulations, BATCH):
        shape = (min(BATCH, simulations - first), len(changes))
        draws = rng.standard_normal(shape) if multiplier == "normal" else 2.0 * rng.integers(0, 2, shape) - 1
        walks = np.concatenate([np.zeros((len(draws), 1)), np.cumsum(draws * changes, axis=1)], axis=1)
        out.append(bsadf(walks))
    return np.concatenate(out)


def simulate_critical_values(
    log_index: pd.Series,
    *,
    simulations: int = SIMULATIONS,
    seed: int = SEED,
    multiplier: Multiplier = "rademacher",
) -> pd.DataFrame:
    """Wild-bootstrap critical values of one series, as a table of the report may hold them.

    Parameters
    ----------
    log_index : Series, shape (T,)
        Weekly logarithms, indexed by date.

    Returns
    -------
    DataFrame
        One row per statistic, end of the window and level. bsadf: quantiles at each end point (`LEVELS`); gsadf:
        quantiles of the largest one (`DISTRIBUTION`), dated on the last week.
    """
    y = log_index.to_numpy()
    t, window = len(y), minimum_window(len(y))
    draws = wild_bootstrap(y, simulations=simulations, rng=np.random.default_rng(seed), multiplier=multiplier)
    pointwise = pd.DataFrame(np.quantile(draws, LEVELS, axis=0).T, index=log_index.index[window:], columns=LEVELS)
    pointwise = pointwise.rename_axis(index="date", columns="level").stack().rename("critical_value").reset_index()
    largest = np.quantile(draws.max(axis=1), DISTRIBUTION)
    sup = pd.DataFrame({"date": log_index.index[-1], "level": DISTRIBUTION, "critical_value": largest})
    both = pd.concat({"gsadf": sup, "bsadf": pointwise}, names=["statistic"]).reset_index("statistic")
    return both.reset_index(drop=True).assign(
        simulator=SIMULATOR,
        multiplier=multiplier,
        simulations=simulations,
        seed=seed,
        observations=t,
        minimum_window=window,
        r0=0.01 + 1.8 / np.sqrt(t),
        rms_change=_rms(log_index),
    )


def _rms(log_index: pd.Series) -> float:
    return float(np.sqrt(np.mean(np.diff(log_index.to_numpy()) ** 2)))


def belongs(stored: pd.DataFrame, log_index: pd.Series) -> bool:
    """Whether stored critical values were simulated from this series: wild-bootstrap values are each series' own.

    Compares the number of observations, the last day and the root mean square of the weekly changes.
    """
    row = stored.iloc[0]
    last = stored.loc[stored["statistic"] == "gsadf", "date"].iloc[0]
    same = row["observations"] == len(log_index) and last == log_index.index[-1]
    return bool(same and np.isclose(row["rms_change"], _rms(log_index), rtol=SAME_SERIES, atol=0))


@dataclass(frozen=True, slots=True)
class Explosiveness:
    """What the test says of one weekly series.

    Attributes
    ----------
    weeks : DataFrame, shape (T - window, …)
        Indexed by date: log_index; bsadf; critical: its pointwise critical value at `LEVEL`; window_start: first day
        of the window with the largest statistic; window_change: change of the logarithm over that window.
    gsadf : float
    critical : mapping of float to float
        Level -> critical value of GSADF.
    p_value : float
        Bound from above: the smallest of 0.01, 0.02, … 1 whose critical value the found GSADF passes.
    episodes : DataFrame
        As from `date_stamp`; none where the GSADF test does not reject.
    simulations : int
        Behind the critical values: fewer where the stored ones are of another series, and were simulated afresh.
    """

    weeks: pd.DataFrame
    gsadf: float
    critical: Mapping[float, float]
    p_value: float
    episodes: pd.DataFrame
    simulations: int


def explosiveness(log_index: pd.Series, critical_values: pd.DataFrame) -> Explosiveness:
    """GSADF test of a weekly series, and its explosive episodes.

    Parameters
    ----------
    log_index : Series, shape (T,)
        Logarithms, indexed by date.
    critical_values : DataFrame
        As from `simulate_critical_values`. If they do not belong to the series (edited data), values are simulated
        afresh with `FRESH_SIMULATIONS` draws of its seed and multiplier.

    Raises
    ------
    ValueError
        As `adf_windows`.
    """
    if not belongs(critical_values, log_index):
        seed, multiplier = critical_values[["seed", "multiplier"]].iloc[0]
        critical_values = simulate_critical_values(
            log_index, simulations=FRESH_SIMULATIONS, seed=int(seed), multiplier=multiplier
        )
    y, window = log_index.to_numpy(), minimum_window(len(log_index))
    windows = adf_windows(y, window=window)
    starts = windows.argmax(axis=1)
    kinds = {name: part.set_index("date") for name, part in critical_values.groupby("statistic")}
    line = kinds["bsadf"].loc[kinds["bsadf"]["level"] == LEVEL, "critical_value"]
    weeks = pd.DataFrame({"log_index": log_index.iloc[window:], "bsadf": windows.max(axis=1), "critical": line})
    weeks["window_start"] = log_index.index[starts]
    weeks["window_change"] = y[window:] - y[starts]
    largest, distribution = float(windows.max()), kinds["gsadf"].set_index("level")["critical_value"].sort_index()
    critical = {level: float(distribution[level]) for level in LEVELS}
    found = date_stamp(weeks, shortest=int(np.ceil(np.log(len(y)))))
    passed = distribution.index[distribution < largest]
    return Explosiveness(
        weeks=weeks,
        gsadf=largest,
        critical=critical,
        p_value=round(1 - (passed.max() if len(passed) else 0.0), 2),
        episodes=found if largest > critical[LEVEL] else found.iloc[:0],
        simulations=int(critical_values["simulations"].iloc[0]),
    )


def date_stamp(weeks: pd.DataFrame, *, shortest: int) -> pd.DataFrame:
    """Episodes: runs of weeks with BSADF above its critical line.

    The test is blind to the sign of the movement: a fall that speeds up is as explosive as a rise that does. An
    episode is a "bubble" if the series rose over the window that gives its largest statistic, else a "collapse".

    Parameters
    ----------
    weeks : DataFrame
        As in `Explosiveness`.
    shortest : int
        Weeks that an episode must last; log(T) rounded up in Phillips, Shi & Yu (2015).

    Returns
    -------
    DataFrame, one row per episode
        start, end: first and last week above the line; weeks; direction; peak: week of the largest statistic; bsadf:
        that statistic; change_pct: simple change from start to end, %.
    """
    above = weeks["bsadf"] > weeks["critical"]
    rows = []
    for _, run in weeks[above].groupby((above != above.shift()).cumsum()[above]):
        if len(run) < shortest:
            continue
        top = run.loc[run["bsadf"].idxmax()]
        rows.append(
            {
                "start": run.index[0],
                "end": run.index[-1],
                "weeks": len(run),
                "direction": "bubble" if top["window_change"] > 0 else "collapse",
                "peak": top.name,
                "bsadf": top["bsadf"],
                "change_pct": 100 * np.expm1(run["log_index"].iloc[-1] - run["log_index"].iloc[0]),
            }
        )
    return pd.DataFrame(rows, columns=EPISODE_COLUMNS)
