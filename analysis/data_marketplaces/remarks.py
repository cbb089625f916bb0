"""Sentences of the chapter that data decide, each composed from the tables that it is about."""

from collections.abc import Sequence

import pandas as pd

from analysis.claims import Claim, Evidence
from analysis.data_marketplaces.economics import ASSERTED, FOUND, PER_GB
from analysis.data_marketplaces.published import GRASS, ends, when, whole
from analysis.formats import interval, many, number, quantity

#: What counts towards nodes, users and revenue in `counted`.
TOLD = ("active_nodes", "browser_extensions", "users", "revenue", "revenue_per_year")


def told(figures: pd.DataFrame) -> pd.DataFrame:
    """Figures of Grass's nodes, users and revenue, their parts added up.

    Parameters
    ----------
    figures : DataFrame
        The table `marketplace_figures`.
    """
    some = whole(figures)
    return some[(some["project"] == GRASS) & some["metric"].isin(TOLD)]


def counted(figures: pd.DataFrame) -> str:
    """How many figures of Grass there are, who says them, and how many have no date.

    Parameters
    ----------
    figures : DataFrame
        The table `marketplace_figures`.

    Returns
    -------
    str
    """
    some = told(figures)
    by = {name: int((some["by"] == name).sum()) for name in ("project", "holder", "others")}
    money = int(some["metric"].str.startswith("revenue").sum())
    said = (
        f"{number(by['project'])} by the project itself, {number(by['holder'])} by somebody who holds or promotes its "
        f"token, {number(by['others'])} by others"
    )
    undated = int(some["date_to"].isna().sum())
    return (
        f"{many(len(some), 'figure')} of Grass's nodes, users and revenue: {said}. "
        f"{many(money, 'figure')} of revenue; {number(undated)} without a date."
    )


def origin(claim: Claim, figures: pd.DataFrame) -> str:
    """Which published figures have the asserted number, and what they count.

    Parameters
    ----------
    claim : Claim
        D1 or D2.
    figures : DataFrame
        The table `marketplace_figures`.

    Returns
    -------
    str
    """
    some = told(figures)
    money = claim.asserted.unit == "USD/year"
    some = some[some["metric"].str.startswith("revenue") == money]
    both = ends(some)
    same = some[(both["least"] <= claim.asserted.value) & (claim.asserted.value <= both["most"])]
    asserted = quantity(claim.asserted.value, claim.asserted.unit)
    if same.empty:
        return f"No published figure that we found is {asserted}."
    said = "; ".join(f"{row['metric'].replace('_', ' ')}, {when(row)}, {row['remark']}" for _, row in same.iterrows())
    return f"{asserted} stands in {many(len(same), 'published figure')}: {said}."


def per_gb(units: pd.DataFrame, carried: pd.DataFrame) -> str:
    """Revenue per GB beside what residential proxies ask.

    Parameters
    ----------
    units : DataFrame
        From `analysis.data_marketplaces.economics.unit_economics`.
    carried : DataFrame
        From `analysis.data_marketplaces.economics.carried`.

    Returns
    -------
    str
    """
    own = units[units["per"] == PER_GB].set_index("revenue")[["low", "high"]].dropna()
    price = carried.iloc[0]
    if len(own) < 2 or price["n"] == 0:
        return "Revenue per GB cannot be compared: a figure is missing."
    sides = (f"{side}: {_range(own.loc[side, 'low'], own.loc[side, 'high'])}" for side in (FOUND, ASSERTED))
    return (
        f"USD per GB scraped, by the revenue {'; '.join(sides)}. Residential proxies ask {number(price['median'])} in "
        f"the median of {many(int(price['n']), 'list price')}."
    )


def _range(low: float, high: float) -> str:
    return f"{number(float(f'{low:.2g}'))} to {number(float(f'{high:.2g}'))}"


def sales(table: pd.DataFrame) -> str:
    """Range of price to sales over all supplies, with the revenue found and the one asserted.

    Parameters
    ----------
    table : DataFrame
        From `analysis.data_marketplaces.economics.valuation`.

    Returns
    -------
    str
    """
    if table[["to_found", "to_asserted"]].isna().any(axis=None) or table.empty:
        return "Price to sales cannot be computed: a figure is missing."
    found, asserted = (_range(table[name].min(), table[name].max()) for name in ("to_found", "to_asserted"))
    times = number(float(f"{table['supply'].max() / table['supply'].min():.2g}"))
    said = f"Price to sales by the revenue found: {found}; asserted: {asserted}."
    return f"{said} The published supplies differ {times}-fold."


def bearings(rows: Sequence[Evidence]) -> str:
    r"""How many rows support, contradict, and say nothing.

    Examples
    --------
    >>> bearings([Evidence("seen", "neutral", "s"), Evidence("seen", "supports", "s")]).replace("\xa0", " ")
    '2 rows: 1 supports, 0 contradict, 1 neutral.'
    """
    counts = [sum(row.bearing == name for row in rows) for name in ("supports", "contradicts", "neutral")]
    words = ("supports" if counts[0] == 1 else "support", "contradicts" if counts[1] == 1 else "contradict", "neutral")
    return f"{many(len(rows), 'row')}: " + ", ".join(f"{n} {word}" for n, word in zip(counts, words, strict=True)) + "."


def span(least: float, most: float, unit: str, bound: str = "exact") -> str:
    r"""A figure, or the lowest and the highest of several; "none" where there is none.

    Examples
    --------
    >>> span(2.5e6, 2.8e6, "count").replace("\xa0", " "), span(float("nan"), float("nan"), "count")
    ('2.5 to 2.8 million', 'none')
    """
    return "none" if pd.isna(least) else interval(least, most, unit, bound)


def spans(
    least: pd.Series, most: pd.Series, unit: str | Sequence[str], bounds: str | Sequence[str] = "exact"
) -> list[str]:
    """`span` of each row; one unit and bound for all, or one for each."""
    units, words = ([given] * len(least) if isinstance(given, str) else given for given in (unit, bounds))
    return [span(*row) for row in zip(least, most, units, words, strict=True)]


def units_of(metrics: pd.Series) -> list[str]:
    """Unit of the ledger for each metric of nodes, users and revenue.

    Examples
    --------
    >>> units_of(pd.Series(["users", "revenue_per_year"]))
    ['count', 'USD/year']
    """
    return ["USD/year" if metric.startswith("revenue") else "count" for metric in metrics]


def table_of(rows: Sequence[Evidence]) -> pd.DataFrame:
    """Rows of evidence as a table: what was observed, its bearing, and who says it.

    Examples
    --------
    >>> table_of([Evidence("seen", "neutral", "s", vendor=True)]).values.tolist()
    [['seen', 'neutral', 'project or holder']]
    """
    said = [(row.statement, row.bearing, "project or holder" if row.vendor else "others") for row in rows]
    return pd.DataFrame(said, columns=["what was observed", "bearing", "says who"])
