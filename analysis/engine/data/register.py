"""Where observations come from, and which of them are corrected on reading."""

from collections.abc import Iterable
from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data import columns as c

KEY = pa.Check.str_matches(r"^\w+=[^;]+(; \w+=[^;]+)*$", error="key=value; key=value")

SOURCES = c.Table(
    name="sources",
    columns={
        "source_id": c.text("identifier used in the other tables"),
        "feed": c.text("independent feed that it carries"),
        "title": c.text("what it is"),
        "address": c.text("where it is", blank=True),
        "path": c.text("file inside it", blank=True),
        "commit": c.text("version", blank=True),
        "licence_as_stated": c.text("licence as the source states it"),
        "first_observed": c.date("first day used", blank=True),
        "last_observed": c.date("last day used", blank=True, after="first_observed"),
        "retrieved": c.date("day of retrieval"),
        "remarks": c.text("what to know before using it", blank=True),
    },
)
Sources = Annotated[pd.DataFrame, SOURCES]


def corrections(tables: Iterable[c.Table]) -> c.Table:
    """The table of declared corrections, for rows of the given tables.

    Examples
    --------
    >>> corrections([SOURCES]).schema.columns["table"].checks[0].error
    'one of sources'
    """
    return c.Table(
        name="corrections",
        columns={
            "correction_id": c.text("identifier"),
            "table": c.choice("table corrected", [table.name for table in tables]),
            "row": c.text("key of the row", KEY),
            "column": c.text("column corrected"),
            "source_said": c.text("value in the table"),
            "corrected": c.text("value used instead; blank drops the row", blank=True),
            "reason": c.text("why"),
            **c.SOURCED,
            "declared_on": c.date("day of the declaration"),
        },
    )
