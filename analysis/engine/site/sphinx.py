"""Events of a build: what the extension brings, the pages that it makes, the files that it leaves."""

import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from analysis.engine.data import sealed
from analysis.engine.data.chapters import load_chapters, titles
from analysis.engine.ledger import ledger
from analysis.engine.ledger.provenance import file_of, graph
from analysis.engine.ledger.records import TABLE_SCHEMA, to_csv, to_json
from analysis.engine.site import directives, roles, source, state
from analysis.engine.site.addresses import CARDS, SOURCES, source_page
from analysis.engine.site.card import stub
from analysis.engine.site.catalogue import banner
from analysis.engine.site.claim_review import json_schema, review

THEME, STATIC = (Path(__file__).parent / name for name in ("theme", "static"))
#: Stylesheet of the chapters' colours, written from ``chapters.yml``.
COLOURS = "chapters.css"
#: Name of the button that copies a block of code.
COPY = "Copy code"
#: Pages without a column of contents have its room from their first line on, so that nothing moves while they load.
ONE_COLUMN = (
    "<style>@media (min-width: 1200px) { .bd-main .bd-content { grid-template-columns: minmax(0, 70rem) !important; } }"
    "</style>"
)


def connect(app: Sphinx) -> dict[str, Any]:
    """Register directives, events and templates; returns the extension's metadata.

    Examples
    --------
    >>> from unittest.mock import MagicMock
    >>> connect(MagicMock())
    {'parallel_read_safe': True, 'parallel_write_safe': True}
    """
    for name, directive in {
        "scoreboard": directives.Scoreboard,
        "verdict-strip": directives.VerdictStrip,
        "claim-card": directives.ClaimCard,
        "coverage": directives.Coverage,
        "systems": directives.Systems,
        "where-to-object": directives.WhereToObject,
        "what-changed": directives.WhatChanged,
        "data-catalogue": directives.DataCatalogue,
    }.items():
        app.add_directive(name, directive)
    app.add_role("claim", roles.ClaimValue())
    app.add_node(roles.LedgerValue, html=(roles.visit_value, roles.depart_value))
    app.add_role("constant", roles.Constant())
    app.connect("builder-inited", lambda app: state.forget())
    app.connect("builder-inited", _stubs)
    app.connect("html-collect-pages", _sources)
    app.connect("config-inited", _settings, priority=900)
    app.connect("html-page-context", _page, priority=900)
    app.connect("build-finished", _files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _stubs(app: Sphinx) -> None:
    """Leave one page for each claim's card among the sources, and none for a claim that is gone."""
    folder = Path(app.srcdir) / CARDS
    folder.mkdir(exist_ok=True)
    wanted = {f"{claim}.md": stub(claim) for claim in state.entries()}
    for file in folder.glob("*.md"):
        if file.name not in wanted:
            file.unlink()
    for name, content in wanted.items():
        if not (folder / name).is_file() or (folder / name).read_text("utf-8") != content:
            (folder / name).write_text(content, "utf-8")


def _sources(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Pages of all modules that a verdict rests on."""
    computed = {entry.id: entry.computed_by for entry in state.entries().values() if entry.computed_by}
    resting = {claim: ledger.rests_on(function) for claim, function in computed.items()}
    shown = set().union(*resting.values())
    for module in sorted(shown):
        body = source.page(
            module,
            file_of(module).read_text("utf-8"),
            claims={claim: source.locate(computed[claim]) for claim in computed if module in resting[claim]},
            imports=sorted(graph().find_modules_directly_imported_by(module) & shown),
            prefix="../",
        )
        yield source_page(module).removesuffix(".html"), {"title": module, "body": str(body)}, "page.html"


def _settings(app: Sphinx, config: Any) -> None:
    config.templates_path[:0] = [str(THEME), str(THEME / "components")]
    config.html_static_path.append(str(STATIC))
    for file in sorted(STATIC.glob("*.js")):
        app.add_js_file(file.name)
    for name in (*sorted(file.name for file in STATIC.glob("*.css")), COLOURS):
        app.add_css_file(name)
    config.nb_code_prompt_show, config.nb_code_prompt_hide = "Show the code", "Hide the code"


def _page(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    # A list whose children are "doc-biblioentry" has no items for a screen reader; that role is deprecated. MyST-NB
    # names what opens a cell otherwise than its text does.
    body = context.get("body", "").replace('role="doc-biblioentry"', 'role="listitem"')
    context["body"] = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")
    if pagename == app.config.root_doc or pagename.startswith((f"{CARDS}/", f"{SOURCES}/")):
        context["metatags"] = context.get("metatags", "") + ONE_COLUMN
    notice = banner(sealed.read_package())
    if notice is not None:
        context["theme_announcement"] = notice


def _colours() -> str:
    """Each chapter's colour as a variable, and as the square beside its claims."""
    chapters = load_chapters().values()
    variables = " ".join(f"--chapter-{chapter.id}: {chapter.colour};" for chapter in chapters)
    squares = "".join(f".square.{name} {{ background: var(--chapter-{name}); }}\n" for name in titles())
    return f"html {{ {variables} }}\n{squares}"


def copy_data(source: Path, site: Path, names: Iterable[str]) -> None:
    """Copy these files byte for byte into the folder of the site from which they are downloaded."""
    (site / "data").mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copyfile(source / name, site / "data" / name)


def _files(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    site, folder = Path(app.outdir), sealed.data_dir()
    shutil.rmtree(site / "_static" / "vendor" / "fontawesome", ignore_errors=True)  # 2.6 MB that no page loads any more
    buttons = site / "_static" / "copybutton.js"  # whose buttons have no name
    script = buttons.read_text("utf-8")
    buttons.write_text(script.replace('<button class="copybtn', f'<button aria-label="{COPY}" class="copybtn'), "utf-8")
    (site / "_static" / COLOURS).write_text(_colours(), "utf-8")
    copy_data(folder, site, [*(resource["path"] for resource in sealed.read_package()["resources"]), sealed.PACKAGE])
    entries = list(state.entries().values())
    records = ledger.to_records(entries)
    (site / "verdicts.json").write_text(to_json(records), "utf-8")
    (site / "verdicts.csv").write_text(to_csv(records), "utf-8", newline="")
    known, report, book = state.declared(), state.report(app), state.book(app)
    reviews = [review(entry, known[entry.id], report=report, book=book) for entry in entries]
    for name, content in {
        "verdicts.schema.json": ledger.json_schema(),
        "verdicts.csv.schema.json": TABLE_SCHEMA,
        "claim_reviews.json": [found for found in reviews if found],
        "claim_review.schema.json": json_schema(),
        **{f"{CARDS}/{record['id']}.json": record for record in records},
    }.items():
        (site / name).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
