"""Four claims of four kinds on the libraries of a town."""

from datetime import date

import pandas as pd
from libraries.tables import Branches, Loans, Offers

from analysis.engine.claims import Claim, Estimate, Evidence, Finding
from analysis.engine.multiverse import Question, pointwise

#: A branch with more people near it is a large one.
LARGE = 20_000


def cost_per_visit(branches: Branches, *, cost: str = "running", average: str = "visits") -> float:
    """EUR that a visit costs, over all visits or as the mean of the branches."""
    eur = branches["running_eur"] + (branches["building_eur"] if cost == "all" else 0)
    if average == "visits":
        return eur.sum() / branches["visits"].sum()
    return float((eur / branches["visits"]).mean())


def question(claim: Claim, branches: Branches) -> Question:
    """L1 with a way to answer it under each of its definitions."""
    return Question(claim, pointwise(lambda **options: cost_per_visit(branches, **options)))


def assess_l1(claim: Claim, *, branches: Branches) -> Finding:
    """What a visit costs; the interval is over branches left out one at a time."""
    value = cost_per_visit(branches)
    others = [cost_per_visit(branches.drop(index=i)) for i in branches.index]
    return Finding(
        level=2,
        basis="market",
        estimate=Estimate(
            value=value,
            low=min(value, *others),
            high=max(value, *others),
            unit="EUR/visit",
            n=len(branches),
            interval_of="branches left out one at a time",
            method="running cost of all branches over their visits",
        ),
        observed_on=date(2025, 12, 31),
        **question(claim, branches).answered(value),
    )


def assess_l2(claim: Claim, *, offers: Offers) -> Finding:
    """That tools and instruments are lent: one branch shows it, and none can disprove it."""
    rows = tuple(
        Evidence(
            f"{row.branch}, {row.thing}: {row.lends}",
            "supports" if row.lends == "yes" else "neutral",
            row.source_id,
            observed_on=row.seen_on.date(),
            part=row.thing,
        )
        for row in offers.itertuples()
    )
    return Finding(level=2, basis="measurement", evidence=rows, observed_on=offers["seen_on"].max().date())


def assess_l3(claim: Claim, *, branches: Branches) -> Finding:
    """Visits for each inhabitant, small branches against large ones, in %."""
    large = branches["inhabitants"] > LARGE
    of_large = branches.loc[large, "visits"].sum() / branches.loc[large, "inhabitants"].sum()
    small = branches[~large]
    more = 100 * (pd.Series([small["visits"].sum() / small["inhabitants"].sum()]) / of_large - 1)
    each = 100 * (small["visits"] / small["inhabitants"] / of_large - 1)
    return Finding(
        level=2,
        basis="market",
        estimate=Estimate(
            value=more.iloc[0],
            low=each.min(),
            high=each.max(),
            unit="%",
            n=len(branches),
            interval_of="small branches, from the least visited to the most",
            method="visits for each inhabitant of small branches, less those of large ones",
        ),
        observed_on=date(2025, 12, 31),
    )


def assess_l4(claim: Claim, *, loans: Loans) -> Finding:
    """Loans of the last year counted so far."""
    last = loans.nlargest(1, "year").iloc[0]
    return Finding(
        level=2,
        basis="market",
        estimate=Estimate(
            value=last["loans"],
            low=last["loans"],
            high=last["loans"],
            unit="count",
            n=1,
            interval_of="one count",
            method="loans of the last year",
        ),
        observed_on=date(last["year"], 12, 31),
    )
