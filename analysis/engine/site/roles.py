"""Roles: values of the ledger and constants of the code in a sentence."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from analysis.engine.data import clock
from analysis.engine.ledger.ledger import rests_on
from analysis.engine.site.constants import constant
from analysis.engine.site.constants import noted as noted_constant
from analysis.engine.site.state import records
from analysis.engine.site.values import noted, value


class LedgerValue(nodes.inline):
    """A value of ledger or code: its text for every builder, with link and note where the page is HTML."""


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
    """``{constant}`analysis.engine.claims.judge:INDIRECT_AFTER_DAYS` ``: a constant of the code in a sentence."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Make the nodes that stand in the role's place."""
        self.env.note_reread()
        note_id = f"constant-note-{self.env.new_serialno('constant-note')}"
        prefix = "../" * self.env.docname.count("/")
        functions = {record["computed_by"] for record in records().values() if record["computed_by"]}
        pages = frozenset().union(*map(rests_on, functions))
        try:
            text = constant(self.text)[1]
            html = noted_constant(self.text, note_id=note_id, pages=pages, prefix=prefix)
        except ValueError as error:
            message = self.inliner.reporter.error(str(error), line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        return [LedgerValue("", text, html=str(html))], []
