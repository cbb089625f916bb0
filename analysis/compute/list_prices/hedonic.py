"""What kind of provider costs what, machines held equal: log prices regressed on the machine and on who asks.

The kind of provider never varies within a provider, and three networks face three hyperscalers. Standard errors of
rows would see hundreds of observations where there are a handful; `analysis.engine.inference.clustered` counts
providers.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import WLS

from analysis.engine.inference import clustered
from analysis.engine.inference.clustered import ClusterSums, Inference
from analysis.engine.inference.resampling import SEED
from analysis.tables.gpu import GpuModels, GpuPrices, GpuProviders

Weighting = Literal["providers", "rows"]

#: The months in which all four kinds of provider are observed to the day.
FIRST_DAY, LAST_DAY = pd.Timestamp("2026-07-01"), pd.Timestamp("2026-11-30")
#: Kinds of price that enter: two that can be called off any time, one that cannot; commitments and serverless are out.
INTERRUPTIBLE = ("spot", "bid")
ENTERING = ("on-demand", *INTERRUPTIBLE)
REFERENCE = "hyperscaler"
COMPARED = ("network", "marketplace", "specialist")
#: Who is compared with whom: each kind with hyperscalers, and what is left of it beside clouds that are neither.
COMPARISONS = (*((kind, REFERENCE) for kind in COMPARED), ("network", "specialist"), ("marketplace", "specialist"))
#: How the three methods are called in tables.
METHODS = {"cr2": "CR2", "wild": "bootstrap-t", "randomised": "randomisation"}
#: With one provider of a kind its residuals vanish, and no standard error by clusters is of any use.
FEWEST_PROVIDERS = 2


@dataclass(frozen=True, slots=True)
class Discount:
    """How much cheaper one kind of provider is than another, machine, count, kind of price and month held equal.

    Attributes
    ----------
    provider_type, reference : str
    discount_pct : float
        100 (1 - exp(b - v/2)), in percent; positive is cheaper.
    cr2, wild, randomised : Inference
        Of the coefficient b, by three methods; the last exchanges labels between the two kinds only.
    randomised_all : Inference
        The same with the labels of all kinds exchanged; without an interval.
    providers, references : int
        Clusters of the kind, and of the reference.
    rows : int
    """

    provider_type: str
    reference: str
    discount_pct: float
    cr2: Inference
    wild: Inference
    randomised: Inference
    randomised_all: Inference
    providers: int
    references: int
    rows: int


@dataclass(frozen=True, slots=True)
class Hedonic:
    """The regression.

    Attributes
    ----------
    discounts : tuple of Discount
        In the order of `COMPARISONS`.
    providers, machines, rows : int
        Clusters, pairs of GPU model and form factor, observations.
    """

    discounts: tuple[Discount, ...]
    providers: int
    machines: int
    rows: int


# --- sample and columns ----------------------------------------------------------------------------------------------


def cross_section(
    gpu_prices: GpuPrices, *, first: pd.Timestamp = FIRST_DAY, last: pd.Timestamp = LAST_DAY
) -> pd.DataFrame:
    """The rows that the regression reads: dated to the day, on demand or interruptible, in the months given.

    GPU model and form factor make one machine: what is sold as PCIe is never pooled with SXM, and neither with rows
    whose source states no form. io.net drops out, since its prices are known to the year, and so do undated ones.

    Returns
    -------
    DataFrame
        provider, provider_type, gpu_model, form_factor, machine, gpu_count, interruptible, month, log_price (natural
        logarithm of USD per GPU-hour).

    Examples
    --------
    >>> from analysis.engine.data.tables import load
    >>> sorted(cross_section(load("gpu_prices"))["provider_type"].unique())
    ['hyperscaler', 'marketplace', 'network', 'specialist']
    """
    inside = gpu_prices["observed_on"].between(first, last) & gpu_prices["price_model"].isin(ENTERING)
    rows = gpu_prices[inside].reset_index(drop=True)
    return rows[["provider", "provider_type", "gpu_model", "form_factor", "gpu_count"]].assign(
        machine=rows["gpu_model"] + " " + rows["form_factor"],
        interruptible=rows["price_model"].isin(INTERRUPTIBLE),
        month=rows["observed_on"].dt.strftime("%Y-%m"),
        log_price=np.log(rows["usd_per_gpu_hour"]),
    )


def columns_of(sample: pd.DataFrame, *, count: bool = True) -> pd.DataFrame:
    """Columns of the regression without the kind of provider: constant, machine, count, kind of price, month.

    The count enters as its base-2 logarithm, so that the coefficient is per doubling; where the source states none it
    is 0, and a column of its own says so. Columns that are the same on all rows are left out.

    Examples
    --------
    >>> sample = pd.DataFrame({"machine": ["A", "B"], "month": "2026-07", "interruptible": False, "gpu_count": 8.0})
    >>> columns_of(sample).columns.tolist()
    ['const', 'machine B']
    """
    parts = [
        pd.get_dummies(sample["machine"], prefix="machine", prefix_sep=" ", drop_first=True, dtype=float),
        pd.get_dummies(sample["month"], prefix="month", prefix_sep=" ", drop_first=True, dtype=float),
        sample["interruptible"].astype(float).to_frame(),
    ]
    if count:
        parts.append(np.log2(sample["gpu_count"]).fillna(0.0).rename("log2_count").to_frame())
        parts.append(sample["gpu_count"].isna().astype(float).rename("no_count").to_frame())
    columns = pd.concat(parts, axis=1)
    return columns.loc[:, columns.nunique() > 1].assign(const=1.0)[lambda d: ["const", *d.columns[:-1]]]


def weights_of(sample: pd.DataFrame, weighting: Weighting) -> pd.Series:
    """Weight of each row: one over its provider's rows, so that each provider weighs the same, or one.

    Raises
    ------
    ValueError
        For an unknown weighting.

    Examples
    --------
    >>> weights_of(pd.DataFrame({"provider": ["a", "a", "b"]}), "providers").tolist()
    [0.5, 0.5, 1.0]
    """
    if weighting not in get_args(Weighting):
        raise ValueError(f"weighting must be one of {', '.join(get_args(Weighting))}, not {weighting!r}")
    if weighting == "rows":
        return pd.Series(1.0, index=sample.index)
    return 1 / sample.groupby("provider")["provider"].transform("size")


def kennedy_pct(coefficient: float, standard_error: float) -> float:
    """What a dummy's coefficient b on a logarithm, of variance v, says in percent: 100 (exp(b - v/2) - 1).

    References
    ----------
    Kennedy (1981), American Economic Review 71(4), 801: exp(b) alone is biased upward.

    Examples
    --------
    >>> round(kennedy_pct(np.log(0.5), 0.0), 9), round(kennedy_pct(np.log(0.5), 0.2), 2)
    (-50.0, -50.99)
    """
    return float(100 * np.expm1(coefficient - standard_error**2 / 2))


# --- the regression --------------------------------------------------------------------------------------------------


def controls_of(
    sample: pd.DataFrame, *, weighting: Weighting = "providers", count: bool = True
) -> tuple[ClusterSums, pd.Series]:
    """The regression without the kind of provider, summed over providers, and the kind of each provider.

    Raises
    ------
    ValueError
        If a provider stands under two kinds, or as `cluster_sums`.
    """
    kinds = sample.groupby("provider")["provider_type"].agg(["first", "nunique"])
    if (kinds["nunique"] > 1).any():
        raise ValueError(f"two kinds of provider for {', '.join(kinds.index[kinds['nunique'] > 1])}")
    X = columns_of(sample, count=count)
    sums = clustered.cluster_sums(X, sample["log_price"], sample["provider"], weights=weights_of(sample, weighting))
    return sums, kinds["first"].rename("provider_type")


def hedonic(
    sample: pd.DataFrame,
    *,
    weighting: Weighting = "providers",
    draws: int = clustered.DRAWS,
    seed: int = SEED,
) -> Hedonic:
    """Log price on machine, count, kind of price, month and kind of provider, by (weighted) least squares.

    Parameters
    ----------
    sample : DataFrame
        As from `cross_section`.
    weighting : {"providers", "rows"}
        Each provider, or each row, weighs the same. The first is the primary one, as in C2: the number of rows of a
        provider is how often somebody looked at it.
    draws, seed : int
        Of the bootstrap and of arrangements drawn at random.

    Raises
    ------
    ValueError
        If a kind of provider has no row, or as `controls_of`.

    References
    ----------
    Kennedy (1981) for the reading of dummies; Sawyer & O'Bryan (2023) for hedonic prices of cloud computing.
    """
    if absent := [kind for kind in (REFERENCE, *COMPARED) if kind not in set(sample["provider_type"])]:
        raise ValueError(f"no prices of {', '.join(absent)}")
    controls, labels = controls_of(sample, weighting=weighting)
    return Hedonic(
        discounts=tuple(_discount(pair, sample, controls, labels, draws, seed) for pair in COMPARISONS),
        providers=len(labels),
        machines=sample["machine"].nunique(),
        rows=len(sample),
    )


def fitted(sample: pd.DataFrame, *, weighting: Weighting = "providers"):
    """The regression as statsmodels fits it, for what does not depend on clusters: coefficients and residuals.

    The columns are those of `columns_of`, then one for each kind of `COMPARED`.
    """
    kinds = pd.DataFrame({kind: (sample["provider_type"] == kind).astype(float) for kind in COMPARED})
    X = pd.concat([columns_of(sample), kinds], axis=1)
    return WLS(sample["log_price"], X, weights=weights_of(sample, weighting)).fit()


def _discount(
    pair: tuple[str, str], sample: pd.DataFrame, controls: ClusterSums, labels: pd.Series, draws: int, seed: int
) -> Discount:
    kind, reference = pair
    told = {"treated": kind, "reference": reference, "seed": seed, "draws": draws}
    full = clustered.with_labels(controls, labels, reference=reference)
    by_cr2 = clustered.cr2(full, kind)
    counts = labels.value_counts()
    return Discount(
        provider_type=kind,
        reference=reference,
        discount_pct=-kennedy_pct(by_cr2.coefficient, by_cr2.standard_error),
        cr2=by_cr2,
        wild=clustered.wild_cluster_bootstrap_t(full, kind, draws=draws, seed=seed),
        randomised=clustered.randomisation_inference(controls, labels, **told),
        randomised_all=clustered.randomisation_inference(controls, labels, **told, exchange="all"),
        providers=int(counts[kind]),
        references=int(counts[reference]),
        rows=int((sample["provider_type"] == kind).sum()),
    )


def interval_pct(inference: Inference) -> tuple[float, float]:
    """The interval of a coefficient as one of a discount, in percent.

    100 (1 - exp(b)) at the two ends, which turn round. It is an interval of the discount over samples of providers (or,
    by randomisation, of the discounts that the arrangement of labels does not reject); an end without bound is 100 %
    on the cheap side and minus infinity on the dear one.

    Examples
    --------
    >>> low, high = interval_pct(Inference(-0.7, 0.1, 4.0, 0.01, np.log(0.4), np.log(0.6), 0, False, 0.0))
    >>> round(low, 9), round(high, 9)
    (40.0, 60.0)
    """
    return float(-100 * np.expm1(inference.high)), float(-100 * np.expm1(inference.low))


# --- tables ----------------------------------------------------------------------------------------------------------


def three_intervals(found: Hedonic) -> pd.DataFrame:
    """One row per comparison and method.

    Returns
    -------
    DataFrame
        provider_type, reference; method: as `METHODS` names it; discount_pct; low_pct, high_pct: 95 % interval;
        p_value; smallest_p: the least that the method could give; degrees; providers, references: clusters; rows.
    """
    rows = []
    for d in found.discounts:
        for attribute, method in METHODS.items():
            by = getattr(d, attribute)
            row = {"provider_type": d.provider_type, "reference": d.reference, "method": method}
            row |= dict(zip(("discount_pct", "low_pct", "high_pct"), (d.discount_pct, *interval_pct(by)), strict=True))
            row |= {name: getattr(by, name) for name in ("p_value", "smallest_p", "degrees")}
            rows.append(row | {name: getattr(d, name) for name in ("providers", "references", "rows")})
    return pd.DataFrame(rows)


def varied(
    sample: pd.DataFrame, *, gpu_models: GpuModels, gpu_providers: GpuProviders
) -> dict[str, tuple[pd.DataFrame, dict[str, object]]]:
    """Variants of the regression: name -> rows of `cross_section`, and options of `controls_of`."""
    named = gpu_providers.loc[gpu_providers["named"], "provider"]
    for_centres = gpu_models.loc[gpu_models["data_centre"], "gpu_model"]
    rows = {
        "primary": sample,
        "rows weigh the same": sample,
        "on demand only": sample[~sample["interruptible"]],
        "without the count": sample,
        "stated form only": sample[sample["form_factor"] != "not stated"],
        "data-centre GPUs only": sample[sample["gpu_model"].isin(for_centres)],
        "July and August only": sample[sample["month"].isin(["2026-07", "2026-08"])],
        "named networks only": sample[(sample["provider_type"] != "network") | sample["provider"].isin(named)],
    }
    options = {"rows weigh the same": {"weighting": "rows"}, "without the count": {"count": False}}
    return {name: (some.reset_index(drop=True), options.get(name, {})) for name, some in rows.items()}


def variants(gpu_prices: GpuPrices, gpu_models: GpuModels, gpu_providers: GpuProviders) -> pd.DataFrame:
    """The discount of each kind of provider under every variant of the regression, with CR2 intervals.

    Returns
    -------
    DataFrame
        variant; provider_type; discount_pct; low_pct, high_pct: 95 % interval by CR2, blank where the kind has one
        provider, whose spread nothing shows (exp(b) is then read without its correction); degrees; providers. A kind
        without a provider in a variant has no row.
    """
    told, out = varied(cross_section(gpu_prices), gpu_models=gpu_models, gpu_providers=gpu_providers), []
    for variant, (rows, options) in told.items():
        controls, labels = controls_of(rows, **options)
        full = clustered.with_labels(controls, labels, reference=REFERENCE)
        kinds = tuple(kind for kind in COMPARED if kind in full.names)
        for kind, found in zip(kinds, clustered.cr2_of_each(full, kinds), strict=True):
            number = int((labels == kind).sum())
            alone = number < FEWEST_PROVIDERS
            value = -kennedy_pct(found.coefficient, 0.0 if alone else found.standard_error)
            low, high = (np.nan, np.nan) if alone else interval_pct(found)
            out.append((variant, kind, value, low, high, found.degrees, number))
    return pd.DataFrame(
        out, columns=["variant", "provider_type", "discount_pct", "low_pct", "high_pct", "degrees", "providers"]
    )
