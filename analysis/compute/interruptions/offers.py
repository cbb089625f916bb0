"""What each place asks for a GPU at the date nearest to a given one, with the spread of its prices that day."""

import pandas as pd

from analysis.tables.gpu import GpuPrices

#: Kinds of price that a batch job can take without a commitment: interrupted when others pay more, and not.
INTERRUPTED, UNINTERRUPTED = ("spot", "bid"), ("on-demand", "serverless")
#: A price further than this from the date asked for is left out, in days.
WITHIN_DAYS = 180
#: The spread of a place's prices is taken over so many days before and after its nearest observation.
SPREAD_DAYS = 30
PLACE = ["provider", "provider_type", "form_factor", "price_model"]


def offers(
    gpu_prices: GpuPrices, gpu_model: str, *, on: pd.Timestamp | str | None = None, within_days: int = WITHIN_DAYS
) -> pd.DataFrame:
    """Every place that rents out a GPU, at its observation nearest to a date; of two equally near, the later.

    Parameters
    ----------
    gpu_prices : DataFrame
        Prices whose day is not known are left out, and those that need a commitment.
    gpu_model : str
        As in the table, with its memory.
    on : Timestamp or str, optional
        Day; default the latest in the table.
    within_days : int
        How far a price may be from that day.

    Returns
    -------
    DataFrame
        A row for each provider, form factor and kind of price: `PLACE`, observed_on, gap_days (after the day asked for,
        negative before it), usd_per_gpu_hour (median over machines and regions of that day), least_gpus (of the
        smallest machine; NaN if not stated), low_usd, high_usd (least and most over machines, regions and the days
        within `SPREAD_DAYS` of it), prices (how many these are).

    Raises
    ------
    ValueError
        If the GPU is not in the table, or has no dated price so near; or the date or the number of days is none.

    Examples
    --------
    >>> from analysis.engine.data.tables import load
    >>> found = offers(load("gpu_prices"), "H100-80GB", on="2026-08-22", within_days=30)
    >>> found.loc[found["provider"] == "voltagepark", ["price_model", "usd_per_gpu_hour"]].values.tolist()
    [['on-demand', 1.99]]
    """
    of_model = gpu_prices[gpu_prices["gpu_model"] == gpu_model]
    if of_model.empty:
        known = ", ".join(sorted(gpu_prices["gpu_model"].unique()))
        raise ValueError(f"no price of a GPU {gpu_model!r}; there are prices of {known}")
    if within_days < 0:
        raise ValueError(f"within_days must be 0 or more, not {within_days!r}")
    day = gpu_prices["observed_on"].max() if on is None else pd.Timestamp(on)
    if pd.isna(day):
        raise ValueError(f"a date is needed, not {on!r}")
    dated = of_model[of_model["observed_on"].notna() & of_model["price_model"].isin([*INTERRUPTED, *UNINTERRUPTED])]
    gap = (dated["observed_on"] - day).dt.days
    near = dated.assign(gap_days=gap, distance=gap.abs() - (gap > 0) * 0.5)[gap.abs() <= within_days]
    if near.empty:
        found = "none is dated"
        if len(dated):
            found = f"the nearest is of {dated.loc[gap.abs().idxmin(), 'observed_on']:%Y-%m-%d}"
        raise ValueError(f"no price of {gpu_model} within {within_days} days of {day:%Y-%m-%d}: {found}")
    now = near[near["distance"] == near.groupby(PLACE)["distance"].transform("min")]
    found = now.groupby([*PLACE, "observed_on", "gap_days"], as_index=False).agg(
        usd_per_gpu_hour=("usd_per_gpu_hour", "median"), least_gpus=("gpu_count", "min")
    )
    around = dated.merge(found[[*PLACE, "observed_on"]].rename(columns={"observed_on": "nearest"}), on=PLACE)
    around = around[(around["observed_on"] - around["nearest"]).abs() <= pd.Timedelta(days=SPREAD_DAYS)]
    spread = around.groupby(PLACE)["usd_per_gpu_hour"].agg(low_usd="min", high_usd="max", prices="size").reset_index()
    return found.merge(spread, on=PLACE).sort_values(["usd_per_gpu_hour", *PLACE], ignore_index=True)
