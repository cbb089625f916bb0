"""Sentences of the chapter that data decide, each composed from the tables that it is about."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.data_marketplaces.economics import ASSERTED, CARRIED, FOUND, PER_NODE, PER_TB
from analysis.data_marketplaces.published import ends, of_project, when
from analysis.engine.claims import Claim, Evidence
from analysis.engine.words.formats import interval, many, number, quantity

#: What counts towards nodes, users and revenue in `counted`.
TOLD = ("active_nodes", "browser_extensions", "users", "revenue", "revenue_per_year")


def told(figures: pd.DataFrame) -> pd.DataFrame:
    """Figures of Grass's nodes, users and revenue, their parts added up."""
    return of_project(figures, *TOLD)


def counted(figures: pd.DataFrame) -> str:
    """How many figures of Grass there are, who says them, and how many have no date.

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


def per_tb(units: pd.DataFrame, carried: pd.DataFrame) -> str:
    """Revenue per TB beside what residential proxies ask.

    Returns
    -------
    str
    """
    own = units[units["per"] == PER_TB].set_index("revenue")[["low", "high"]].dropna()
    price = carried.iloc[0]
    if len(own) < 2 or price["n"] == 0:
        return "Revenue per TB cannot be compared: a figure is missing."
    sides = (f"{side}: {_range(own.loc[side, 'low'], own.loc[side, 'high'])}" for side in (FOUND, ASSERTED))
    return (
        f"USD per TB scraped, by the revenue {'; '.join(sides)}. Residential proxies ask {number(price['median'])} in "
        f"the median of {many(int(price['n']), 'list price')}."
    )


def _range(low: float, high: float) -> str:
    if f"{low:.2g}" == f"{high:.2g}":
        return number(float(f"{low:.2g}"))
    return f"{number(float(f'{low:.2g}'))} to {number(float(f'{high:.2g}'))}"


def paid(units: pd.DataFrame, airdrops: pd.DataFrame, carried: pd.DataFrame) -> str:
    """Revenue per node and per TB against what contributors were paid, at Grass and elsewhere.

    Parameters
    ----------
    units, airdrops, carried : DataFrame
        From `unit_economics`, `airdrops` and `carried` of `analysis.data_marketplaces.economics`.

    Returns
    -------
    str
    """
    found = units[units["revenue"] == FOUND].set_index("per")[["low", "high"]].dropna()
    given = airdrops[["per_node_low", "per_node_high"]].dropna()
    others = carried[carried["what"] == CARRIED["supplier payment"]].dropna()
    if not {PER_NODE, PER_TB} <= set(found.index) or given.empty or others.empty:
        return "Revenue and payments to contributors cannot be compared: a figure is missing."
    least, most = given["per_node_low"].min(), given["per_node_high"].max()
    node, tb, other = found.loc[PER_NODE], found.loc[PER_TB], others.iloc[0]
    return (
        f"A node's revenue found is {_range(*node)} USD a year; contributors were given tokens worth "
        f"{_range(least, most)} USD a node, once, which is that revenue of "
        f"{_range(least / node['high'], most / node['low'])} years. "
        f"Per TB the revenue found is {_range(*tb)} USD; elsewhere, those who share bandwidth are paid "
        f"{_range(other['low'], other['high'])}."
    )


def emitted(table: pd.DataFrame) -> str:
    """By how much emissions exceed the revenue that was found.

    Returns
    -------
    str
    """
    some = table.dropna(subset=["times_low", "times_high"])
    said = [f"{row.project}'s {_range(row.times_low, row.times_high)} times" for row in some.itertuples()]
    none = [str(project) for project in table["project"] if project not in set(some["project"])]
    parts = [f"Emissions are {'; '.join(said)} the revenue found."] if said else []
    return " ".join(parts + ([f"No ratio for {' and '.join(none)}: no revenue was found."] if none else []))


def sales(table: pd.DataFrame) -> str:
    """Range of price to sales over all supplies, with the revenue found and the one asserted.

    Returns
    -------
    str
    """
    if table[["to_found", "to_asserted"]].isna().any(axis=None) or table.empty:
        return "Price to sales cannot be computed: a figure is missing."
    found, asserted = (_range(table[name].min(), table[name].max()) for name in ("to_found", "to_asserted"))
    times = number(float(f"{table['supply'].max() / table['supply'].min():.2g}"))
    said = f"Price to sales by the revenue found: {found}; asserted: {asserted}."
    return f"{said} The published circulating supplies differ {times}-fold."


def payments_found(rows: Sequence[Evidence]) -> str:
    """What the rows on D3 say: whether buyers' money reached contributors, and what goes otherwise."""
    reached = [row.statement for row in rows if row.bearing == "supports"]
    against = [row.statement for row in rows if row.bearing == "contradicts"]
    first = "; ".join(reached) or "none shows money from a buyer that reached contributors by a rule in proportion"
    otherwise = f" Against it: {'; '.join(against)}." if against else " None goes against it."
    return f"Of {many(len(rows), 'rule')} and payments of Vana, {first}.{otherwise}"


def parts_found(found: Mapping[str, str]) -> str:
    r"""How many parts of D4 are shown, and which are not.

    Examples
    --------
    >>> parts_found({"Grass: paid": "shown", "Grass: transparent": "open"}).replace("\xa0", " ")
    '1 of 2 parts is shown; open: Grass: transparent.'
    """
    count = sum(word == "shown" for word in found.values())
    other = [f"{word}: {part}" for part, word in found.items() if word != "shown"]
    said = f"{number(count)} of {many(len(found), 'part')} {'is' if count == 1 else 'are'} shown"
    return f"{'; '.join([said, *other])}."


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
