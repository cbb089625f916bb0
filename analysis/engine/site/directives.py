"""Directives: scoreboard, strips and cards, coverage, catalogue, what changed."""

from __future__ import annotations

from docutils import nodes
from docutils.parsers.rst import directives
from markupsafe import Markup
from sphinx.util.docutils import SphinxDirective

from analysis.engine.claims.coverage import load_coverage
from analysis.engine.data import clock, sealed
from analysis.engine.data.chapters import load_chapters
from analysis.engine.data.report import at_hand
from analysis.engine.data.tables import load, schemas
from analysis.engine.diff import compare, read_ledger
from analysis.engine.site import source
from analysis.engine.site.card import Surroundings, claim_card, short_card
from analysis.engine.site.catalogue import entry
from analysis.engine.site.changes import changes, last_release
from analysis.engine.site.citing import where_to_object
from analysis.engine.site.claim_review import review, script
from analysis.engine.site.coverage import coverage, systems
from analysis.engine.site.downloads import package
from analysis.engine.site.scoreboard import scoreboard
from analysis.engine.site.state import book, declared, records, report, sources
from analysis.engine.site.strip import strip

#: Folder of the repository that holds the ledger of each version.
RELEASES = "book/releases"


class _Directive(SphinxDirective):
    """A directive whose page is read anew on every build, since it shows the ledger or the data."""

    def links(self) -> dict[str, str]:
        """Address of each chapter that has a page."""
        return {name: f"{self.prefix()}{name}.html" for name in load_chapters() if name in self.env.found_docs}

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


class ClaimCard(_Directive):
    """``{claim-card} R1``: all about one claim, with its review for machines; with ``:short:``, the short card."""

    required_arguments = 1
    option_spec = {"short": directives.flag}  # noqa: RUF012, as Docutils declares it

    def run(self) -> list[nodes.Node]:
        """Make the nodes that stand in the directive's place."""
        claim = self.arguments[0]
        if claim not in records():
            raise self.error(f"no claim {claim!r} in the ledger; known: {', '.join(records())}")
        record, around = records()[claim], self.around(claim)
        if "short" in self.options:
            return self.html(short_card(record, around))
        self.state.document["title"] = f"{claim}: {record['statement']}"  # in the browser's tab and in search results
        found = review(record, declared()[claim], report=report(self.env.app), book=around.book, on_card=True)
        return self.html(claim_card(record, declared()[claim], around) + (script(found) if found else ""))

    def around(self, claim: str) -> Surroundings:
        """What the card of a claim refers to."""
        ids, computed_by = list(records()), records()[claim]["computed_by"]
        at = ids.index(claim)
        return Surroundings(
            book=book(self.env.app),
            today=clock.today(),
            prefix=self.prefix(),
            pages=frozenset(self.env.found_docs),
            before=ids[at - 1] if at else None,
            after=ids[at + 1] if at + 1 < len(ids) else None,
            function=source.locate(computed_by) if computed_by else None,
            sources=sources(),
            files={resource["name"]: resource["path"] for resource in package(sealed.data_dir())["resources"]},
        )


class Coverage(_Directive):
    """``{coverage}``: every sentence of the report and what becomes of it."""

    def run(self) -> list[nodes.Node]:
        """Make the nodes that stand in the directive's place."""
        return self.html(coverage(load_coverage().sentences, list(records().values()), self.prefix()))


class Systems(_Directive):
    """``{systems}``: every system that the report names and where the evidence on it stands."""

    def run(self) -> list[nodes.Node]:
        """Make the nodes that stand in the directive's place."""
        return self.html(systems(load_coverage().systems, list(records().values()), self.links(), self.prefix()))


class WhereToObject(_Directive):
    """``{where-to-object}``: where an objection goes."""

    def run(self) -> list[nodes.Node]:
        """Make the nodes that stand in the directive's place."""
        return self.html(Markup('<p class="where">{}</p>').format(where_to_object(book(self.env.app), "it")))


class WhatChanged(_Directive):
    """``{what-changed}``: what differs from the ledger of the last release in the change log."""

    def run(self) -> list[nodes.Node]:
        """Make the nodes that stand in the directive's place."""
        log = at_hand().root / "CHANGELOG.md"
        release = last_release(log.read_text("utf-8")) if log.is_file() else None
        if release is None:
            return self.html(changes(None, None, ""))
        file = at_hand().root / RELEASES / f"{release[0]}.json"
        if not file.is_file():
            raise self.error(f"no {RELEASES}/{file.name}: the ledger of version {release[0]}, which CHANGELOG.md lists")
        folder = sealed.data_dir().resolve()
        root = at_hand().root
        name = folder.relative_to(root) if folder.is_relative_to(root) else folder.name
        command = f"python -m analysis diff {RELEASES}/{file.name} {name}"
        return self.html(changes(compare(read_ledger(file), records().values()), release, command, self.prefix()))


class DataCatalogue(_Directive):
    """``{data-catalogue}``: a section for each table and each other file of the data package."""

    def run(self) -> list[nodes.Node]:
        """Make the nodes that stand in the directive's place."""
        self.env.note_reread()
        sections: list[nodes.Node] = []
        for resource in package(sealed.data_dir())["resources"]:
            rows, used = _contents(resource["name"])
            section = nodes.section(ids=[f"table-{resource['name']}"], names=[resource["name"]])
            section += nodes.title("", resource["name"])
            html = entry(resource, rows=rows, sources=[sources()[name] for name in used], prefix=self.prefix())
            section += nodes.raw("", str(html), format="html")
            sections.append(section)
        return sections


def _contents(name: str) -> tuple[int | None, list[str]]:
    """Number of rows of a table and the sources that its rows name; nothing for what is not a table."""
    if name not in schemas():
        return None, []
    frame = load(name)
    columns = [column for column, (other, _) in schemas()[name].references.items() if other == "sources"]
    cells = {cell for column in columns for cell in frame[column].dropna().unique()}
    return len(frame), sorted({part for cell in cells for part in str(cell).split("|") if part})
