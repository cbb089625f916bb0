"""Rows of `gpu_prices` by who sells, under which kind of price, and when: what the other modules select by."""

from dataclasses import dataclass

import pandas as pd

from analysis.tables.gpu import GpuModels, GpuPrices, GpuProviders
from analysis.tables.gpu_throughput import GpuThroughput

#: The three clouds that the reference is made of.
HYPERSCALERS = ("aws", "azure", "gcp")
ON_DEMAND, INTERRUPTIBLE = ("on-demand",), ("spot", "bid")
#: Commitments and serverless prices are neither; they enter no discount.
SPOT = ("spot",)

NAMED, ALL_NETWORKS, WITH_MARKETPLACES = "named", "all networks", "with marketplaces"
#: Sellers of the factor "networks" -> their types in `gpu_providers`.
SELLERS = {NAMED: ("network",), ALL_NETWORKS: ("network",), WITH_MARKETPLACES: ("network", "marketplace")}
SPECIALISTS = "specialist"
MARKETPLACES = "marketplace"
NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """The tables that a discount is computed from."""

    gpu_prices: GpuPrices
    gpu_providers: GpuProviders
    gpu_models: GpuModels
    gpu_throughput: GpuThroughput


def sellers(gpu_providers: GpuProviders, option: str) -> tuple[str, ...]:
    """Providers, in alphabetical order, that an option of the factor "networks" lets in, or of a provider type.

    Raises
    ------
    ValueError
        If the option is neither.

    Examples
    --------
    >>> table = pd.DataFrame({"provider": ["akash", "lium", "vast.ai"], "named": [True, False, False],
    ...                       "provider_type": ["network", "network", "marketplace"]})
    >>> sellers(table, "named"), sellers(table, "with marketplaces")
    (('akash',), ('akash', 'lium', 'vast.ai'))
    """
    types = set(gpu_providers["provider_type"])
    if option not in SELLERS and option not in types:
        raise ValueError(f"{option!r} is none of {', '.join([*SELLERS, *sorted(types)])}")
    let_in = gpu_providers["provider_type"].isin(SELLERS.get(option, (option,)))
    if option == NAMED:
        let_in &= gpu_providers["named"]
    return tuple(sorted(gpu_providers.loc[let_in, "provider"]))


def dated(gpu_prices: GpuPrices) -> pd.DataFrame:
    """Dated prices, with first_day and last_day that each can be of; undated ones are left out.

    The two are the same day, or the ends of the year where only that is known.

    Examples
    --------
    >>> table = pd.DataFrame({"date_precision": ["day", "year", "undated"], "observed_year": [float("nan"), 2026, None],
    ...                       "observed_on": pd.to_datetime(["2026-09-20", None, None])})
    >>> dated(table)[["first_day", "last_day"]].astype(str).values.tolist()
    [['2026-09-20', '2026-09-20'], ['2026-01-01', '2026-12-31']]
    """
    known = gpu_prices[gpu_prices["date_precision"] != "undated"]
    year = known["observed_year"].astype("Int64").astype("str")
    first = known["observed_on"].fillna(pd.to_datetime(year + "-01-01", errors="coerce"))
    last = known["observed_on"].fillna(pd.to_datetime(year + "-12-31", errors="coerce"))
    return known.assign(first_day=first, last_day=last)
