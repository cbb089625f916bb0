"""Dispersion of rental prices between providers of one kind: a proxy for steadiness, and only that."""

from collections.abc import Iterator
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy.stats import levene
from statsmodels.stats.multitest import multipletests

from analysis.compute.steadiness.steadiness import TITLES
from analysis.engine.words.formats import many, number
from analysis.tables.gpu import GpuPrices
from analysis.tables.networks import ComputeAvailability

Forms = Literal["apart", "pooled"]

#: Pairs of provider types: whose spread, against whose.
PAIRS = (("network", "hyperscaler"), ("marketplace", "hyperscaler"), ("specialist", "hyperscaler"))
#: Fewer providers of a type have no spread to test: the distances of two from their median are equal.
LEAST_PROVIDERS = 3
LEVEL = 0.05
#: Columns of `dispersion`, but for what is adjusted.
COLUMNS = ["gpu_model", "form_factor", "of", "against", "providers_of", "providers_against"]
COLUMNS += ["spread_of", "spread_against", "statistic", "p"]


def latest_prices(gpu_prices: GpuPrices) -> pd.DataFrame:
    """What each provider last asked for each GPU on demand: one number, however many its rows.

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
    """Mean distance of logarithms of the prices of providers from their median.

    Examples
    --------
    >>> spread(np.log([1.0, 1.0, 1.0])), round(spread(np.log([0.5, 1.0, 2.0])), 3)
    (0.0, 0.462)
    """
    return float(np.abs(log_prices - np.median(log_prices)).mean())


def dispersion(gpu_prices: GpuPrices, *, forms: Forms = "apart") -> pd.DataFrame:
    """Brown–Forsythe tests of log prices between provider types, by GPU.

    Parameters
    ----------
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
    by_gpu = prices.groupby(["gpu_model", "form_factor"])
    found = pd.DataFrame((row for gpu, some in by_gpu for row in _tested(some, gpu)), columns=COLUMNS)
    adjusted = found.groupby(["of", "against"])["p"].transform(lambda p: multipletests(p, method="holm")[1])
    return found.assign(p_holm=adjusted.astype(float))


def _tested(some: pd.DataFrame, gpu: tuple[str, str]) -> Iterator[tuple]:
    """Rows of `COLUMNS` for the pairs of types with enough providers of a GPU, not all of which ask the same."""
    logs = {kind: np.log(own["usd_per_gpu_hour"].to_numpy()) for kind, own in some.groupby("provider_type")}
    for of, against in PAIRS:
        a, b = logs.get(of, np.array([])), logs.get(against, np.array([]))
        if min(len(a), len(b)) >= LEAST_PROVIDERS and spread(a) + spread(b) > 0:
            test = levene(a, b, center="median")
            yield (*gpu, of, against, len(a), len(b), spread(a), spread(b), float(test.statistic), float(test.pvalue))


def within_provider(compute_availability: ComputeAvailability) -> pd.DataFrame:
    """How far apart the prices of one provider were at one time, for the same GPU.

    Returns
    -------
    DataFrame
        `provider`, `gpu_model`, `price_model`, `what`, `ratio`, `remark`, `source_id`. A list price has one value for a
        region and cannot spread; these are of spot prices over zones and of offers of many owners.
    """
    names = {"price_max_over_min": "highest over lowest", "price_p90_over_p10": "90th over 10th percentile"}
    rows = compute_availability[compute_availability["metric"].isin(names)].rename(columns={"value": "ratio"})
    rows = rows.assign(provider=rows["provider"].replace(TITLES), what=rows["metric"].map(names))
    columns = ["provider", "gpu_model", "price_model", "what", "ratio", "remark", "source_id"]
    return rows[columns].reset_index(drop=True)


def describe(found: pd.DataFrame) -> str:
    """What the tests of `dispersion` say, pair of types by pair of types, a line each."""
    lines = []
    for of, against in PAIRS:
        some = found[(found["of"] == of) & (found["against"] == against)]
        wider, clear = some["spread_of"] > some["spread_against"], some["p_holm"] < LEVEL
        said = f"no GPU with {number(LEAST_PROVIDERS)} providers on both sides."
        if len(some):
            counts = map(number, (wider.sum(), (wider & clear).sum(), (~wider & clear).sum()))
            said = (
                f"wider spread in {next(counts)} of {many(len(some), 'GPU')}, {next(counts)} of them beyond chance "
                f"after Holm's adjustment; narrower beyond chance in {next(counts)}."
            )
        lines.append(f"{of.capitalize()}s against {against}s: {said}")
    return "\n".join(lines)
