"""How list prices of hyperscalers moved from 2023 to 2026: a time-dummy hedonic index, and the dated steps in it.

Nothing but hyperscalers' list prices is observed before 2026, so the index is of these and says nothing of networks.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.engine.inference.clustered import ClusterSums, cluster_sums, cr2_of_each
from analysis.tables.gpu import GpuModels, GpuPrices

#: Columns that name a machine that can be followed over time.
MACHINE = ["provider", "instance", "gpu_model", "form_factor", "gpu_count", "region"]
#: Level of the index in its base month: the first in which as many providers are observed as in any.
BASE = 100.0
#: Months with fewer machines times regions are left out: late sources list a chosen few.
FEWEST = 10
#: Fewest providers in a month for the pooled level to be shown: with one it would follow that one.
POOLED_FROM = 2
#: GPUs with so much memory or more are what language models are trained and served on, GB.
LARGE_GB = 80.0
#: A smaller change between two observations is rounding, not a step, %.
SMALLEST_STEP_PCT = 0.1


# --- the observations ------------------------------------------------------------------------------------------------


def list_prices(gpu_prices: GpuPrices) -> pd.DataFrame:
    """Dated on-demand list prices of hyperscalers for machines that have a name and a region.

    Rows of Azure that name neither machine nor region cannot be followed over time and are left out.

    Returns
    -------
    DataFrame
        The table's columns, by provider, machine, region and day.

    Examples
    --------
    >>> from analysis.engine.data.tables import load
    >>> sorted(list_prices(load("gpu_prices"))["provider"].unique())
    ['aws', 'azure', 'gcp']
    """
    listed = "provider_type == 'hyperscaler' and price_model == 'on-demand' and instance != '' and region != ''"
    dated = gpu_prices.query(listed).dropna(subset="observed_on")
    return dated.sort_values(["provider", "instance", "region", "observed_on"], ignore_index=True)


def monthly(gpu_prices: GpuPrices) -> pd.DataFrame:
    """One row per machine, region and month: the median over the month's days; months with `FEWEST` rows or more.

    Returns
    -------
    DataFrame
        provider, instance, gpu_model, form_factor, gpu_count, region, month (first day), usd_per_gpu_hour.
    """
    rows = list_prices(gpu_prices)
    rows = rows.assign(month=rows["observed_on"].dt.to_period("M").dt.start_time)
    found = rows.groupby([*MACHINE, "month"], as_index=False)["usd_per_gpu_hour"].median()
    return found[found.groupby("month")["month"].transform("size") >= FEWEST].reset_index(drop=True)


def base_of(rows: pd.DataFrame) -> pd.Timestamp:
    """Base month of rows as from `monthly`: the first in which as many providers are observed as in any.

    Examples
    --------
    >>> months = pd.to_datetime(["2024-01-01", "2024-02-01", "2024-02-01"])
    >>> base_of(pd.DataFrame({"provider": ["aws", "aws", "gcp"], "month": months}))
    Timestamp('2024-02-01 00:00:00')
    """
    return rows.groupby("month")["provider"].nunique().idxmax()


# --- the index -------------------------------------------------------------------------------------------------------


def price_index(gpu_prices: GpuPrices) -> pd.DataFrame:
    """Time-dummy hedonic index of hyperscalers' list prices per GPU-hour, pooled over all months.

    Least squares of the log price on months, GPU model and form factor, logarithm of the count, provider and region.
    Pooled rather than chained, since Azure is observed in few months and would drop out of most pairs of neighbouring
    ones: its cuts would be lost. Pooling holds the valuation of each characteristic constant over the years, which
    chaining does not. In every month each provider that is observed weighs the same, so that the level wavers with who
    is observed.

    Returns
    -------
    DataFrame, one row per month with observations
        month; index: `BASE` in the base month, exp of the month's coefficient; low, high: 95 % interval by CR2 with
        provider and GPU model as clusters, an interval over which lines of machines happen to be listed, since a list
        price has no sampling error itself; degrees; providers: how many are observed; rows.

    Raises
    ------
    ValueError
        If there are not two months.

    References
    ----------
    Pakes (2003), American Economic Review 93(5), 1578–1596, on hedonic indices and on why constant valuations are a
    restriction; Sawyer & O'Bryan (2023), Monthly Labor Review, on time dummies for cloud computing.
    """
    rows = monthly(gpu_prices)
    base = base_of(rows)
    sums, names = _index_sums(rows, base)
    levels = {base: {"index": BASE, "low": BASE, "high": BASE, "degrees": np.nan}}
    for month, found in zip(names, cr2_of_each(sums, tuple(names.values())), strict=True):
        low, value, high = BASE * np.exp([found.low, found.coefficient, found.high])
        levels[month] = {"index": value, "low": low, "high": high, "degrees": found.degrees}
    by_month = rows.groupby("month").agg(providers=("provider", "nunique"), rows=("provider", "size"))
    return pd.DataFrame.from_dict(levels, orient="index").join(by_month).sort_index().rename_axis("month").reset_index()


def _index_sums(rows: pd.DataFrame, base: pd.Timestamp) -> tuple[ClusterSums, dict[pd.Timestamp, str]]:
    """The regression, and the column of each month but the base."""
    names = {month: f"{month:%Y-%m}" for month in sorted(rows["month"].unique()) if month != base}
    if not names:
        raise ValueError("an index needs two months")
    gpu, place = rows["gpu_model"] + " " + rows["form_factor"], rows["provider"] + " " + rows["region"]
    parts = [
        pd.Series(1.0, index=rows.index, name="const"),
        pd.DataFrame({name: (rows["month"] == month).astype(float) for month, name in names.items()}),
        pd.get_dummies(pd.DataFrame({"gpu": gpu, "place": place}), drop_first=True, dtype=float),
    ]
    if rows["gpu_count"].nunique() > 1:
        parts.append(np.log2(rows["gpu_count"]).rename("log2_count"))
    weights = 1 / rows.groupby(["provider", "month"])["provider"].transform("size")
    clusters = rows["provider"] + " " + rows["gpu_model"]
    sums = cluster_sums(pd.concat(parts, axis=1), np.log(rows["usd_per_gpu_hour"]), clusters, weights=weights)
    return sums, names


def by_provider(gpu_prices: GpuPrices) -> pd.DataFrame:
    """Each provider's own index by matched machines, chained: who moved can be seen, and nothing else enters.

    From one month with observations of the provider to the next, the mean change of the logarithm over the machines
    and regions priced in both. A machine that is new changes nothing in its first month; pooled, one that is listed
    for the first time shortly before its price is cut raises the level of the months before the cut.

    Returns
    -------
    DataFrame, shape (months, providers)
        `BASE` in the base month of all; blank in months without the provider.
    """
    rows, out = monthly(gpu_prices), {}
    base = base_of(rows)
    for provider, own in rows.assign(log_price=np.log(rows["usd_per_gpu_hour"])).groupby("provider"):
        machines = own.pivot_table(index="month", columns=["instance", "region"], values="log_price")
        level = machines.diff().mean(axis=1).fillna(0.0).cumsum()
        out[provider] = BASE * np.exp(level - level[base])
    return pd.DataFrame(out).sort_index().rename_axis("month")


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """The indices that are shown side by side.

    Attributes
    ----------
    everything, large : DataFrame
        From `price_index`: of all GPUs, and of those with much memory.
    providers : DataFrame
        From `by_provider`, of the large ones.
    """

    everything: pd.DataFrame
    large: pd.DataFrame
    providers: pd.DataFrame

    def pooled(self, name: str) -> pd.DataFrame:
        """An index in the months with enough providers to be shown."""
        found = getattr(self, name)
        return found[found["providers"] >= POOLED_FROM]

    @property
    def base(self) -> pd.Timestamp:
        """Base month, which has no interval."""
        return self.large.loc[self.large["degrees"].isna(), "month"].iloc[0]


def levels(gpu_prices: GpuPrices, gpu_models: GpuModels) -> Levels:
    """The index of all GPUs, of the large ones, and of these by provider."""
    large = gpu_prices[gpu_prices["gpu_model"].isin(gpu_models.loc[gpu_models["memory_gb"] >= LARGE_GB, "gpu_model"])]
    return Levels(price_index(gpu_prices), price_index(large), by_provider(large))


# --- steps -----------------------------------------------------------------------------------------------------------


def price_steps(gpu_prices: GpuPrices) -> pd.DataFrame:
    """Every dated step of a hyperscaler's on-demand list price: between which observations, from what to what.

    A price is followed within provider, machine and region; two observations on a day count once, by their median.
    The step happened on some day after the last old and no later than the first new observation. Where these are of two
    sources, what looks like a step may be how the sources differ.

    Returns
    -------
    DataFrame, one row per step
        provider, instance, gpu_model, form_factor, gpu_count, region; last_old_on, first_new_on; old_usd, new_usd per
        GPU-hour; change_pct; same_source. By provider, first_new_on, machine and region.

    Examples
    --------
    >>> from analysis.engine.data.tables import load
    >>> steps = price_steps(load("gpu_prices")).set_index("instance")
    >>> steps.loc["p5.48xlarge", ["old_usd", "new_usd"]].tolist()
    [12.29, 6.88]
    """
    daily = list_prices(gpu_prices).groupby([*MACHINE, "observed_on"], as_index=False)
    usd, source = "usd_per_gpu_hour", "source_id"
    daily = daily.agg(new_usd=(usd, "median"), one=(source, "min"), other=(source, "max"))
    before = daily.groupby(MACHINE)[["observed_on", "new_usd", "one", "other"]].shift()
    steps = daily.rename(columns={"observed_on": "first_new_on"}).assign(
        last_old_on=before["observed_on"],
        old_usd=before["new_usd"],
        change_pct=100 * (daily["new_usd"] / before["new_usd"] - 1),
        same_source=(daily["one"] == before["one"]) & (daily["other"] == before["other"]),
    )
    steps = steps[steps["change_pct"].abs() > SMALLEST_STEP_PCT]
    columns = [*MACHINE, "last_old_on", "first_new_on", "old_usd", "new_usd", "change_pct", "same_source"]
    return steps.sort_values(["provider", "first_new_on", "instance", "region"], ignore_index=True)[columns]


def joint_steps(steps: pd.DataFrame) -> pd.DataFrame:
    """Steps of `price_steps` that one provider took for the same GPU between the same two observations, as one.

    Returns
    -------
    DataFrame, one row per provider, GPU model and pair of days, by day
        provider, gpu_model, last_old_on, first_new_on; change_pct: median over machines and regions; same_source:
        whether in all of them both observations are of one source.

    Examples
    --------
    >>> from analysis.engine.data.tables import load
    >>> cuts = joint_steps(price_steps(load("gpu_prices")))
    >>> cuts.loc[(cuts["provider"] == "aws") & (cuts["gpu_model"] == "H100-80GB"), "change_pct"].round().tolist()
    [-44.0]
    """
    groups = steps.groupby(["provider", "gpu_model", "last_old_on", "first_new_on"], as_index=False)
    joint = groups.agg({"change_pct": "median", "same_source": "all"})
    return joint.sort_values(["first_new_on", "provider", "gpu_model"], ignore_index=True)


def class_steps(gpu_prices: GpuPrices, *, gpu_model: str = "H100-80GB", gpu_count: float = 8) -> pd.DataFrame:
    """For one class of machine, every hyperscaler's steps, and where there is none, how long the price stood still.

    The class is a GPU and how many of it: eight H100 are what AWS calls p5.48xlarge.

    Returns
    -------
    DataFrame, one row per machine and step, or per machine without a step
        provider, instance; observations: days; first_on, last_on: of these; last_old_on, first_new_on, change_pct:
        blank without a step.

    Examples
    --------
    >>> from analysis.engine.data.tables import load
    >>> found = class_steps(load("gpu_prices"))
    >>> found.loc[found["change_pct"].notna(), "instance"].tolist()
    ['p5.48xlarge']
    """
    rows = list_prices(gpu_prices)
    rows = rows[(rows["gpu_model"] == gpu_model) & (rows["gpu_count"] == gpu_count)]
    days = rows.groupby(["provider", "instance"], as_index=False)["observed_on"]
    machines = days.agg(observations="nunique", first_on="min", last_on="max")
    steps = price_steps(rows).groupby(["provider", "instance", "last_old_on", "first_new_on"], as_index=False)
    return machines.merge(steps["change_pct"].median(), on=["provider", "instance"], how="left")
