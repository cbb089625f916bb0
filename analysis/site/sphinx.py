"""Directives and events: the one module here that knows Sphinx, the ledger and the data folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from analysis import claims, data, ledger, verdicts
from analysis.clock import today
from analysis.coverage import load_coverage
from analysis.provenance import ROOT, closure, file_of, graph
from analysis.records import table_schema, to_csv, to_json
from analysis.site import source
from analysis.site.banner import banner
from analysis.site.card import FOLDER, Surroundings, claim_card, short_card, stub
from analysis.site.catalogue import entry
from analysis.site.claim_review import Book, json_schema, read_book, read_report, review, script
from analysis.site.coverage import coverage, systems
from analysis.site.downloads import copy_data, package
from analysis.site.scoreboard import scoreboard
from analysis.site.strip import strip
from analysis.site.values import value

THEME = Path(__file__).parent / "theme"
#: Name of the button that copies a block of code.
COPY = "Copy code"
#: A longer value of the ledger is a sentence, and set like one.
LONGEST_FIGURE = 40

#: Pages without a column of contents have its room from their first line on, so that nothing moves while they load.
ONE_COLUMN = (
    "<style>@media (min-width: 1200px) { .bd-main .bd-content { grid-template-columns: minmax(0, 70rem) !important; } }"
    "</style>"
)


@cache
def records() -> dict[str, dict[str, Any]]:
    """Ledger records by claim id; read once in a build.

    Returns
    -------
    dict

    Examples
    --------
    >>> records()["R1"]["chapter"]
    'returns'
    """
    return {record["id"]: record for record in ledger.to_records(ledger.entries())}


class ClaimValue(SphinxRole):
    """``{claim}`R1:estimate` ``: a value of the ledger in a sentence."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Make the nodes that stand in the role's place."""
        self.env.note_reread()
        try:
            text = value(self.text, records())
            classes = ["ledger-value", *(["sentence"] if len(text) > LONGEST_FIGURE else [])]
            return [nodes.inline("", text, classes=classes)], []
        except ValueError as error:
            message = self.inliner.reporter.error(str(error), line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]


class _Directive(SphinxDirective):
    """A directive whose page is read anew on every build, since it shows the ledger or the data."""

    def links(self) -> dict[str, str]:
        """Address of each chapter that has a page."""
        return {name: f"{self.prefix()}{name}.html" for name in ledger.CHAPTERS if name in self.env.found_docs}

    def prefix(self) -> str:
        """What leads from the page to the site's root."""
        return "../" * self.env.docname.count("/")

    def html(self, text: Markup) -> list[nodes.Node]:
        """Nodes of some HTML."""
        self.env.note_reread()
        return [nodes.raw("", str(text), format="html")]


class Scoreboard(_Directive):
    """``{scoreboard}``: every claim with its verdict."""

    def run(self) -> list[nodes.Node]:
        """Make the nodes that stand in the directive's place."""
        return self.html(scoreboard(list(records().values()), self.links()))


class VerdictStrip(_Directive):
    """``{verdict-strip} R1``: the verdict on one claim in four fields."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the nodes that stand in the directive's place."""
        claim = self.arguments[0]
        if claim not in records():
            raise self.error(f"no claim {claim!r} in the ledger; known: {', '.join(records())}")
        return self.html(strip(records()[claim]))


class ClaimCard(_Directive):
    """``{claim-card} R1``: all about one claim, with its review for machines; with ``:short:``, the short card."""

    required_arguments = 1
    option_spec = {"short": directives.flag}  # noqa: RUF012, as Docutils declares it

    def run(self) -> list[nodes.Node]:
        """Make the nodes that stand in the directive's place."""
        claim = self.arguments[0]
        if claim not in records():
            raise self.error(f"no claim {claim!r} in the ledger; known: {', '.join(records())}")
        record, declared, around = records()[claim], claims.load_claims()[claim], self.around(claim)
        if "short" in self.options:
            return self.html(short_card(record, around))
        self.state.document["title"] = f"{claim}: {record['statement']}"  # in the browser's tab and in search results
        found = review(record, declared, report=_report(self.env.app), book=around.book, root=self.prefix())
        return self.html(claim_card(record, declared, around) + (script(found) if found else ""))

    def around(self, claim: str) -> Surroundings:
        """What the card of a claim refers to."""
        ids, computed_by = list(records()), records()[claim]["computed_by"]
        at = ids.index(claim)
        table = data.load("sources").set_index("source_id")
        return Surroundings(
            book=_book(self.env.app),
            today=today(),
            prefix=self.prefix(),
            pages=frozenset(self.env.found_docs),
            before=ids[at - 1] if at else None,
            after=ids[at + 1] if at + 1 < len(ids) else None,
            function=source.locate(computed_by) if computed_by else None,
            sources=table[["title", "address"]].fillna("").to_dict("index"),
            files={resource["name"]: resource["path"] for resource in package(data.data_dir())["resources"]},
        )


class Coverage(_Directive):
    """``{coverage}``: every sentence of the report and what becomes of it."""

    def run(self) -> list[nodes.Node]:
        """Make the nodes that stand in the directive's place."""
        return self.html(coverage(load_coverage().sentences, list(records().values()), self.links()))


class Systems(_Directive):
    """``{systems}``: every system that the report names and where the evidence on it stands."""

    def run(self) -> list[nodes.Node]:
        """Make the nodes that stand in the directive's place."""
        return self.html(systems(load_coverage().systems, list(records().values()), self.links()))


class DataCatalogue(_Directive):
    """``{data-catalogue}``: a section for each table and each other file of the data package."""

    def run(self) -> list[nodes.Node]:
        """Make the nodes that stand in the directive's place."""
        self.env.note_reread()
        table = data.load("sources").set_index("source_id")
        sources = table[["title", "address", "commit", "licence_as_stated"]].fillna("").to_dict("index")
        sections: list[nodes.Node] = []
        for resource in package(data.data_dir())["resources"]:
            rows, used = _contents(resource["name"])
            section = nodes.section(ids=[f"table-{resource['name']}"], names=[resource["name"]])
            section += nodes.title("", resource["name"])
            html = entry(resource, rows=rows, sources=[sources[name] for name in used], prefix=self.prefix())
            section += nodes.raw("", str(html), format="html")
            sections.append(section)
        return sections


def _contents(name: str) -> tuple[int | None, list[str]]:
    """Number of rows of a table and the sources that its rows name; nothing for what is not a table."""
    if name not in data.TABLES:
        return None, []
    frame = data.load(name)
    columns = [column for column, (other, _) in data.TABLES[name].references.items() if other == "sources"]
    cells = {cell for column in columns for cell in frame[column].dropna().unique()}
    return len(frame), sorted({part for cell in cells for part in str(cell).split("|") if part})


def connect(app: Sphinx) -> dict[str, Any]:
    """Register directives, events and templates.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The application.

    Returns
    -------
    dict
        The extension's metadata.

    Examples
    --------
    >>> from unittest.mock import MagicMock
    >>> connect(MagicMock())
    {'parallel_read_safe': True, 'parallel_write_safe': True}
    """
    for name, directive in {
        "scoreboard": Scoreboard,
        "verdict-strip": VerdictStrip,
        "claim-card": ClaimCard,
        "coverage": Coverage,
        "systems": Systems,
        "data-catalogue": DataCatalogue,
    }.items():
        app.add_directive(name, directive)
    app.add_role("claim", ClaimValue())
    app.connect("builder-inited", lambda app: records.cache_clear())
    app.connect("builder-inited", _stubs)
    app.connect("html-collect-pages", _sources)
    app.connect("config-inited", _settings, priority=900)
    app.connect("html-page-context", _page, priority=900)
    app.connect("build-finished", _files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _book(app: Sphinx) -> Book:
    return read_book(ROOT / "CITATION.cff", published=today(), base=app.config.html_baseurl)


def _report(app: Sphinx) -> Any:
    return read_report(Path(app.srcdir) / "references.bib")


def _stubs(app: Sphinx) -> None:
    """Leave one page for each claim's card among the sources, and none for a claim that is gone."""
    folder = Path(app.srcdir) / FOLDER
    folder.mkdir(exist_ok=True)
    wanted = {f"{claim}.md": stub(claim) for claim in records()}
    for file in folder.glob("*.md"):
        if file.name not in wanted:
            file.unlink()
    for name, content in wanted.items():
        if not (folder / name).is_file() or (folder / name).read_text("utf-8") != content:
            (folder / name).write_text(content, "utf-8")


def _sources(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Pages of all modules that a verdict rests on."""
    computed = {claim: record["computed_by"] for claim, record in records().items() if record["computed_by"]}
    judging = verdicts.__name__, ledger.__name__
    resting = {claim: closure([by.partition(":")[0], judging[0]]) | {judging[1]} for claim, by in computed.items()}
    shown = set().union(*resting.values())
    for module in sorted(shown):
        body = source.page(
            module,
            file_of(module).read_text("utf-8"),
            claims={claim: source.locate(computed[claim]) for claim in computed if module in resting[claim]},
            imports=sorted(graph().find_modules_directly_imported_by(module) & shown),
            prefix="../",
        )
        yield f"{source.FOLDER}/{module}", {"title": module, "body": str(body)}, "page.html"


def _settings(app: Sphinx, config: Any) -> None:
    config.templates_path[:0] = [str(THEME), str(THEME / "components")]
    config.nb_code_prompt_show, config.nb_code_prompt_hide = "Show the code", "Hide the code"


def _page(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    # A list whose children are "doc-biblioentry" has no items for a screen reader; that role is deprecated. MyST-NB
    # names what opens a cell otherwise than its text does.
    body = context.get("body", "").replace('role="doc-biblioentry"', 'role="listitem"')
    context["body"] = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")
    if pagename.startswith((f"{FOLDER}/", f"{source.FOLDER}/")):
        context["metatags"] = context.get("metatags", "") + ONE_COLUMN
    notice = banner(package(data.data_dir()))
    if notice is not None:
        context["theme_announcement"] = notice


def _files(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    site, folder = Path(app.outdir), data.data_dir()
    shutil.rmtree(site / "_static" / "vendor" / "fontawesome", ignore_errors=True)  # 2.6 MB that no page loads any more
    buttons = site / "_static" / "copybutton.js"  # whose buttons have no name
    script = buttons.read_text("utf-8")
    buttons.write_text(script.replace('<button class="copybtn', f'<button aria-label="{COPY}" class="copybtn'), "utf-8")
    files = [resource["path"] for resource in package(folder)["resources"]]
    copy_data(folder, site, [*files, "datapackage.json"])
    found = ledger.to_records(ledger.entries())
    (site / "verdicts.json").write_text(to_json(found), "utf-8")
    (site / "verdicts.csv").write_text(to_csv(found), "utf-8", newline="")
    known, report, book = claims.load_claims(), _report(app), _book(app)
    reviews = [review(record, known[record["id"]], report=report, book=book) for record in found]
    for name, content in {
        "verdicts.schema.json": ledger.json_schema(),
        "verdicts.csv.schema.json": table_schema(),
        "claim_reviews.json": [found for found in reviews if found],
        "claim_review.schema.json": json_schema(),
        **{f"{FOLDER}/{record['id']}.json": record for record in found},
    }.items():
        (site / name).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
