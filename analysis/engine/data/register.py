"""Where observations come from, and which of them are corrected on reading."""

from collections.abc import Iterable
from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data.columns import DATE, FILLED, TEXT, Table, choice, column, in_order

KEY = pa.Check.str_matches(r"^\w+=[^;]+(; \w+=[^;]+)*$", error="key=value; key=value")

SOURCES = Table(
    name="sources",
    title="Sources",
    description="Where each observation comes from, at which version, under which licence as stated there.",
    rules=("feed is the same for sources that carry the same observations; a feed counts once in a consensus.",),
    schema=pa.DataFrameSchema(
        {
            "source_id": column(TEXT, "identifier used in the other tables", FILLED),
            "feed": column(TEXT, "independent feed that it carries", FILLED),
            "title": column(TEXT, "what it is", FILLED),
            "address": column(TEXT, "where it is"),
            "path": column(TEXT, "file inside it"),
            "commit": column(TEXT, "version"),
            "licence_as_stated": column(TEXT, "licence as the source states it", FILLED),
            "first_observed": column(DATE, "first day used", nullable=True),
            "last_observed": column(DATE, "last day used", nullable=True),
            "retrieved": column(DATE, "day of retrieval"),
            "remarks": column(TEXT, "what to know before using it"),
        },
        checks=[in_order("first_observed", "last_observed")],
        unique=["source_id"],
        strict=True,
    ),
    licence="Own compilation, CC BY 4.0.",
)
Sources = Annotated[pd.DataFrame, SOURCES]


def corrections(tables: Iterable[Table]) -> Table:
    """The table of declared corrections, for rows of the given tables.

    Examples
    --------
    >>> corrections([SOURCES]).schema.columns["table"].checks[0].error
    'one of sources'
    """
    return Table(
        name="corrections",
        title="Declared corrections",
        description="Bad observations that are kept in their table and corrected on reading.",
        rules=(
            "row names the key, as in 'date=2023-03-04; symbol=TAO'. A blank corrected value drops the row.",
            "Guard: where the table no longer says what source_said says, reading fails: the source may have been "
            "mended.",
        ),
        schema=pa.DataFrameSchema(
            {
                "correction_id": column(TEXT, "identifier", FILLED),
                "table": column(TEXT, "table corrected", choice(tuple(table.name for table in tables))),
                "row": column(
                    TEXT,
                    "key of the row",
                    pa.Check.str_matches(r"^\w+=[^;]+(; \w+=[^;]+)*$", error="key=value; key=value"),
                ),
                "column": column(TEXT, "column corrected", FILLED),
                "source_said": column(TEXT, "value in the table", FILLED),
                "corrected": column(TEXT, "value used instead; blank drops the row"),
                "reason": column(TEXT, "why", FILLED),
                "source_id": column(TEXT, "source", FILLED),
                "declared_on": column(DATE, "day of the declaration"),
            },
            unique=["correction_id"],
            strict=True,
        ),
        references={"source_id": ("sources", "source_id")},
        licence="Own compilation, CC BY 4.0.",
    )
