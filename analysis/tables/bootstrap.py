"""How far tests with few clusters can be trusted, by simulation."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data.columns import (
    AT_LEAST_ONE,
    FILLED,
    INTEGER,
    NOT_NEGATIVE,
    NUMBER,
    POSITIVE,
    TEXT,
    Table,
    choice,
    column,
)
from analysis.tables.gpu import ASKING

TESTS = ("crv1", "cr2", "bootstrap-t", "randomisation", "randomisation of all")
PART = pa.Check.in_range(0, 1, error="0 to 1")


def _parts_of_all(frame: pd.DataFrame) -> pd.Series:
    return frame["providers"] + frame["references"] <= frame["all_providers"]


BOOTSTRAP_SIZE = Table(
    name="bootstrap_size",
    title="Size of the tests of the hedonic regression",
    description="How often each test rejects a null that is true, at the numbers of providers and rows that there are.",
    rules=(
        "Made by the function in the column simulator with the seed, the draws and the number of simulations on the "
        "row; the same call on the same table of prices gives the same values.",
        "A log price is a normal effect of its provider plus a normal error of its offer; between_share is the share "
        "of the first in the variance, as the residuals of the regression show it. No kind of provider matters.",
        "spread multiplies the effects of the providers of provider_type: 2 makes them differ twice as much among "
        "themselves as all others.",
        "Where the numbers of providers or rows differ from those of the table of prices, the rates are of another "
        "design; the chapter then says so.",
    ),
    schema=pa.DataFrameSchema(
        {
            "provider_type": column(TEXT, "kind of provider compared", choice(ASKING)),
            "reference": column(TEXT, "kind that it is compared with", choice(ASKING)),
            "spread": column(NUMBER, "spread of its effects over that of others", POSITIVE, unit="ratio"),
            "test": column(TEXT, "test", choice(TESTS)),
            "rejected": column(NUMBER, "share of the simulations in which it rejects", PART, unit="fraction"),
            "level": column(NUMBER, "level that it is to reject at", POSITIVE, unit="fraction"),
            "providers": column(INTEGER, "providers of the kind", AT_LEAST_ONE, unit="count"),
            "references": column(INTEGER, "providers of the reference", AT_LEAST_ONE, unit="count"),
            "all_providers": column(INTEGER, "providers in the regression", AT_LEAST_ONE, unit="count"),
            "rows": column(INTEGER, "rows in the regression", AT_LEAST_ONE, unit="count"),
            "between_share": column(NUMBER, "share of the error's variance between providers", PART, unit="fraction"),
            "draws": column(INTEGER, "draws of the bootstrap and of arrangements", AT_LEAST_ONE, unit="count"),
            "simulations": column(INTEGER, "simulations", AT_LEAST_ONE, unit="count"),
            "seed": column(INTEGER, "seed of the random numbers", NOT_NEGATIVE),
            "simulator": column(TEXT, "function that made it", FILLED),
        },
        checks=[
            pa.Check(_parts_of_all, error="providers and references at most all_providers", name="parts_of_all"),
        ],
        unique=["provider_type", "reference", "spread", "test"],
        strict=True,
    ),
    licence="Own computation, CC BY 4.0.",
)
BootstrapSize = Annotated[pd.DataFrame, BOOTSTRAP_SIZE]
