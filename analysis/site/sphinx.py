"""Directives and events: the one module here that knows Sphinx, the ledger and the data folder."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from analysis import clock, data, ledger
from analysis.coverage import load_coverage
from analysis.diff import compare, read_ledger
from analysis.records import table_schema, to_csv, to_json
from analysis.site.banner import banner
from analysis.site.catalogue import entry
from analysis.site.changes import changes, last_release
from analysis.site.constants import constant
from analysis.site.coverage import coverage, systems
from analysis.site.downloads import copy_data, package
from analysis.site.scoreboard import scoreboard
from analysis.site.strip import strip
from analysis.site.values import noted, value

THEME = Path(__file__).parent / "theme"
#: Name of the button that copies a block of code.
COPY = "Copy code"
#: Folder that holds the change log and, in `RELEASES`, the ledger of each version.
REPOSITORY = Path(__file__).resolve().parents[2]
RELEASES = "book/releases"


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


class LedgerValue(nodes.inline):
    """A value of the ledger: its text for every builder, with link and note where the page is HTML."""


def _visit_value(translator: Any, node: LedgerValue) -> None:
    above = node.parent
    while above is not None and not isinstance(above, nodes.title | nodes.reference):
        above = above.parent
    if above is None:  # a heading is repeated in the contents, where a link holds it
        translator.body.append(node["html"])
        raise nodes.SkipNode
    translator.visit_inline(node)


def _depart_value(translator: Any, node: LedgerValue) -> None:
    translator.depart_inline(node)


class ClaimValue(SphinxRole):
    """``{claim}`R1:estimate` ``: a value of the ledger in a sentence."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Make the nodes that stand in the role's place."""
        self.env.note_reread()
        note_id = f"claim-note-{self.env.new_serialno('claim-note')}"
        prefix = "../" * self.env.docname.count("/")
        try:
            text = value(self.text, records())
            html = noted(self.text, records(), note_id=note_id, today=clock.today(), prefix=prefix)
        except ValueError as error:
            message = self.inliner.reporter.error(str(error), line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        return [LedgerValue("", text, html=str(html))], []


class Constant(SphinxRole):
    """``{constant}`analysis.verdicts:INDIRECT_AFTER_DAYS` ``: a constant of the code in a sentence."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Make the nodes that stand in the role's place."""
        self.env.note_reread()
        try:
            name, text = constant(self.text)
        except ValueError as error:
            message = self.inliner.reporter.error(str(error), line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        html = Markup('<span class="constant" title="{}">{}</span>').format(name, text)
        return [nodes.raw("", str(html), format="html")], []


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
        return self.html(scoreboard(list(records().values()), self.links(), prefix=self.prefix()))


class VerdictStrip(_Directive):
    """``{verdict-strip} R1``: the verdict on one claim in four fields."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the nodes that stand in the directive's place."""
        claim = self.arguments[0]
        if claim not in records():
            raise self.error(f"no claim {claim!r} in the ledger; known: {', '.join(records())}")
        return self.html(strip(records()[claim]))


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


class WhatChanged(_Directive):
    """``{what-changed}``: what differs from the ledger of the last release in the change log."""

    def run(self) -> list[nodes.Node]:
        """Make the nodes that stand in the directive's place."""
        log = REPOSITORY / "CHANGELOG.md"
        release = last_release(log.read_text("utf-8")) if log.is_file() else None
        if release is None:
            return self.html(changes(None, None, ""))
        file = REPOSITORY / RELEASES / f"{release[0]}.json"
        if not file.is_file():
            raise self.error(f"no {RELEASES}/{file.name}: the ledger of version {release[0]}, which CHANGELOG.md lists")
        folder = data.data_dir().resolve()
        name = folder.relative_to(REPOSITORY) if folder.is_relative_to(REPOSITORY) else folder.name
        command = f"python -m analysis diff {RELEASES}/{file.name} {name}"
        return self.html(changes(compare(read_ledger(file), records().values()), release, command, self.prefix()))


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
        "coverage": Coverage,
        "systems": Systems,
        "what-changed": WhatChanged,
        "data-catalogue": DataCatalogue,
    }.items():
        app.add_directive(name, directive)
    app.add_role("claim", ClaimValue())
    app.add_node(LedgerValue, html=(_visit_value, _depart_value))
    app.add_role("constant", Constant())
    app.connect("builder-inited", lambda app: records.cache_clear())
    app.connect("config-inited", _settings, priority=900)
    app.connect("html-page-context", _page, priority=900)
    app.connect("build-finished", _files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _settings(app: Sphinx, config: Any) -> None:
    config.templates_path[:0] = [str(THEME), str(THEME / "components")]
    config.nb_code_prompt_show, config.nb_code_prompt_hide = "Show the code", "Hide the code"


def _page(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    # A list whose children are "doc-biblioentry" has no items for a screen reader; that role is deprecated. MyST-NB
    # names what opens a cell otherwise than its text does.
    body = context.get("body", "").replace('role="doc-biblioentry"', 'role="listitem"')
    context["body"] = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")
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
    for name, schema in {
        "verdicts.schema.json": ledger.json_schema(),
        "verdicts.csv.schema.json": table_schema(),
    }.items():
        (site / name).write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", "utf-8")
