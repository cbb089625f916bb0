"""What the parts of a ledger's entry say in words: the same on cards, on the scoreboard, in strips and in notes."""

from collections import Counter
from collections.abc import Sequence

from analysis.engine.claims import Asserted, Estimate, Evidence, interval
from analysis.engine.ledger.entries import Entry
from analysis.engine.words import formats


def estimate_words(found: Estimate) -> tuple[str, str]:
    """An estimate and the ends of its interval, as `analysis.engine.words.formats.estimate` writes them."""
    return formats.estimate(found.value, found.low, found.high, found.unit, found.bound)


def ends_words(found: Estimate) -> str:
    """The interval of an estimate, with its unit."""
    return formats.interval(found.low, found.high, found.unit, found.bound, of=found.value)


def interval_words(found: Estimate) -> str:
    """The interval of an estimate, and what it is of.

    Examples
    --------
    >>> from dataclasses import replace
    >>> one = Estimate(14.0, 14.0, 14.0, "count", n=1, interval_of="one published figure", method="as it stands")
    >>> interval_words(one), interval_words(replace(one, bound="over")).replace(formats.SPACE, " ")
    ('no interval: one published figure', 'over 14, by one published figure')
    >>> interval_words(replace(one, high=15.0))
    '14 to 15, interval of one published figure'
    """
    if found.bound != "exact":
        return f"{ends_words(found)}, by {found.interval_of}"
    if found.low == found.high:
        return f"no interval: {found.interval_of}"
    return f"{ends_words(found)}, interval of {found.interval_of}"


def asserted_words(asserted: Asserted) -> str:
    """Asserted figure in the book's own form, else the report's words; empty where the claim names neither.

    Examples
    --------
    >>> asserted_words(Asserted(form="about", words="ten minutes", value=600.0, unit="s")).replace(formats.SPACE, " ")
    'about 10 min'
    >>> asserted_words(Asserted(form="none", words="most mature"))
    '“most mature”'
    """
    unit = asserted.unit or ""
    if asserted.value is not None and unit != "share of bound":
        return f"{asserted.form.replace('_', ' ')} {formats.quantity(asserted.value, unit)}"
    if asserted.low is not None and asserted.high is not None:
        return formats.interval(asserted.low, asserted.high, unit)
    return f"“{asserted.words}”" if asserted.words else ""


def region_words(notation: str, unit: str | None) -> str:
    """An acceptance region, from its notation.

    Examples
    --------
    >>> [region_words(region, "%").replace(formats.SPACE, " ") for region in ("[5, inf)", "(5, inf)", "[5, 8]")]
    ['at least 5 %', 'over 5 %', '5 to 8 %']
    """
    region = interval(notation)
    if region.closed_left and region.right == float("inf"):
        return f"at least {formats.quantity(region.left, unit or '')}"
    return formats.interval(region.left, region.right, unit or "")


def support_range(low: float, high: float) -> str:
    """A range of shares, in whole per cents."""
    return formats.interval(round(100 * low), round(100 * high), "%")


def support_words(entry: Entry) -> tuple[str, list[str]]:
    """Support of an entry that has it: its share, and sentences on what it is of, on its range, on what turns it.

    The first sentence goes on after the share; a range that is a single figure is left out.
    """
    share, curve = entry.support, entry.curve
    results = f", with {formats.many(len(curve.estimate), 'different result')}" if curve else ""
    more = [f"of the definitions make it true, by weight{results}"]
    if round(100 * share.low) != round(100 * share.high):
        ends = support_range(share.low, share.high)
        more.append(f"With one choice at a time held as in the primary definition: {ends}")
    turns = f"the choice of {share.pivotal}" if share.pivotal else "no single choice"
    more.append(f"What turns the verdict: {turns}")
    return formats.share(share.balanced), more


def evidence_words(evidence: Sequence[Evidence]) -> tuple[str, str]:
    """What rows of evidence come to, of which there is one at least: how many are for and against, and of how many.

    Examples
    --------
    >>> rows = [Evidence("It was seen.", bearing, "a") for bearing in ("supports", "neutral")]
    >>> [text.replace(formats.SPACE, " ") for text in evidence_words(rows)]
    ['1 for, 0 against', 'of 2 rows of evidence; 1 is neutral']
    """
    count = Counter(row.bearing for row in evidence)
    neutral = formats.many(count["neutral"], "is neutral", "are neutral")
    rows = formats.many(len(evidence), "row")
    return f"{count['supports']} for, {count['contradicts']} against", f"of {rows} of evidence; {neutral}"
