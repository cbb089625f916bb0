"""Claim cards: all that the book knows about one claim, on a page of its own, and in short at the end of its section.

A card has what a reader needs first in a box (verdict, figures, curve) and below it, in sections, how the claim is
judged, what was found, how sure that is, what it rests on, and how to cite it and to object.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from markupsafe import Markup

from analysis.engine import claims
from analysis.engine.claims import Claim
from analysis.engine.data.chapters import titles
from analysis.engine.ledger.records import expired
from analysis.engine.site.citing import SHORT, bibtex, citation, objection, where_to_object
from analysis.engine.site.claim_review import Book
from analysis.engine.site.coverage import anchor
from analysis.engine.site.curve import curve
from analysis.engine.site.picture import asserted_words, ends_words, estimate_words, interval_words, picture
from analysis.engine.site.source import Location
from analysis.engine.site.support import evidence_words, support_words
from analysis.engine.site.verdicts import CARDS, LEVELS, QUIET, badge, card_page, dots, look
from analysis.engine.words import formats

KINDS = {
    "bound": "bound: more, or less, than a figure",
    "magnitude": "magnitude: a figure or a range",
    "forecast": "forecast: a figure at a later date",
    "ordering": "ordering: one thing ranks above another",
    "direction": "direction: which way something goes",
    "existence": "existence: that something is or was done",
}
#: Stands before the date of a claim that is past it.
PAST = "look again: past"
#: Why nothing can be said, in the ledger's words and in ours.
REASONS = {
    "missing": "the data that it needs are missing",
    "not public": "the data that it needs are not public",
    "conflicting": "the data conflict",
}
#: Steps that certainty can go down by, as a reason begins, in the order in which the rubric lists them.
STEPS = ("imprecision", "indirectness", "inconsistency", "reliability", "bias")
NO_STEP = "no step down"
BEARINGS = {"supports": ("yes", "supports"), "contradicts": ("no", "contradicts"), "neutral": ("none", "neutral")}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a card refers to and the claim itself does not hold."""

    book: Book
    today: date
    prefix: str = ""
    """what leads from the page to the site's root"""
    pages: frozenset[str] = frozenset()
    """names of the site's pages"""
    before: str | None = None
    after: str | None = None
    """ids of the previous and of the next claim"""
    function: Location | None = None
    """the function that assesses the claim"""
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """title and address of each source, by its id"""
    files: Mapping[str, str] = field(default_factory=dict)
    """file name of each table, by its name"""

    def link(self, page: str, anchor: str, words: str | Markup) -> str | Markup:
        """A link to a page of the site, or the words alone where there is no such page."""
        if page not in self.pages:
            return words
        return Markup('<a href="{}{}.html{}">{}</a>').format(self.prefix, page, f"#{anchor}" if anchor else "", words)


def claim_card(record: Mapping[str, Any], claim: Claim, around: Surroundings) -> Markup:
    """A claim's whole card.

    Parameters
    ----------
    record : mapping
        A ledger record.
    claim : Claim
        The claim that it is about.
    around : Surroundings

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> from analysis.engine.claims import load_claims
    >>> record = {"id": "R1", "chapter": "returns", "kind": "bound", "statement": "A <b>.", "verdict": "unassessed",
    ...     "asserted": {"form": "over", "value": 280.0, "unit": "%", "words": "over 280%"}, "T": "(280, inf)",
    ...     "primary_verdict": "unassessed", "T_minor": "(252, inf)", "estimate": None, "evidence": [], "reason": None,
    ...     "support": None, "certainty": None, "level": None, "nearest_true": None, "as_of": "2025-12-31",
    ...     "due": None, "expires": None, "tables": {}, "computed_by": None, "curve": None, "code_sha256": None,
    ...     "definition_sha256": "0a1b"}
    >>> book = Book("Book", "Authors", "1.0", date(2026, 11, 22))
    >>> html = claim_card(record, load_claims()["R1"], Surroundings(book, date(2026, 11, 22)))
    >>> "A &lt;b&gt;." in html, "No function assesses this claim yet." in html, "What would make it true" in html
    (True, True, False)
    """
    return Markup(
        '<div class="claim-page">{}<section class="claim-card" aria-label="Claim {}">{}'
        '<div class="inside"><div class="main">{}</div>{}</div>{}</section>{}</div>'
    ).format(
        _siblings(around),
        record["id"],
        _header(record, around.today),
        _main(record, claim, around),
        _facts([*_assertion(record), *_result(record), *_basis(record, around)]),
        _footer(record, around),
        Markup("").join(_sections(record, claim, around)),
    )


def short_card(record: Mapping[str, Any], around: Surroundings) -> Markup:
    """A claim's card in short, for the end of its section in a chapter.

    Parameters
    ----------
    record : mapping
        A ledger record.
    around : Surroundings

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> record = {"id": "R1", "chapter": "returns", "statement": "It rose.", "verdict": "supported", "T": None,
    ...     "asserted": {"form": "none", "words": "rose"}, "primary_verdict": "supported", "estimate": None,
    ...     "evidence": [{"bearing": "supports"}], "reason": None, "support": None, "level": 2,
    ...     "certainty": {"grade": "low", "reasons": []}, "as_of": "2025-12-31", "due": None, "expires": None,
    ...     "tables": {}, "computed_by": None}
    >>> around = Surroundings(Book("Book", "Authors", "1.0", date(2026, 11, 22)), date(2026, 11, 22))
    >>> 'href="claims/R1.html"' in short_card(record, around)
    True
    """
    card = Markup('<a class="whole" href="{}">The whole card of {}</a>').format(
        card_page(record["id"], around.prefix), record["id"]
    )
    drawn = _pictured(record)
    function = [row for row in _basis(record, around) if row[0] == "Computed by"]
    result = [row for row in _result(record) if not (drawn and row[0] == "Found")]  # the picture's words say it
    return Markup(
        '<section class="claim-card short" aria-label="Card of claim {}">{}<div class="inside"><div class="main">{}{}'
        "</div>{}</div>{}</section>"
    ).format(
        record["id"],
        _header(record, around.today, named=True),
        _statement(record),
        drawn,
        _facts([*result, *function]),
        _footer(record, around, card),
    )


def text(words: object) -> Markup:
    """Text that comes from a table or a claim: set apart from the direction of the text around it, its lines kept.

    Examples
    --------
    >>> print(text("a <b>"))
    <bdi>a &lt;b&gt;</bdi>
    """
    return Markup("<bdi>{}</bdi>").format(words)


def coded(words: str) -> Markup:
    """Text of a claim, as `text`, with what stands between backticks set as code.

    Examples
    --------
    >>> print(coded("the `tokens` that <b>"))
    <bdi>the <code>tokens</code> that &lt;b&gt;</bdi>
    """
    parts = words.split("`")
    if len(parts) % 2 == 0:
        return text(words)
    return text(
        Markup("").join(Markup("<code>{}</code>").format(part) if i % 2 else part for i, part in enumerate(parts))
    )


def stub(claim_id: str) -> str:
    """Source of the page that holds a claim's card.

    Examples
    --------
    >>> "# Claim R1" in stub("R1")
    True
    """
    return (
        "---\norphan: true\nhtml_theme.sidebar_secondary.remove: true\n---\n\n"
        f"# Claim {claim_id}\n\n```{{claim-card}} {claim_id}\n```\n"
    )


def _siblings(around: Surroundings) -> Markup:
    links = Markup("").join(
        Markup('<a rel="{}" href="{}">{}</a>').format(
            rel, card_page(claim, around.prefix), f"← {claim}" if rel == "prev" else f"{claim} →"
        )
        for rel, claim in (("prev", around.before), ("next", around.after))
        if claim
    )
    board = around.link("index", "", "All claims")
    return Markup('<nav class="siblings" aria-label="Claims">{}{}</nav>').format(board, links)


def _header(record: Mapping[str, Any], today: date, *, named: bool = False) -> Markup:
    name = Markup('<span class="id"><i class="square {}" aria-hidden="true"></i>{}</span>')
    parts = [name.format(record["chapter"], record["id"])] if named else []  # the whole card's heading names it
    parts.append(badge(record["verdict"]))
    if record["primary_verdict"] != record["verdict"]:
        parts.append(
            Markup('<span class="primary-verdict"><small>under the primary definition</small> {}</span>').format(
                badge(record["primary_verdict"])
            )
        )
    return Markup('<header><p class="verdicts">{}</p><p class="dates">{}</p></header>').format(
        Markup("").join(parts), _dates(record, today)
    )


def _dates(record: Mapping[str, Any], today: date) -> Markup:
    said = [Markup("<span>as of {}</span>").format(formats.day(record["as_of"]))]
    if record["verdict"] == "pending" and record["due"]:
        said.append(Markup("<span>due {}</span>").format(formats.day(record["due"])))
    said.append(_again(record, today))
    return Markup(" · ").join(said)


def _again(record: Mapping[str, Any], today: date) -> Markup:
    """When to look again; the scoreboard's script, which every page has, flags it by the reader's own clock too."""
    if record["expires"] is None:
        return Markup("<span>no date to look again</span>")
    gone = expired(record, today)
    return Markup(
        '<span class="nb"><span data-expires="{0}" data-past="{past}"{1}>{2}</span> '
        '<time datetime="{0}">{3}</time></span>'
    ).format(
        record["expires"],
        Markup(' class="past"') if gone else "",
        PAST if gone else "look again after",
        formats.day(record["expires"]),
        past=PAST,
    )


def _statement(record: Mapping[str, Any]) -> Markup:
    return Markup('<p class="statement">{}</p>').format(text(record["statement"]))


def _main(record: Mapping[str, Any], claim: Claim, around: Surroundings) -> Markup:
    where = around.link(
        "coverage", anchor(claim.place), f"paragraph {claim.place.paragraph}, sentence {claim.place.sentence}"
    )
    chapter = around.link(record["chapter"], record["id"] if record["level"] else "", titles()[record["chapter"]])
    if record["chapter"] not in around.pages:
        chapter += " (not written yet)"
    parts = [
        _statement(record),
        Markup('<p class="place">Our words for the report\'s {}. Chapter: {}.</p>').format(where, chapter),
        _pictured(record),
        _lacking(record),
        _curve(record),
    ]
    if record["nearest_true"]:
        parts.append(
            Markup('<p class="nearest"><b>What would make it true:</b> {}</p>').format(text(record["nearest_true"]))
        )
    return Markup("").join(parts)


def _pictured(record: Mapping[str, Any]) -> Markup:
    drawn = picture(record)
    if drawn is None:
        return Markup("")
    estimate = record["estimate"]
    value, ends = estimate_words(estimate)
    return Markup(
        '<div class="pictured"><span class="{}">{}</span><p><b>{}</b> <span class="nb">({})</span> found; {} asserted'
        "</p></div>"
    ).format(look(record["verdict"]).tone, drawn, value, ends, asserted_words(record["asserted"]))


def _lacking(record: Mapping[str, Any]) -> Markup:
    if record["verdict"] == "pending" and record["due"]:
        said = f"The claim is about a day to come, {formats.day(record['due'])}; until then it is pending."
    elif record["verdict"] in QUIET:
        said = "No function assesses this claim yet. How it will be judged is fixed already, and stands below."
    elif record["verdict"] == "not-reproducible":
        reason = record["reason"] or "missing"
        said = f"This claim cannot be checked: {REASONS.get(reason, reason)}."
    else:
        return Markup("")
    if record["verdict"] == "pending" and not record["computed_by"]:
        said += " No function assesses it yet."
    return Markup('<p class="lacking">{}</p>').format(text(said))


def _curve(record: Mapping[str, Any]) -> Markup:
    drawn = curve(record)
    return (
        Markup('<div class="curved {}">{}</div>').format(look(record["verdict"]).tone, drawn) if drawn else Markup("")
    )


Row = tuple[str | Markup, str | Markup]


def _facts(rows: Iterable[Row]) -> Markup:
    return Markup('<dl class="facts">{}</dl>').format(
        Markup("").join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, value) for name, value in rows)
    )


def _assertion(record: Mapping[str, Any]) -> Iterable[Row]:
    said = asserted_words(record["asserted"])
    words = record["asserted"].get("words")
    if said and words and words not in said:
        said = Markup('{} <span class="quote">“{}”</span>').format(said, words)
    if said:
        yield "Asserted", said
    if record["T"]:
        yield "True if", _region(record["T"], record["asserted"]["unit"])


def _region(notation: str, unit: str) -> str:
    band = claims.interval(notation)
    words = formats.interval(band.left, band.right, unit)
    if band.closed_left and band.right == float("inf"):
        words = f"at least {formats.quantity(band.left, unit)}"
    return words


def _result(record: Mapping[str, Any]) -> Iterable[Row]:
    estimate = record["estimate"]
    if record["verdict"] in QUIET and record["level"] is None:
        why = "the claim is pending" if record["computed_by"] else "no function assesses this claim"
        yield "Estimate, support, certainty, level", f"not yet, {why}"
    if estimate is not None:
        value = formats.quantity(estimate["value"], estimate["unit"])
        yield "Found", Markup("<b>{}</b><br><small>{}</small>").format(value, text(interval_words(estimate)))
    elif record["evidence"]:
        yield "Found", Markup("<b>{}</b><br><small>{}</small>").format(*evidence_words(record["evidence"]))
    if record["support"]:
        yield "Support", _support(record)
    if record["certainty"]:
        yield "Certainty", dots(record["certainty"])
    if record["level"] is not None:
        yield "Level", _level(record["level"])


def _level(level: int) -> str:
    return f"{level} of {max(LEVELS)}: {LEVELS[level]}"


def _support(record: Mapping[str, Any]) -> Markup:
    share, (of, *more) = support_words(record)
    return Markup('<span class="share" aria-hidden="true"><i style="width:{}%"></i></span>{} {}{}').format(
        round(100 * record["support"]["balanced"]),
        share,
        of,
        Markup("").join(Markup("<br><small>{}</small>").format(text(line)) for line in more),
    )


def _basis(record: Mapping[str, Any], around: Surroundings) -> Iterable[Row]:
    if around.function is not None:
        yield "Computed by", _function(around.function, around.prefix)
    if record["tables"]:
        yield "Tables", Markup(", ").join(Markup.escape(_catalogued(name, around)) for name in record["tables"])


def _function(where: Location, prefix: str) -> Markup:
    return Markup('<a href="{}{}"><code>{}.<wbr>{}</code></a>').format(prefix, where.address, where.module, where.name)


def _catalogued(name: str, around: Surroundings) -> str | Markup:
    return around.link("data_catalogue", f"table-{name}", name)


def _footer(record: Mapping[str, Any], around: Surroundings, first: Markup | None = None) -> Markup:
    card = "" if first is None else card_page(record["id"], around.prefix)
    links = [
        *([first] if first else []),
        Markup('<a href="{}#cite">Cite</a>').format(card),
        Markup('<a href="{}#object">Object</a>').format(card),
        Markup('<a href="{}{}/{}.json" download>JSON</a>').format(around.prefix, CARDS, record["id"]),
    ]
    return Markup("<footer>{}</footer>").format(Markup("").join(links))


def _sections(record: Mapping[str, Any], claim: Claim, around: Surroundings) -> Iterable[Markup]:
    yield _section("judged", "How the claim is judged", _judged(record, claim))
    if record["estimate"] is not None:
        yield _section("found", "What was found", _found(record))
    if record["evidence"]:
        yield _section("evidence", "Evidence", _evidence(record["evidence"], around))
    yield _section("sure", "How sure", _sure(record, claim))
    yield _section("basis", "What it rests on", _rests(record, around))
    yield _section("cite", "How to cite", _cite(record, around.book))
    yield _section("object", "How to object", _object(record, around))
    yield _section("download", "For machines", _downloads(record, around))


def _section(name: str, title: str, body: Markup) -> Markup:
    return Markup('<section aria-labelledby="{0}"><h2 id="{0}">{1}</h2>{2}</section>').format(name, title, body)


def _list(items: Iterable[object]) -> Markup:
    return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(item) for item in items))


def _judged(record: Mapping[str, Any], claim: Claim) -> Markup:
    rows: list[Row] = [("Kind", KINDS[record["kind"]])]
    if record["T"]:
        unit = record["asserted"]["unit"]
        rows += [
            (name, Markup('{} <code class="nb">{}</code>').format(_region(record[field], unit), record[field]))
            for name, field in (("True if (T)", "T"), ("Minor difference if (T_minor)", "T_minor"))
        ]
    rows += [("Why", coded(claim.why_T)), ("Primary definition", coded(claim.definition))]
    for name, given in (
        ("Parts, each of which must hold", claim.parts),
        ("Other definitions of the same question", claim.alternatives),
        ("Other questions, which never count", claim.other_questions),
    ):
        if given:
            rows.append((name, _list(map(coded, given))))
    return _facts(rows)


def _found(record: Mapping[str, Any]) -> Markup:
    estimate = record["estimate"]
    rows: list[Row] = [
        ("Estimate", formats.quantity(estimate["value"], estimate["unit"])),
        ("Interval", ends_words(estimate)),
        ("It is an interval of", text(estimate["interval_of"])),
        ("Observations", formats.number(estimate["n"])),
        ("Method", text(estimate["method"])),
    ]
    return _facts(rows)


def _evidence(rows: Iterable[Mapping[str, Any]], around: Surroundings) -> Markup:
    head = Markup("").join(
        Markup('<th role="columnheader" scope="col">{}</th>').format(name)
        for name in ("What was observed", "Bearing", "Part", "Source", "Date", "Of the vendor")
    )
    return Markup(
        '<table class="cards evidence" role="table" aria-label="Evidence"><thead role="rowgroup"><tr role="row">{}</tr>'
        '</thead><tbody role="rowgroup">{}</tbody></table>'
    ).format(head, Markup("").join(_evidence_row(row, around.sources) for row in rows))


def _evidence_row(row: Mapping[str, Any], sources: Mapping[str, Mapping[str, str]]) -> Markup:
    tone, bearing = BEARINGS[row["bearing"]]
    cells = [
        ("Bearing", Markup('<span class="{}">{}</span>').format(tone, bearing)),
        ("Part", text(row["part"]) if row["part"] else None),
        ("Source", source_link(row["source_id"], sources)),
        ("Date", formats.day(row["observed_on"]) if row["observed_on"] else None),
        ("Vendor", "yes" if row["vendor"] else "no"),
    ]
    return Markup('<tr role="row"><td role="cell">{}</td>{}</tr>').format(
        text(row["statement"]),
        Markup("").join(
            Markup('<td role="cell" data-label="{}"{}>{}</td>').format(
                name, Markup(' class="blank"') if value is None else "", "–" if value is None else value
            )
            for name, value in cells
        ),
    )


def source_link(source_id: str, sources: Mapping[str, Mapping[str, str]]) -> Markup:
    """A source by its title, linked where its address is one of the web.

    Examples
    --------
    >>> print(source_link("a", {"a": {"title": "A", "address": "javascript:alert(1)"}}))
    <bdi>A</bdi>
    >>> print(source_link("b", {}))
    <bdi>b</bdi>
    """
    source = sources.get(source_id, {})
    title, address = text(source.get("title") or source_id), source.get("address", "")
    if not address.startswith(("http://", "https://")):
        return title
    return Markup('<a href="{}">{}</a>').format(address, title)


def _sure(record: Mapping[str, Any], claim: Claim) -> Markup:
    rows: list[Row] = []
    if record["certainty"]:
        start = record["certainty"].get("start")
        begun = Markup(" Starts at {}.").format(start) if start else ""
        rows += [("Certainty", dots(record["certainty"]) + begun), *_steps(record["certainty"]["reasons"])]
    rows.append(("Publication bias", _publication_bias(claim, to_come=not record["certainty"])))
    if record["level"] is not None:
        rows.append(("Level", _level(record["level"])))
    if record["support"]:
        rows.append(("Support", _support(record)))
    return _facts(rows)


def _steps(reasons: Iterable[str]) -> Iterable[Row]:
    """Each step that certainty can go down by, with its reason or that it was not taken; what else is given, below."""
    given = dict(reason.partition(":")[::2] for reason in reasons)
    for step in STEPS:
        reason = given.pop(step, None)
        yield step.capitalize(), NO_STEP if reason is None else Markup("one step down: {}").format(text(reason.strip()))
    given.pop("publication bias", None)  # the claim has its reason, whether it counts or not
    for name, reason in given.items():
        yield "Another step", text(f"{name}:{reason}" if reason else name)


def _publication_bias(claim: Claim, *, to_come: bool) -> Markup:
    bias = claim.publication_bias
    step = "one step down" if bias.downgrade else NO_STEP
    return Markup("{} (judged {}): {}").format(
        f"will count {step}" if to_come else step, formats.day(bias.judged_on), text(bias.reason)
    )


def _rests(record: Mapping[str, Any], around: Surroundings) -> Markup:
    rows: list[Row] = []
    for name, digest in record["tables"].items():
        file = around.files.get(name)
        copy = (
            Markup('<a href="{}data/{}" download><code>{}</code></a> · ').format(around.prefix, file, file)
            if file
            else ""
        )
        rows.append((Markup("table {}").format(_catalogued(name, around)), copy + _hash(digest)))
    if around.function is not None:
        function = _function(around.function, around.prefix)
        rows.append(("function", Markup("{} · {}").format(function, _hash(record["code_sha256"]))))
    rows.append(("definition", _hash(record["definition_sha256"])))
    return Markup('<div class="rests">{}</div>').format(_facts(rows))


def _hash(digest: str | None) -> Markup:
    if not digest:
        return Markup("")
    return Markup('<details class="hash"><summary>sha256 <code>{}</code></summary><code>{}</code></details>').format(
        digest[:SHORT], digest
    )


def _copied(words: str) -> Markup:
    return Markup(
        '<div class="highlight-none notranslate copied"><div class="highlight"><pre>{}</pre></div></div>'
    ).format(words)


def _cite(record: Mapping[str, Any], book: Book) -> Markup:
    return Markup("{}<details><summary>BibTeX</summary>{}</details>").format(
        _copied(citation(record, book)), _copied(bibtex(record, book))
    )


def _object(record: Mapping[str, Any], around: Surroundings) -> Markup:
    return Markup(
        '<p class="where">{}</p><p>{} says what an objection should contain. It can begin like this:</p>{}'
    ).format(
        where_to_object(around.book, "the text below"),
        around.link("methods", "objecting", "The page on methods"),
        _copied(objection(record, around.book)),
    )


def _downloads(record: Mapping[str, Any], around: Surroundings) -> Markup:
    files = [
        (f"{CARDS}/{record['id']}.json", "this claim"),
        ("verdicts.json", "all claims"),
        ("verdicts.csv", "all claims, as a table"),
        ("claim_reviews.json", "all reviewed claims in the vocabulary of schema.org"),
    ]
    return Markup("<ul>{}</ul>").format(
        Markup("").join(
            Markup('<li><a href="{}{}" download>{}</a>: {}</li>').format(around.prefix, path, path, words)
            for path, words in files
        )
    )
