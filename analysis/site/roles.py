"""Roles: values of the ledger and constants of the code in a sentence."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.util.docutils import SphinxRole

from analysis import clock
from analysis.site.constants import constant
from analysis.site.state import records
from analysis.site.values import noted, value


class LedgerValue(nodes.inline):
    """A value of the ledger: its text for every builder, with link and note where the page is HTML."""


def visit_value(translator: Any, node: LedgerValue) -> None:
    """Write a value with its link and note, or as plain text inside a heading or a link."""
    above = node.parent
    while above is not None and not isinstance(above, nodes.title | nodes.reference):
        above = above.parent
    if above is None:  # a heading is repeated in the contents, where a link holds it
        translator.body.append(node["html"])
        raise nodes.SkipNode
    translator.visit_inline(node)


def depart_value(translator: Any, node: LedgerValue) -> None:
    """End a value that was written as plain text."""
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
