"""Coverage: every sentence of the report by its place, and what the book does with it."""

from collections import Counter
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from analysis.engine.claims.coverage import Sentence, System
from analysis.engine.data.chapters import titles
from analysis.engine.ledger.entries import Entry
from analysis.engine.site.html import render


def coverage(sentences: Sequence[Sentence], entries: Mapping[str, Entry], prefix: str = "") -> Markup:
    """Table of the report's sentences with their claims and verdicts.

    Parameters
    ----------
    sentences : sequence of Sentence
    entries : mapping
        The ledger by claim id.
    prefix : str
        What leads from the page to the site's root.

    Raises
    ------
    ValueError
        For a sentence that names a claim which the ledger does not have.

    Examples
    --------
    >>> coverage([Sentence(1, 2, "x", claims=("X9",))], {})
    Traceback (most recent call last):
    ValueError: sentence 1.2 names claim 'X9', which the ledger does not have
    """
    for sentence in sentences:
        if unknown := next((claim for claim in sentence.claims if claim not in entries), None):
            place = f"{sentence.paragraph}.{sentence.sentence}"
            raise ValueError(f"sentence {place} names claim {unknown!r}, which the ledger does not have")
    kinds = Counter("hold claims" if sentence.claims else str(sentence.status) for sentence in sentences)
    return render("coverage", sentences=sentences, kinds=kinds, entries=entries, prefix=prefix)


def systems(
    named: Sequence[System], entries: Mapping[str, Entry], links: Mapping[str, str] | None = None, prefix: str = ""
) -> Markup:
    """Table of the systems that the report names, by the chapter that holds the evidence on them.

    A chapter none of whose claims is assessed is said to be not written yet.

    Parameters
    ----------
    named : sequence of System
    entries : mapping
        The ledger by claim id.
    links : mapping, optional
        Address of each chapter that has a page.
    prefix : str
        What leads from the page to the site's root.
    """
    return render(
        "systems", named=named, entries=list(entries.values()), titles=titles(), links=links or {}, prefix=prefix
    )
