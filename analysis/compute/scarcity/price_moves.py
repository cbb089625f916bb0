"""How rental prices of GPUs moved, by quarter."""

import numpy as np
import pandas as pd

from analysis.tables.gpu import GpuPrices
from analysis.tables.networks import GpuPriceIndices

#: Over how many quarters a price has to rise: the claim's definition.
PRICE_QUARTERS = 2
#: A smaller change of a price over two quarters is none (our number).
LEAST_MOVE = 0.05
#: Kinds of prices that make up the series.
SERIES = ("on-demand", "spot")


def price_moves(gpu_prices: GpuPrices) -> pd.DataFrame:
    """How much the rental price of each GPU model changed over two quarters, by dated on-demand and spot prices.

    Returns
    -------
    DataFrame, one row a GPU model and quarter
        `gpu_model`, `quarter` (Period), `change` (a share), `series` (provider and kind of price behind it).

    Notes
    -----
    A series is one provider's price of one machine, form, region and kind of price, by quarter the median of its days.
    It counts where it has both quarters; nothing is carried forward. The change is the median over a provider's series
    of a kind, then over providers and kinds, so that one with many regions weighs no more.
    """
    rows = gpu_prices[gpu_prices["observed_on"].notna() & gpu_prices["price_model"].isin(SERIES)]
    own = ["provider", "price_model", "gpu_model"]
    return _moves(rows, "observed_on", [*own, "form_factor", "instance", "region", "source_id"], own)


def _moves(rows: pd.DataFrame, dated: str, series: list[str], own: list[str]) -> pd.DataFrame:
    """Median changes by GPU model and quarter, over the median changes of the series that have the same `own` keys."""
    quarter = rows[dated].dt.to_period("Q").rename("quarter")
    levels = rows.groupby([*series, quarter])["usd_per_gpu_hour"].median().unstack("quarter")
    if levels.empty:
        return pd.DataFrame(columns=["gpu_model", "quarter", "change", "series"])
    levels = levels.reindex(columns=pd.period_range(levels.columns.min(), levels.columns.max(), freq="Q"))
    logs = np.log(levels).diff(PRICE_QUARTERS, axis=1).groupby(level=own).median()
    long = logs.melt(ignore_index=False, var_name="quarter", value_name="log").dropna().reset_index()
    found = long.groupby(["gpu_model", "quarter"])["log"].agg(change="median", series="size").reset_index()
    return found.assign(change=np.expm1(found["change"]))


def price_states(moves: pd.DataFrame) -> pd.DataFrame:
    """Whether prices rose or fell, by quarter, from `price_moves`.

    Returns
    -------
    DataFrame, index quarter
        `models` (with a change), `rose`, `fell` (by at least `LEAST_MOVE`), `state`: rising where a model rose and none
        fell, falling where one fell and none rose, mixed, level.
    """
    by_quarter = moves.groupby("quarter")["change"]
    counts = by_quarter.agg(
        models="size",
        rose=lambda change: int((change >= LEAST_MOVE).sum()),
        fell=lambda change: int((change <= -LEAST_MOVE).sum()),
    )
    rose, fell = counts["rose"] > 0, counts["fell"] > 0
    return counts.assign(state=np.select([rose & fell, rose, fell], ["mixed", "rising", "falling"], "level"))


def index_states(gpu_price_indices: GpuPriceIndices) -> pd.DataFrame:
    """As `price_states`, from published indices: an index, tier and GPU is a series."""
    series = ["gpu_model", "index_name", "tier"]
    return price_states(_moves(gpu_price_indices, "date_to", series, series))


def price_series(gpu_prices: GpuPrices, *, gpu_model: str, form_factor: str) -> pd.DataFrame:
    """Price of one GPU and form by provider, kind of price and quarter: the series that can be followed.

    Returns
    -------
    DataFrame
        `provider`, `price_model`, `quarter` (Period), `usd_per_gpu_hour` (median over regions, machines and days); only
        series with more than `PRICE_QUARTERS` quarters.
    """
    wanted = "gpu_model == @gpu_model and form_factor == @form_factor and price_model in @SERIES"
    rows = gpu_prices.query(wanted).dropna(subset="observed_on")
    keys = ["provider", "price_model"]
    by_quarter = rows.groupby([*keys, rows["observed_on"].dt.to_period("Q").rename("quarter")])["usd_per_gpu_hour"]
    found = by_quarter.median().reset_index()
    long = found.groupby(keys)["quarter"].transform("size") > PRICE_QUARTERS
    return found[long].reset_index(drop=True)
