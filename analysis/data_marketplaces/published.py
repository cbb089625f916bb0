"""Claims D1 and D2: published figures of Grass's nodes and revenue, nearest to a date."""

from collections.abc import Callable
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from analysis.data_marketplaces.payments import evidence_of
from analysis.engine.claims import Bound, Claim, Estimate, Evidence, Finding, Unit, allowed, asserted_figure
from analysis.engine.claims.judge import INDIRECT_AFTER_DAYS, judge
from analysis.engine.multiverse import HOLDS, Multiverse, Question, factors_of, meaning, pointwise, primary_of
from analysis.engine.words.formats import interval, many, period
from analysis.tables.marketplaces import MarketplaceFigures

GRASS = "Grass"
NODES, EXTENSIONS, USERS = "active_nodes", "browser_extensions", "users"
#: A figure counts if it is dated within so many days of the claim's date.
WINDOW_DAYS = INDIRECT_AFTER_DAYS
#: What adds up over the parts of a figure.
AMOUNTS = ("value", "low", "high")
#: How often a period of this kind fits into a year.
PER_YEAR = {"month": 12.0, "quarter": 4.0}
#: Where a number has to stand for "over x", it is a little more than x.
A_LITTLE_MORE = 1 + 1e-9
#: Option of D1's factor "counted" -> metric; of "sources", which D2 has too -> who may say it.
COUNTED = {"nodes of every kind": NODES, "browser extensions alone": EXTENSIONS}
SOURCES = {"all": ("project", "holder", "others"), "other than the project": ("holder", "others")}
#: Option of D1's factor "figures" -> whether only the latest before the claim's date counts.
LATEST = {"within the window, else the nearest": False, "the latest before the date": True}
#: Year that an option of D2 names.
BOOKED_YEAR = 2025


def whole(figures: pd.DataFrame) -> pd.DataFrame:
    """Figures with their parts added up: rows of one figure_id are one.

    Returns
    -------
    DataFrame
        A row for each figure, by figure_id, without `part`; remarks that differ are joined.

    Examples
    --------
    >>> table = pd.DataFrame({"figure_id": ["a", "a"], "part": ["1", "2"], "value": [1.0, 2.0], "low": None,
    ...     "high": None, "remark": "made up"})
    >>> whole(table)[["figure_id", "value"]].values.tolist()
    [['a', 3.0]]
    """
    some = figures.drop(columns="part", errors="ignore").astype(dict.fromkeys(AMOUNTS, float))
    some = some.sort_values(["figure_id", "remark"])
    if not some["figure_id"].duplicated().any():
        return some.reset_index(drop=True)
    groups = some.groupby("figure_id")
    sums, remarks = groups[list(AMOUNTS)].sum(min_count=1), groups["remark"].agg(_joined)
    found = some.drop_duplicates("figure_id").set_index("figure_id").assign(remark=remarks, **sums)
    return found.reset_index()[list(some.columns)]


def _joined(texts: pd.Series) -> str:
    return "; ".join(dict.fromkeys(filter(None, texts)))


def ends(figures: pd.DataFrame) -> pd.DataFrame:
    """Lowest and highest value that each row states: its range where it states one, else its figure twice.

    Examples
    --------
    >>> table = pd.DataFrame({"value": [2.0, None], "low": [None, 1.0], "high": [None, 3.0]})
    >>> ends(table).values.tolist()
    [[2.0, 2.0], [1.0, 3.0]]
    """
    low, high = (figures[end].astype(float).fillna(figures["value"].astype(float)) for end in ("low", "high"))
    return pd.DataFrame({"least": low, "most": high}, index=figures.index)


def reach(rows: pd.DataFrame) -> tuple[float, float, float, Bound]:
    """The interval that holds all that some figures allow, by their words.

    Parameters
    ----------
    rows : DataFrame, not empty
        With `least`, `most` and `bound`; none below zero.

    Returns
    -------
    value, low, high : float
        Middle of the lowest and the highest stated figure, these two; low is 0 where a figure is "up to" something.
    bound : {"exact", "at least", "over"}
        "at least" or "over" where some figure is a lower bound, so that the interval goes on from `low` without end.

    Examples
    --------
    >>> table = pd.DataFrame({"least": [2.5, 3.0], "most": [2.5, 3.0], "bound": ["exact", "over"]})
    >>> reach(table), reach(table.iloc[1:])
    ((2.75, 2.5, 3.0, 'at least'), (3.0, 3.0, 3.0, 'over'))
    >>> reach(table.iloc[:1].assign(bound="up to"))
    (2.5, 0.0, 2.5, 'exact')
    """
    least, most = float(rows["least"].min()), float(rows["most"].max())
    low = 0.0 if (rows["bound"] == "up to").any() else least
    if not rows["bound"].isin(["at least", "over"]).any():
        return (least + most) / 2, low, most, "exact"
    over = low == least and (rows.loc[rows["least"] == least, "bound"] == "over").all()
    return (least + most) / 2, low, most, "over" if over else "at least"


def open_to(rows: pd.DataFrame, region: pd.Interval) -> bool:
    """Whether bounds leave it open if the figures lie in a region: what they allow lies in it only in part."""
    found = allowed(*reach(rows)[1:])
    return not rows["bound"].isin(["exact", "about"]).all() and found.overlaps(region) and found not in region


def days_away(figures: pd.DataFrame, as_of: date, *, by_end: bool = False) -> pd.Series:
    """Days between a date and the nearest day that each row's date allows; NaN where it is undated.

    Parameters
    ----------
    figures : DataFrame
        With `date_from` and `date_to`.
    as_of : date
    by_end : bool
        Count from the last day of the row's period instead.

    Returns
    -------
    Series of float
        Below zero before the date, above zero after it, zero where the row's days include it.

    Examples
    --------
    >>> firsts, lasts = pd.to_datetime(["2025-12-01", "2026-01-01"]), pd.to_datetime(["2025-12-31", "2026-12-31"])
    >>> table = pd.DataFrame({"date_from": firsts, "date_to": lasts})
    >>> days_away(table, date(2026, 1, 22)).tolist(), days_away(table, date(2026, 1, 22), by_end=True).tolist()
    ([-22.0, 0.0], [-22.0, 343.0])
    """
    day = pd.Timestamp(as_of)
    from_end = (figures["date_to"] - day).dt.days.astype(float)
    if by_end:
        return from_end
    return from_end.clip(upper=0) + (figures["date_from"] - day).dt.days.astype(float).clip(lower=0)


def nearest(figures: pd.DataFrame, days: pd.Series, *, window: int = WINDOW_DAYS) -> pd.DataFrame:
    """Rows within a window of days; where there is none, those nearest before and those nearest after.

    Parameters
    ----------
    figures : DataFrame
    days : Series
        From `days_away`; rows without days are left out.
    window : int
        Days.

    Returns
    -------
    DataFrame
        Some of the rows, with `days`.

    Examples
    --------
    >>> table = pd.DataFrame({"value": [1, 2, 3, 4]})
    >>> nearest(table, pd.Series([-400.0, -200.0, 190.0, 300.0]))["value"].tolist()
    [2, 3]
    >>> nearest(table, pd.Series([-400.0, -20.0, 180.0, 181.0]))["value"].tolist()
    [2, 3]
    """
    dated = figures.assign(days=days)[days.notna()]
    inside_window = dated[dated["days"].abs() <= window]
    if len(inside_window):
        return inside_window
    before, after = dated[dated["days"] < 0], dated[dated["days"] > 0]
    return pd.concat([before[before["days"] == before["days"].max()], after[after["days"] == after["days"].min()]])


def of_project(figures: pd.DataFrame, *metrics: str, project: str = GRASS) -> pd.DataFrame:
    """Figures of a project of some metrics, their parts added up."""
    figures = whole(figures)
    return figures[(figures["project"] == project) & figures["metric"].isin(metrics)]


def _said_by(claim: Claim, rows: pd.DataFrame, sources: str) -> pd.DataFrame:
    return rows[rows["by"].isin(meaning(claim, "sources", sources, SOURCES))]


def node_figures(claim: Claim, marketplace_figures: MarketplaceFigures, **changes: str) -> pd.DataFrame:
    """The figures of Grass's nodes that count for D1, by its definition or by other options of its factors.

    Returns
    -------
    DataFrame
        Rows of the table with `days`, `least` and `most`.

    Notes
    -----
    An undated figure is not "dated within 180 days", whatever it says, and never counts. A figure whose date is known
    to the month or the year counts from its nearest day. "The latest before the date" is the latest whose last possible
    day lies before it.
    """
    chosen = primary_of(claim) | changes
    metric = meaning(claim, "counted", chosen["counted"], COUNTED)
    rows = _said_by(claim, of_project(marketplace_figures, metric), chosen["sources"])
    days = days_away(rows, claim.as_of)
    if meaning(claim, "figures", chosen["figures"], LATEST):
        rows = rows.assign(days=days)[days == days[days < 0].max()]
    else:
        rows = nearest(rows, days)
    return rows.join(ends(rows))


def revenue_figures(claim: Claim, marketplace_figures: MarketplaceFigures, **changes: str) -> pd.DataFrame:
    """The figures of Grass's revenue that count for D2, in USD a year, by its definition or by other options.

    Returns
    -------
    DataFrame
        Rows of the table with `days` (from the end of the period), `least` and `most`, annualised.

    Notes
    -----
    A month counts twelve times, a quarter four times, a stated annualised figure once. The total of a year enters only
    where the calendar year is asked for, since the definition does not list it.
    """
    chosen = primary_of(claim) | changes
    rows = _said_by(claim, of_project(marketplace_figures, "revenue", "revenue_per_year"), chosen["sources"])
    annualised = meaning(claim, "period", chosen["period"], PERIODS)
    times, counts = annualised(rows, claim.as_of)
    rows = rows[counts]
    days = days_away(rows, claim.as_of, by_end=True)
    rows = nearest(rows, days) if annualised is _annualised else rows.assign(days=days)
    return rows.join(ends(rows).mul(times[rows.index], axis=0))


def _annualised(rows: pd.DataFrame, as_of: date) -> tuple[pd.Series, pd.Series]:
    """How often each figure counts in a year, and whether it counts; the same of the two functions below."""
    times = rows["date_precision"].map(PER_YEAR).where(rows["metric"] != "revenue_per_year", 1.0)
    return times, times.notna()


def _booked(rows: pd.DataFrame, as_of: date) -> tuple[pd.Series, pd.Series]:
    of_year = (rows["metric"] != "revenue_per_year") & (rows["date_precision"] == "year")
    return pd.Series(1.0, index=rows.index), of_year & (rows["date_from"].dt.year == BOOKED_YEAR)


def _last_quarter(rows: pd.DataFrame, as_of: date) -> tuple[pd.Series, pd.Series]:
    last = (pd.Timestamp(as_of).to_period("Q") - 1).end_time.normalize()
    times, _ = _annualised(rows, as_of)
    own = (rows["metric"] != "revenue_per_year") & (rows["date_precision"] == "quarter")
    return times, own & (rows["date_to"] == last)


#: Option of D2's factor "period" -> how figures are annualised, and which count.
PERIODS = {
    "annualised, within the window, else the nearest": _annualised,
    "booked in 2025": _booked,
    "last full quarter × 4": _last_quarter,
}


def middle(rows: pd.DataFrame, region: pd.Interval) -> float:
    """Middle of the lowest and the highest figure; NaN where there is none, or where bounds leave the region open."""
    if rows.empty or open_to(rows, region):
        return np.nan
    value, *_, bound = reach(rows)
    return value * A_LITTLE_MORE if bound == "over" else value


def question_d1(claim: Claim, marketplace_figures: MarketplaceFigures) -> Question:
    """D1's number of nodes."""
    return _question(claim, partial(node_figures, claim, marketplace_figures))


def question_d2(claim: Claim, marketplace_figures: MarketplaceFigures) -> Question:
    """D2's revenue a year."""
    return _question(claim, partial(revenue_figures, claim, marketplace_figures))


def _question(claim: Claim, figures: Callable[..., pd.DataFrame]) -> Question:
    return Question(claim, pointwise(lambda **options: middle(figures(**options), claim.regions[0])))


def alternatives(claim: Claim, figures: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    """Each option on its own, the others as the claim has them.

    Parameters
    ----------
    claim : Claim
        D1 or D2.
    figures : callable
        From options, by keyword, to the figures that count.

    Returns
    -------
    DataFrame, one row an option
        `factor`, `option`, `n` (figures), `least`, `most`, `bound` (as from `reach`; NaN and "exact" where there is
        none), `holds` ("yes" if all that the figures allow lies in the region T, "no" if nothing does, "open" if some
        does), `newest` (when the latest of the figures is from; "none" where there is none).
    """
    rows = []
    for factor in factors_of(claim):
        for option in factor.options:
            found = figures(**{factor.name: option})
            newest = when(found.sort_values("date_to").iloc[-1]) if len(found) else "none"
            rows.append((factor.name, factor.label(option), len(found), *_ends(found), _holds(found, claim), newest))
    return pd.DataFrame(rows, columns=["factor", "option", "n", "least", "most", "bound", "holds", "newest"])


def _ends(rows: pd.DataFrame) -> tuple[float, float, Bound]:
    return reach(rows)[1:] if len(rows) else (np.nan, np.nan, "exact")


def _holds(rows: pd.DataFrame, claim: Claim) -> str:
    if rows.empty:
        return "no figure"
    found, region = allowed(*reach(rows)[1:]), claim.regions[0]
    return "yes" if found in region else "open" if found.overlaps(region) else "no"


def readings(claim: Claim, marketplace_figures: MarketplaceFigures) -> pd.DataFrame:
    """D1 as the definition has it, and as it would be read otherwise; only the first counts.

    Returns
    -------
    DataFrame, one row a reading
        `reading`, `n` (figures), `least`, `most`, `bound` (as from `reach`), `label` (the verdict by rule).
    """
    chosen = node_figures(claim, marketplace_figures)
    rows, users = of_project(marketplace_figures, NODES), of_project(marketplace_figures, USERS)
    undated = rows[rows["date_to"].isna()]
    found = {
        "as declared": chosen,
        "undated figures of nodes too": pd.concat([chosen, undated.join(ends(undated))]),
        "every figure of nodes, of any date": rows.join(ends(rows)),
        "users in place of nodes (another question)": nearest(users, days_away(users, claim.as_of)).join(ends(users)),
    }
    table = [(reading, len(some), *_ends(some), _label(claim, some)) for reading, some in found.items()]
    return pd.DataFrame(table, columns=["reading", "n", "least", "most", "bound", "label"])


def _label(claim: Claim, rows: pd.DataFrame) -> str:
    """Verdict on a bound or magnitude by these figures alone."""
    if rows.empty:
        return "not-reproducible"
    found = Finding(level=1, basis="secondary", estimate=_estimate(rows, claim.asserted.unit))
    return judge(claim, found, today=claim.as_of).primary


def _estimate(rows: pd.DataFrame, unit: Unit) -> Estimate:
    value, low, high, bound = reach(rows)
    return Estimate(
        value=value,
        low=low,
        high=high,
        bound=bound,
        unit=unit,
        n=len(rows),
        interval_of="disagreement of published figures" if len(rows) > 1 else "one published figure",
        method=f"middle of the lowest and the highest published figure within {WINDOW_DAYS} days, else the nearest; "
        "without an upper end where a source says at least or over",
    )


def when(row: pd.Series) -> str:
    """Date of a row, as far as it is known."""
    return period(row["date_from"], row["date_to"])


def assess_d1(claim: Claim, *, marketplace_figures: MarketplaceFigures) -> Finding:
    """Published numbers of Grass's nodes nearest to the claim's date.

    Returns
    -------
    Finding
        Level 1 and a proxy: secondary figures of nodes of every kind, of which browser extensions are a part. No
        support where bounds leave the claim open under the primary definition: that is not that it fails there.
    """
    asserted_figure(claim, "count")
    question = question_d1(claim, marketplace_figures)
    return _assessed(question, node_figures(claim, marketplace_figures), proxy=True)


def assess_d2(claim: Claim, *, marketplace_figures: MarketplaceFigures) -> Finding:
    """Published figures of Grass's revenue nearest to the claim's date, in USD a year: level 1."""
    asserted_figure(claim, "USD/year")
    question = question_d2(claim, marketplace_figures)
    return _assessed(question, revenue_figures(claim, marketplace_figures), proxy=False)


def _assessed(question: Question, rows: pd.DataFrame, *, proxy: bool) -> Finding:
    claim = question.claim
    if rows.empty:
        return Finding(level=1, basis="secondary", proxy=proxy, missing="missing")
    found = question.weighed()
    decides = found is not None and not open_to(rows, claim.regions[0])
    return Finding(
        level=1,
        basis="secondary",
        estimate=_estimate(rows, claim.asserted.unit),
        evidence=tuple(_evidence(row, claim) for _, row in rows.iterrows()),
        observed_on=_furthest(rows, claim),
        proxy=proxy,
        source_values=tuple(map(float, [*rows["least"], *rows["most"]])),
        reliability={name: float(n) for name, n in rows["reliability"].value_counts().items()},
        support=found.support if decides else None,
        curve=found.curve if decides else None,
        nearest_true=_would_hold(found, rows, claim),
    )


def _furthest(rows: pd.DataFrame, claim: Claim) -> date:
    """Day of the figure that is furthest from the claim's date, by the days that chose it."""
    days = rows.loc[rows["days"].abs().idxmax(), "days"]
    return (pd.Timestamp(claim.as_of) + pd.Timedelta(days=float(days))).date()


def _evidence(row: pd.Series, claim: Claim) -> Evidence:
    said = interval(row["least"], row["most"], claim.asserted.unit, row["bound"])
    bearings = {"yes": "supports", "no": "contradicts", "open": "neutral"}
    statement = f"{row['project']}, {row['metric'].replace('_', ' ')}, {when(row)}: {said}; {row['remark']}"
    return evidence_of(row, statement, bearings[_holds(row.to_frame().T, claim)])


def _would_hold(found: Multiverse | None, rows: pd.DataFrame, claim: Claim) -> str:
    region, unit = claim.regions[0], claim.asserted.unit
    inside_region = sum(_holds(row.to_frame().T, claim) == "yes" for _, row in rows.iterrows())
    if inside_region == len(rows):
        return HOLDS
    needed = interval(region.left, region.right, unit)
    if len(rows) == 1:
        of_figures = "the figure that counts"
    else:
        of_figures = f"every figure that counts ({inside_region} of {many(len(rows), 'figure')} now)"
    other = f"{found.describe_nearest(unit, region)}; or " if found else ""
    return f"{other}{of_figures} would have to be {needed}"
