"""Directives: scoreboard, strips and cards, coverage, catalogue, what changed."""

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
from analysis.engine.ledger import ledger
from analysis.engine.ledger.entries import Entry
from analysis.engine.site import source, state
from analysis.engine.site.card import Surroundings, claim_card, short_card, strip
from analysis.engine.site.catalogue import entry
from analysis.engine.site.changes import changes, last_release
from analysis.engine.site.claim_review import review, script
from analysis.engine.site.coverage import coverage, systems
from analysis.engine.site.html import macro
from analysis.engine.site.scoreboard import scoreboard

#: Folder of the repository that holds the ledger of each version.
RELEASES = "book/releases"


class _Directive(SphinxDirective):
    """A directive whose page is read anew on every build, since it shows the ledger or the data."""

    def run(self) -> list[nodes.Node]:
        """Make the nodes that stand in the directive's place."""
        self.env.note_reread()
        return [nodes.raw("", str(self._html()), format="html")]

    def _html(self) -> Markup:
        raise NotImplementedError

    def _links(self) -> dict[str, str]:
        """Address of each chapter that has a page."""
        return {name: f"{self._prefix()}{name}.html" for name in load_chapters() if name in self.env.found_docs}

    def _prefix(self) -> str:
        """What leads from the page to the site's root."""
        return "../" * self.env.docname.count("/")

    def _entry(self) -> Entry:
        """The entry on the claim that the directive names."""
        claim, entries = self.arguments[0], state.entries()
        if claim not in entries:
            raise self.error(f"no claim {claim!r} in the ledger; known: {', '.join(entries)}")
        return entries[claim]


class Scoreboard(_Directive):
    """``{scoreboard}``: every claim with its verdict."""

    def _html(self) -> Markup:
        return scoreboard(list(state.entries().values()), self._links(), prefix=self._prefix())


class VerdictStrip(_Directive):
    """``{verdict-strip} X1``: the verdict on one claim in four fields."""

    required_arguments = 1

    def _html(self) -> Markup:
        return strip(self._entry())


class ClaimCard(_Directive):
    """``{claim-card} X1``: all about one claim, with its review for machines; with ``:short:``, the short card."""

    required_arguments = 1
    option_spec = {"short": directives.flag}  # noqa: RUF012, as Docutils declares it

    def _html(self) -> Markup:
        found = self._entry()
        around, claim = self._around(found), state.declared()[found.id]
        if "short" in self.options:
            return short_card(found, around)
        self.state.document["title"] = f"{found.id}: {found.statement}"  # in the browser's tab and in search results
        reviewed = review(found, claim, report=state.report(self.env.app), book=around.book, on_card=True)
        return claim_card(found, claim, around) + (script(reviewed) if reviewed else "")

    def _around(self, found: Entry) -> Surroundings:
        ids = list(state.entries())
        at = ids.index(found.id)
        return Surroundings(
            book=state.book(self.env.app),
            today=clock.today(),
            prefix=self._prefix(),
            pages=frozenset(self.env.found_docs),
            before=ids[at - 1] if at else None,
            after=ids[at + 1] if at + 1 < len(ids) else None,
            function=source.locate(found.computed_by) if found.computed_by else None,
            sources=state.sources(),
            files={resource["name"]: resource["path"] for resource in sealed.read_package()["resources"]},
        )


class Coverage(_Directive):
    """``{coverage}``: every sentence of the report and what becomes of it."""

    def _html(self) -> Markup:
        return coverage(load_coverage().sentences, state.entries(), self._prefix())


class Systems(_Directive):
    """``{systems}``: every system that the report names and where the evidence on it stands."""

    def _html(self) -> Markup:
        return systems(load_coverage().systems, state.entries(), self._links(), self._prefix())


class WhereToObject(_Directive):
    """``{where-to-object}``: where an objection goes."""

    def _html(self) -> Markup:
        return Markup('<p class="where">{}</p>').format(macro("where_to_object")(state.book(self.env.app), "it"))


class WhatChanged(_Directive):
    """``{what-changed}``: what differs from the ledger of the last release in the change log."""

    def _html(self) -> Markup:
        root, folder = at_hand().root, sealed.data_dir().resolve()
        log = root / "CHANGELOG.md"
        release = last_release(log.read_text("utf-8")) if log.is_file() else None
        if release is None:
            return changes(None, None, "")
        file = root / RELEASES / f"{release[0]}.json"
        if not file.is_file():
            raise self.error(f"no {RELEASES}/{file.name}: the ledger of version {release[0]}, which CHANGELOG.md lists")
        name = folder.relative_to(root) if folder.is_relative_to(root) else folder.name
        command = f"python -m {at_hand().package} diff {RELEASES}/{file.name} {name}"
        now = ledger.to_records(state.entries().values())
        return changes(compare(read_ledger(file), now), release, command, self._prefix())


class DataCatalogue(_Directive):
    """``{data-catalogue}``: a section for each table and each other file of the data package."""

    def run(self) -> list[nodes.Node]:
        """Make the nodes that stand in the directive's place."""
        self.env.note_reread()
        sections: list[nodes.Node] = []
        for resource in sealed.read_package()["resources"]:
            rows, used = _contents(resource["name"])
            section = nodes.section(ids=[f"table-{resource['name']}"], names=[resource["name"]])
            section += nodes.title("", resource["name"])
            html = entry(resource, rows=rows, sources=[state.sources()[name] for name in used], prefix=self._prefix())
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
