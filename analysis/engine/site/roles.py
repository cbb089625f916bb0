"""Roles: values of the ledger and constants of the code in a sentence."""

from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.util.docutils import SphinxRole

from analysis.engine.data import clock
from analysis.engine.ledger.ledger import rests_on
from analysis.engine.site import constants, values
from analysis.engine.site.state import entries


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


class _Value(SphinxRole):
    """A role whose text names a value; the page is read anew on every build."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Make the nodes that stand in the role's place."""
        self.env.note_reread()
        note = f"{self.kind}-note"
        try:
            text, html = self._said(f"{note}-{self.env.new_serialno(note)}", "../" * self.env.docname.count("/"))
        except ValueError as error:
            message = self.inliner.reporter.error(str(error), line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        return [LedgerValue("", text, html=str(html))], []


class ClaimValue(_Value):
    """``{claim}`X1:estimate` ``: a value of the ledger in a sentence."""

    kind = "claim"

    def _said(self, note_id: str, prefix: str) -> tuple[str, Markup]:
        html = values.noted(self.text, entries(), note_id=note_id, today=clock.today(), prefix=prefix)
        return values.value(self.text, entries()), html


class Constant(_Value):
    """``{constant}`analysis.engine.claims.judge:INDIRECT_AFTER_DAYS` ``: a constant of the code in a sentence."""

    kind = "constant"

    def _said(self, note_id: str, prefix: str) -> tuple[str, Markup]:
        functions = {entry.computed_by for entry in entries().values() if entry.computed_by}
        pages = frozenset().union(*map(rests_on, functions))
        html = constants.noted(self.text, note_id=note_id, pages=pages, prefix=prefix)
        return constants.constant(self.text)[1], html
