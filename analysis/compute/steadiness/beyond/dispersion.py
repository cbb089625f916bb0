"""Dispersion of rental prices between providers of one kind: a proxy for steadiness, and only that."""

from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy.stats import levene
from statsmodels.stats.multitest import multipletests

from analysis.compute.steadiness.steadiness import TITLES
from analysis.engine.words.formats import many, number

Forms = Literal["apart", "pooled"]

#: Pairs of provider types: whose spread, against whose.
PAIRS = (("network", "hyperscaler"), ("marketplace", "hyperscaler"), ("specialist", "hyperscaler"))
#: Fewer providers of a type have no spread to test: the distances of two from their median are equal.
LEAST_PROVIDERS = 3
LEVEL = 0.05


def latest_prices(gpu_prices: pd.DataFrame) -> pd.DataFrame:
    """What each provider last asked for each GPU on demand: one number, however many its rows.

    Parameters
    ----------
    gpu_prices : DataFrame
        The table of that name.

    Returns
    -------
    DataFrame
        `provider`, `provider_type`, `gpu_model`, `form_factor`, `observed_on` (the provider's last day for that GPU and
        form), `usd_per_gpu_hour` (median over its rows of that day).
    """
    rows = gpu_prices[(gpu_prices["price_model"] == "on-demand") & gpu_prices["observed_on"].notna()]
    keys = ["provider", "provider_type", "gpu_model", "form_factor"]
    last = rows.groupby(keys)["observed_on"].transform("max")
    return rows[rows["observed_on"] == last].groupby([*keys, "observed_on"])["usd_per_gpu_hour"].median().reset_index()


def spread(log_prices: np.ndarray) -> float:
    """Mean distance of logarithms of prices from their median.

    Parameters
    ----------
    log_prices : ndarray, shape (providers,)

    Examples
    --------
    >>> spread(np.log([1.0, 1.0, 1.0])), round(spread(np.log([0.5, 1.0, 2.0])), 3)
    (0.0, 0.462)
    """
    return float(np.abs(log_prices - np.median(log_prices)).mean())


def dispersion(gpu_prices: pd.DataFrame, *, forms: Forms = "apart") -> pd.DataFrame:
    """Brown–Forsythe tests of log prices between provider types, by GPU.

    Parameters
    ----------
    gpu_prices : DataFrame
        The table of that name.
    forms : {"apart", "pooled"}
        Whether SXM, PCIe and other forms of a model are compared apart, or thrown together. Networks seldom state the
        form, so that apart leaves few of them; pooled adds the difference between forms to the spread.

    Returns
    -------
    DataFrame, one row a GPU and pair of types that can be tested
        `gpu_model`, `form_factor` ("all" where pooled), `of`, `against` (types), `providers_of`, `providers_against`,
        `spread_of`, `spread_against` (as in `spread`), `statistic`, `p`, `p_holm` (adjusted over the GPUs of the pair
        of types).

    Raises
    ------
    ValueError
        If `forms` is unknown.

    Notes
    -----
    A provider is one observation: the median of what it asked on its last day. The days of two providers differ, by
    months at most for what is asked in 2026. Brown and Forsythe's test is Levene's with distances from the median; its
    p-value is from an F distribution, and with three to a dozen providers on a side it has little power. What is tested
    is whether providers of a type differ more among one another, not whether one provider's price moves.

    References
    ----------
    Brown and Forsythe (1974), Journal of the American Statistical Association 69(346), 364–367.
    """
    if forms not in get_args(Forms):
        raise ValueError(f"unknown forms {forms!r}; the options are {', '.join(get_args(Forms))}")
    prices = latest_prices(gpu_prices)
    if forms == "pooled":
        keys = ["provider", "provider_type", "gpu_model"]
        prices = prices.groupby(keys)["usd_per_gpu_hour"].median().reset_index().assign(form_factor="all")
    rows = [
        row
        for (model, form), some in prices.groupby(["gpu_model", "form_factor"])
        for row in _tested(some, model, form)
    ]
    columns = ["gpu_model", "form_factor", "of", "against", "providers_of", "providers_against"]
    columns += ["spread_of", "spread_against", "statistic", "p"]
    found = pd.DataFrame(rows, columns=columns)
    adjusted = found.groupby(["of", "against"])["p"].transform(lambda p: multipletests(p, method="holm")[1])
    return found.assign(p_holm=adjusted.astype(float))


def _tested(some: pd.DataFrame, model: str, form: str) -> list[dict]:
    logs = {kind: np.log(own["usd_per_gpu_hour"].to_numpy()) for kind, own in some.groupby("provider_type")}
    rows = []
    for of, against in PAIRS:
        a, b = logs.get(of, np.array([])), logs.get(against, np.array([]))
        if min(len(a), len(b)) < LEAST_PROVIDERS or spread(a) + spread(b) == 0:
            continue
        test = levene(a, b, center="median")
        rows.append(
            {
                "gpu_model": model,
                "form_factor": form,
                "of": of,
                "against": against,
                "providers_of": len(a),
                "providers_against": len(b),
                "spread_of": spread(a),
                "spread_against": spread(b),
                "statistic": float(test.statistic),
                "p": float(test.pvalue),
            }
        )
    return rows


def within_provider(compute_availability: pd.DataFrame) -> pd.DataFrame:
    """How far apart the prices of one provider were at one time, for the same GPU.

    Parameters
    ----------
    compute_availability : DataFrame
        The table of that name.

    Returns
    -------
    DataFrame
        `provider`, `gpu_model`, `price_model`, `what`, `ratio`, `remark`, `source_id`. A list price has one value for a
        region and cannot spread; these are of spot prices over zones and of offers of many owners.
    """
    names = {"price_max_over_min": "highest over lowest", "price_p90_over_p10": "90th over 10th percentile"}
    rows = compute_availability[compute_availability["metric"].isin(names)]
    return rows.assign(provider=rows["provider"].replace(TITLES), what=rows["metric"].map(names), ratio=rows["value"])[
        ["provider", "gpu_model", "price_model", "what", "ratio", "remark", "source_id"]
    ].reset_index(drop=True)


def describe(found: pd.DataFrame) -> str:
    """What the tests say, pair of types by pair of types, a line each.

    Parameters
    ----------
    found : DataFrame
        From `dispersion`.

    Returns
    -------
    str
    """
    lines = []
    for of, against in PAIRS:
        some = found[(found["of"] == of) & (found["against"] == against)]
        who = f"{of.capitalize()}s against {against}s"
        if some.empty:
            lines.append(f"{who}: no GPU with {number(LEAST_PROVIDERS)} providers on both sides.")
            continue
        wider, clear = some["spread_of"] > some["spread_against"], some["p_holm"] < LEVEL
        lines.append(
            f"{who}: wider spread in {number(int(wider.sum()))} of {many(len(some), 'GPU')}, "
            f"{number(int((wider & clear).sum()))} of them beyond chance after Holm's adjustment; "
            f"narrower beyond chance in {number(int((~wider & clear).sum()))}."
        )
    return "\n".join(lines)
