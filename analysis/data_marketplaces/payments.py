"""Claim D3: whether money from buyers reaches Vana's contributors in proportion to what they contributed."""

from datetime import date

import pandas as pd

from analysis.engine.claims import Bearing, Claim, Evidence, Finding
from analysis.engine.multiverse import SETTLED, Question, meaning, primary_of, verdict_of
from analysis.engine.words.formats import day, period
from analysis.tables.marketplaces import ADOPTED, DRAFT, PaymentRules

VANA = "Vana"
#: So many contributors have to be paid.
AT_LEAST_PAID = 2
IN_PROPORTION, RISING, OTHERWISE = "in proportion", "rising", "by something else"
BUYERS, EMISSIONS, BOTH = "buyers", "emissions", "both"

#: Option of the claim's factor -> whether payments from emissions count; whether rising with contribution suffices.
MONEY = {"from buyers": False, "from emissions too": True}
MEASURE = {"in proportion": False, "rising with contribution": True}


def dated_by(row: pd.Series, as_of: date) -> bool:
    """Whether a row is certainly of that day or before: the last day that its date allows is."""
    return bool(pd.notna(row["date_to"]) and row["date_to"] <= pd.Timestamp(as_of))


def in_force(row: pd.Series, as_of: date) -> bool:
    """Whether a rule was adopted on a day, or a payment made by then; a draft never is.

    Examples
    --------
    >>> row = pd.Series({"date_from": pd.Timestamp("2025-01-01"), "date_to": pd.Timestamp("2026-11-22")})
    >>> [in_force(row.set_axis(row.index), date(2026, 1, 22)) for row in (
    ...     pd.concat([row, pd.Series({"status": status})]) for status in ("draft", "adopted", "payment"))]
    [False, True, False]
    """
    if row["status"] == DRAFT or pd.isna(row["date_to"]):
        return False
    if row["status"] == ADOPTED:
        return bool(row["date_from"] <= pd.Timestamp(as_of) <= row["date_to"])
    return dated_by(row, as_of)


def bearing(row: pd.Series, as_of: date, *, emissions_count: bool = False, rising_suffices: bool = False) -> Bearing:
    """Bearing of one rule or payment, by the claim's definition or an alternative one.

    Notes
    -----
    It supports the claim if money from a buyer reached at least two contributors by a rule in proportion. It
    contradicts it if the rule for buyers' money, or for what contributors receive, goes by something else than
    contribution, or if payments to contributors are documented to come from emissions. Neutral are a rule without a
    payment, a rule by which emissions go to others than contributors, and all that was not `in_force`. Money from both
    counts as money from buyers, since some of it is.

    Examples
    --------
    >>> rule = {"payer": "buyers", "proportion": "in proportion", "contributors_paid": 2.0, "status": "payment"}
    >>> row = pd.Series(rule | {"to_contributors": True, "date_to": pd.Timestamp("2025-12-31")})
    >>> bearing(row, date(2026, 1, 22)), bearing(row, date(2025, 1, 22))
    ('supports', 'neutral')
    """
    paid = pd.isna(row["contributors_paid"]) or row["contributors_paid"] >= AT_LEAST_PAID
    from_buyers = row["payer"] in (BUYERS, BOTH)
    fits = row["proportion"] == IN_PROPORTION or (rising_suffices and row["proportion"] == RISING)
    if not in_force(row, as_of) or not (from_buyers or row["to_contributors"]):
        return "neutral"
    if row["proportion"] == OTHERWISE:
        return "contradicts"
    if paid and row["payer"] == EMISSIONS and not emissions_count:
        return "contradicts"
    reaches = paid and row["to_contributors"] and (from_buyers or row["payer"] == EMISSIONS)
    return "supports" if reaches and fits else "neutral"


def evidence(claim: Claim, payment_rules: PaymentRules, **changes: str) -> tuple[Evidence, ...]:
    """Every documented rule and payment of Vana, with its bearing by the claim's definition or other options."""
    chosen = primary_of(claim) | changes
    how = {
        "emissions_count": meaning(claim, "money", chosen["money"], MONEY),
        "rising_suffices": meaning(claim, "payment", chosen["payment"], MEASURE),
    }
    rows = payment_rules[payment_rules["project"] == VANA].sort_values(["date_from", "rule_id"])
    return tuple(evidence_of(row, _statement(row), bearing(row, claim.as_of, **how)) for _, row in rows.iterrows())


def evidence_of(row: pd.Series, statement: str, bearing: Bearing, part: str | None = None) -> Evidence:
    """A row of the chapter's tables as evidence: dated where its day is known, a vendor's unless others say it."""
    return Evidence(
        statement=statement,
        bearing=bearing,
        source_id=row["source_id"],
        observed_on=row["date_from"].date() if row["date_precision"] == "day" else None,
        vendor=row["by"] != "others",
        part=part,
    )


def _statement(row: pd.Series) -> str:
    dated = period(row["date_from"], row["date_to"])
    return f"{row['statement']}; money from {row['payer']}, to {row['receiver']} ({row['status']}, {dated})"


def question_d3(claim: Claim, payment_rules: PaymentRules) -> Question:
    """Whether D3 is supported."""
    return Question(
        claim, lambda **options: verdict_of(claim, evidence(claim, payment_rules, **options)) == "supported"
    )


def assess_d3(claim: Claim, *, payment_rules: PaymentRules) -> Finding:
    """Documented rules and payments of Vana by the claim's date.

    Returns
    -------
    Finding
        Evidence rows, no number. Level 2 where a row of the project itself bears on the claim, else 1. No support where
        the primary definition leaves the claim undecided.
    """
    rows = evidence(claim, payment_rules)
    if not rows:
        return Finding(level=1, basis="secondary", missing="missing")
    return settled(question_d3(claim, payment_rules), rows, _would_settle(claim, rows))


def settled(question: Question, rows: tuple[Evidence, ...], needed: str) -> Finding:
    """What rows of evidence settle, or what would: level 2 where a row of a project itself bears on the claim."""
    return Finding(
        level=2 if any(row.vendor for row in rows if row.bearing != "neutral") else 1,
        basis="secondary",
        evidence=rows,
        **question.settled(needed, decided=verdict_of(question.claim, rows) in SETTLED),
    )


def _would_settle(claim: Claim, rows: tuple[Evidence, ...]) -> str:
    bearings = {row.bearing for row in rows}
    payment = (
        f"a payment by {day(claim.as_of)} from a buyer of a data set to at least {AT_LEAST_PAID} contributors, in "
        "proportion to what they contributed"
    )
    against = "no payment or rule in force that goes otherwise"
    parts = ([] if "supports" in bearings else [payment]) + ([against] if "contradicts" in bearings else [])
    return " and ".join(parts)
