"""From a claim and a finding to a verdict and a certainty, by rule."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic.dataclasses import dataclass

from analysis.engine.claims import NUMERIC_KINDS, Claim, Estimate, Evidence, Finding, frozen
from analysis.engine.data.sealed import DataError
from analysis.engine.words.formats import share

Label = Literal[
    "reproduced",
    "reproduced-minor",
    "differs-smaller",
    "differs-larger",
    "differs-opposite",
    "inconclusive",
    "supported",
    "contradicted",
    "pending",
    "not-reproducible",
    "definition-ambiguous",
    "unassessed",
]
Grade = Literal["very low", "low", "moderate", "high"]

#: Balanced support within which the verdict turns on the definition (shares, inclusive).
AMBIGUOUS_SUPPORT = (0.20, 0.80)
#: GRADE: steps 0 to 3, and where each basis starts.
GRADES: tuple[Grade, ...] = ("very low", "low", "moderate", "high")
START = {"measurement": 3, "market": 3, "secondary": 1}
#: An observation further than this from the claim's date is indirect.
INDIRECT_AFTER_DAYS = 180
#: More than this share of evidence from vendors is a bias.
VENDOR_SHARE = 0.5
#: Kinds of source that say a figure without showing whence it comes; more than this share of what decides is weak.
WEAK_SOURCES = ("tertiary", "promotional", "estimate")
WEAK_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Verdict:
    """A label, the label of the primary definition (the same unless the verdict turns on the definition), a reason."""

    label: Label
    primary: Label
    reason: str | None = None


@frozen
class Certainty:
    """A GRADE grade, where it started, and every downgrade that led to it."""

    grade: Grade
    """how far the evidence can be trusted"""
    start: Grade
    """where certainty starts: high for our own measurement and market data, low for secondary figures"""
    reasons: tuple[str, ...]
    """one reason for each step down"""


def judge(claim: Claim, finding: Finding | None, *, today: date) -> Verdict:
    """Verdict on a claim, by the written rule for its kind.

    Parameters
    ----------
    claim : Claim
    finding : Finding or None
        None where no function assesses the claim yet.
    today : date
        Decides whether a forecast is due.

    Returns
    -------
    Verdict

    Raises
    ------
    DataError
        If the estimate's unit is not the claim's, or evidence names a part that the claim does not have.

    Notes
    -----
    Bound and magnitude: interval inside T `reproduced`; inside T_minor `reproduced-minor`; disjoint from T_minor
    `differs-…`, opposite if it lies wholly on the other side of zero; else `inconclusive`. Direction, ordering and
    existence: from evidence rows and, where there is an estimate, from its place against T; `supported` if every part
    of the claim is, `contradicted` if one is. Forecasts are `pending`
    until due, then judged as a bound. Where balanced support lies between 20 and 80 %, `definition-ambiguous`.
    """
    if claim.kind == "forecast" and today < claim.due:
        return Verdict("pending", "pending", f"due {claim.due}")
    if finding is None:
        return Verdict("unassessed", "unassessed")
    if finding.missing is not None:
        return Verdict("not-reproducible", "not-reproducible", finding.missing)
    if finding.estimate is not None and finding.estimate.unit != claim.asserted.unit:
        raise DataError(f"{claim.id}: estimate in {finding.estimate.unit!r}, claim in {claim.asserted.unit!r}")
    if claim.kind in (*NUMERIC_KINDS, "forecast"):
        primary = _by_interval(claim, finding.estimate)
    else:
        primary = _by_bearing(claim, finding)
    if primary == "not-reproducible":
        return Verdict(primary, primary, "missing")
    low, high = AMBIGUOUS_SUPPORT
    if finding.support is not None and low <= finding.support.balanced <= high:
        return Verdict("definition-ambiguous", primary, finding.support.pivotal)
    return Verdict(primary, primary)


def _by_interval(claim: Claim, estimate: Estimate | None) -> Label:
    if estimate is None:
        return "not-reproducible"
    inner, outer = claim.regions
    found, asserted = estimate.interval, claim.asserted.reference
    if found in inner:
        return "reproduced"
    if found in outer:
        return "reproduced-minor"
    if found.overlaps(outer):
        return "inconclusive"
    if (asserted > 0 and found.right < 0) or (asserted < 0 and found.left > 0):
        return "differs-opposite"
    return "differs-smaller" if found.right <= outer.left else "differs-larger"


def _by_bearing(claim: Claim, finding: Finding) -> Label:
    votes: dict[str | None, set[str]] = {part: set() for part in claim.parts}
    for row in finding.evidence:
        if claim.parts and row.part not in claim.parts:
            raise DataError(f"{claim.id}: evidence on part {row.part!r}; the parts are {', '.join(claim.parts)}")
        votes.setdefault(row.part, set()).add(row.bearing)
    if finding.estimate is not None and claim.regions is not None:
        votes.setdefault(None, set()).update(_vote_of(finding.estimate, claim))
    if not any(votes.values()):
        return "not-reproducible"
    parts = [cast - {"neutral"} for cast in votes.values()]
    if all(part == {"supports"} for part in parts):
        return "supported"
    return "contradicted" if any(part == {"contradicts"} for part in parts) else "inconclusive"


def _vote_of(estimate: Estimate, claim: Claim) -> set[str]:
    inner, outer = claim.regions
    if estimate.interval in inner:
        return {"supports"}
    # a neutral row abstains; a number that reaches neither side keeps the rows from settling the claim
    return {"supports", "contradicts"} if estimate.interval.overlaps(outer) else {"contradicts"}


def certainty(claim: Claim, finding: Finding) -> Certainty:
    """Grade of certainty, after GRADE with the constants of this module.

    Starts high for our own measurement and market data, low for secondary figures; one step down each for imprecision,
    indirectness, inconsistency, reliability, bias and publication bias.
    """
    publication = claim.publication_bias
    steps = (
        _imprecision(claim, finding.estimate),
        _indirectness(claim, finding),
        _inconsistency(claim, finding.source_values),
        _reliability(finding.reliability),
        _bias(finding.evidence),
        publication.downgrade and f"publication bias: {publication.reason} (judged {publication.judged_on})",
    )
    reasons, start = tuple(filter(None, steps)), START[finding.basis]
    return Certainty(GRADES[max(0, start - len(reasons))], GRADES[start], reasons)


def _imprecision(claim: Claim, estimate: Estimate | None) -> str | None:
    if estimate is None or claim.regions is None:
        return None
    inner = claim.regions[0]
    crosses = estimate.interval.overlaps(inner) and estimate.interval not in inner
    return "imprecision: the interval crosses an edge of T" if crosses else None


def _indirectness(claim: Claim, finding: Finding) -> str | None:
    if finding.proxy:
        return "indirectness: a proxy was observed"
    days = abs((finding.observed_on - claim.as_of).days) if finding.observed_on else 0
    return f"indirectness: observed {days} days from the claim's date" if days > INDIRECT_AFTER_DAYS else None


def _inconsistency(claim: Claim, values: tuple[float, ...]) -> str | None:
    if claim.regions is None:
        return None
    inner = claim.regions[0]
    sides = {0 if value in inner else -1 if value <= inner.left else 1 for value in values}
    return "inconsistency: sources fall on both sides of an edge of T" if len(sides) > 1 else None


def _reliability(weights: Mapping[str, float]) -> str | None:
    whole = sum(weights.values())
    weak = {name: weights[name] / whole for name in WEAK_SOURCES if whole and weights.get(name)}
    if sum(weak.values()) <= WEAK_SHARE:
        return None
    return f"reliability: {share(sum(weak.values()))} of what decides is {' or '.join(weak)}"


def _bias(evidence: tuple[Evidence, ...]) -> str | None:
    vendors = sum(row.vendor for row in evidence)
    if not evidence or vendors / len(evidence) <= VENDOR_SHARE:
        return None
    return f"bias: {vendors} of {len(evidence)} evidence rows come from vendors"
