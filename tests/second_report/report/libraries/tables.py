"""Tables of the report on a town's libraries."""

from typing import Annotated

import pandas as pd

from analysis.engine.data import columns as c

BRANCHES = c.Table(
    name="branches",
    columns={
        "branch": c.text("name"),
        "running_eur": c.integer("staff and books", "EUR", c.POSITIVE),
        "building_eur": c.integer("rent and heating", "EUR", c.POSITIVE),
        "visits": c.count("visits in the year"),
        "inhabitants": c.count("people who live near"),
        "opened": c.date("first day"),
        **c.SOURCED,
    },
)
Branches = Annotated[pd.DataFrame, BRANCHES]

OFFERS = c.Table(
    name="offers",
    columns={
        "branch": c.text("name", refers=("branches", "branch")),
        "thing": c.choice("what is lent", ("tools", "instruments")),
        "lends": c.choice("whether it does", c.STATED),
        "seen_on": c.date("day of the visit"),
        **c.SOURCED,
    },
    key=("branch", "thing"),
    dated="seen_on",
)
Offers = Annotated[pd.DataFrame, OFFERS]

LOANS = c.Table(
    name="loans",
    columns={
        "year": c.count("calendar year", "year"),
        "loans": c.count("loans of all branches"),
        **c.SOURCED,
    },
)
Loans = Annotated[pd.DataFrame, LOANS]
