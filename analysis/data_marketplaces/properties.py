"""Claim D4: whether Ocean Protocol, Grass and Vana were transparent, programmable, and paid people."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from analysis.data_marketplaces.payments import BOTH, BUYERS, dated_by, evidence_of, settled
from analysis.engine.claims import Bearing, Claim, Evidence, Finding
from analysis.engine.claims.judge import INDIRECT_AFTER_DAYS
from analysis.engine.multiverse import Question, meaning
from analysis.engine.words.formats import day, period
from analysis.tables.marketplaces import MarketplaceProperties

PAID = "paid"
#: Option of the claim's factor -> whether payments have to come from buyers; properties that suffice, None for all.
PAYMENT = {"from sales or emissions": False, "from buyers alone": True}
NEEDED = {"all three": None, "two of the three": 2}


def absent_at(row: pd.Series, as_of: date) -> bool:
    """Whether an absence stands for a date: every day that the row's date allows is within `INDIRECT_AFTER_DAYS` of it.

    Examples
    --------
    >>> row = pd.Series(dict.fromkeys(("date_from", "date_to"), pd.Timestamp("2026-06-23")))
    >>> absent_at(row, date(2026, 1, 22)), absent_at(row, date(2025, 1, 22))
    (True, False)
    """
    days = [abs((row[end] - pd.Timestamp(as_of)).days) for end in ("date_from", "date_to") if pd.notna(row[end])]
    return bool(days) and max(days) <= INDIRECT_AFTER_DAYS


def bearing(row: pd.Series, as_of: date, *, buyers_alone: bool = False) -> Bearing:
    """Bearing of an observation; `buyers_alone`: payments have to come from buyers, at least in part.

    Notes
    -----
    A property counts if it was certainly seen by the claim's date. An absence counts if it was seen within
    `INDIRECT_AFTER_DAYS` of it on either side. Undated rows are neutral.
    """
    said = row["bearing"]
    if said == "contradicts":
        return said if absent_at(row, as_of) else "neutral"
    if said == "supports" and dated_by(row, as_of):
        counts = row["property"] != PAID or not buyers_alone or row["payer"] in (BUYERS, BOTH)
        return "supports" if counts else "neutral"
    return "neutral"


def evidence(
    claim: Claim, marketplace_properties: MarketplaceProperties, *, buyers_alone: bool = False
) -> tuple[Evidence, ...]:
    """Every observation, with its part and its bearing; rows on other projects or properties are left out."""
    parts = marketplace_properties["project"] + ": " + marketplace_properties["property"]
    rows = marketplace_properties.assign(part=parts)
    rows = rows[rows["part"].isin(claim.parts)].sort_values(["date_from", "property_id"])
    order = {part: i for i, part in enumerate(claim.parts)}
    rows = rows.sort_values("part", key=lambda parts: parts.map(order), kind="stable")
    return tuple(
        evidence_of(row, _statement(row), bearing(row, claim.as_of, buyers_alone=buyers_alone), row["part"])
        for _, row in rows.iterrows()
    )


def _statement(row: pd.Series) -> str:
    dated = period(row["date_from"], row["date_to"])
    payer = "" if row["property"] != PAID else f"; paid by: {row['payer']}"
    return f"{row['statement']} ({dated}{payer})"


def shown(claim: Claim, rows: tuple[Evidence, ...]) -> dict[str, str]:
    """What the rows show of each part: "shown", "absent", "both", or "open"."""
    words = {
        frozenset(): "open",
        frozenset({"supports"}): "shown",
        frozenset({"contradicts"}): "absent",
        frozenset({"supports", "contradicts"}): "both",
    }
    return {
        part: words[frozenset({row.bearing for row in rows if row.part == part} - {"neutral"})] for part in claim.parts
    }


def by_project(claim: Claim, rows: tuple[Evidence, ...], marketplace_properties: MarketplaceProperties) -> pd.DataFrame:
    """What is shown of each project by the rows of `evidence`, and where its payments come from.

    Returns
    -------
    DataFrame, one row a project
        `project`, a column for each property ("shown", "absent", "both" or "open"), `paid_from` (of the observations
        that show payment; "none found" where there is none).
    """
    table = _by_project(shown(claim, rows))
    for project, words in table.items():
        some = marketplace_properties[marketplace_properties["project"] == project]
        paying = some[(some["property"] == PAID) & some.apply(bearing, axis=1, as_of=claim.as_of).eq("supports")]
        words["paid_from"] = ", ".join(sorted(set(paying["payer"]))) or "none found"
    return pd.DataFrame([{"project": project, **words} for project, words in table.items()])


def suffices(claim: Claim, rows: tuple[Evidence, ...], *, needed: int | None = None) -> bool:
    """Whether every part is shown, or for each project at least as many properties as are needed."""
    projects = (list(words.values()) for words in _by_project(shown(claim, rows)).values())
    return all(words.count("shown") >= (needed or len(words)) for words in projects)


def _by_project(found: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What is shown of each property, by project."""
    table: dict[str, dict[str, str]] = {}
    for part, word in found.items():
        project, _, name = part.partition(": ")
        table.setdefault(project, {})[name] = word
    return table


def question_d4(claim: Claim, marketplace_properties: MarketplaceProperties) -> Question:
    """Whether D4 is supported."""

    def holds(payment: str, properties: str) -> bool:
        alone, needed = meaning(claim, "payment", payment, PAYMENT), meaning(claim, "properties", properties, NEEDED)
        return suffices(claim, evidence(claim, marketplace_properties, buyers_alone=alone), needed=needed)

    return Question(claim, holds)


def unseen(claim: Claim, rows: tuple[Evidence, ...]) -> list[str]:
    """Projects of the claim on which there is no row at all."""
    seen = {str(row.part).partition(":")[0] for row in rows}
    return [name for name in dict.fromkeys(part.partition(":")[0] for part in claim.parts) if name not in seen]


def assess_d4(claim: Claim, *, marketplace_properties: MarketplaceProperties) -> Finding:
    """Observations on nine parts, three projects by three properties.

    Returns
    -------
    Finding
        Evidence rows by part, no number; not reproducible where a project has no row at all. Level 2 where a row of a
        project itself bears on a part, else 1. No support where the primary definition leaves the claim undecided.
    """
    rows = evidence(claim, marketplace_properties)
    if unseen(claim, rows):
        return Finding(level=1, basis="secondary", evidence=rows, missing="missing")
    return settled(question_d4(claim, marketplace_properties), rows, _would_settle(claim, rows))


def _would_settle(claim: Claim, rows: tuple[Evidence, ...]) -> str:
    lacking = {part: word for part, word in shown(claim, rows).items() if word != "shown"}
    if not lacking:
        return ""
    needs = {"open": "an observation that shows it", "absent": "proof that it was there after all"}
    each = "; ".join(f"for {part}: {needs.get(word, 'an end of the conflict')}" for part, word in lacking.items())
    return f"{each}, by {day(claim.as_of)}"
