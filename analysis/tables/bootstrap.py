"""How far tests with few clusters can be trusted, by simulation."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data import columns as c
from analysis.tables.gpu import ASKING

TESTS = ("crv1", "cr2", "bootstrap-t", "randomisation", "randomisation of all")
PART = pa.Check.in_range(0, 1, error="0 to 1")


BOOTSTRAP_SIZE = c.Table(
    name="bootstrap_size",
    columns={
        "provider_type": c.choice("kind of provider compared", ASKING),
        "reference": c.choice("kind that it is compared with", ASKING),
        "spread": c.number("spread of its effects over that of others", "ratio", c.POSITIVE),
        "test": c.choice("test", TESTS),
        "rejected": c.number("share of the simulations in which it rejects", "fraction", PART),
        "level": c.number("level that it is to reject at", "fraction", c.POSITIVE),
        "providers": c.count("providers of the kind"),
        "references": c.count("providers of the reference"),
        "all_providers": c.count("providers in the regression"),
        "rows": c.count("rows in the regression"),
        "between_share": c.number("share of the error's variance between providers", "fraction", PART),
        "draws": c.count("draws of the bootstrap and of arrangements"),
        "simulations": c.count("simulations"),
        "seed": c.integer("seed of the random numbers", None, c.NOT_NEGATIVE),
        "simulator": c.text("function that made it"),
    },
    key=("provider_type", "reference", "spread", "test"),
)
BootstrapSize = Annotated[pd.DataFrame, BOOTSTRAP_SIZE]


@BOOTSTRAP_SIZE.rule("providers and references at most all_providers")
def _parts_of_all(frame: pd.DataFrame) -> pd.Series:
    return frame["providers"] + frame["references"] <= frame["all_providers"]
