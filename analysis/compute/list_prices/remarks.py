"""Sentences on the hedonic regression and the index of list prices, composed from what was found."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.compute.list_prices.hedonic import COMPARED, REFERENCE, Discount, Hedonic, interval_pct
from analysis.compute.list_prices.index import POOLED_FROM
from analysis.compute.list_prices.size import counts_fit
from analysis.engine.inference.resampling import CONFIDENCE
from analysis.engine.words.formats import day, interval, many, number, quantity, share

PLURALS = {
    "network": "networks",
    "marketplace": "marketplaces",
    "specialist": "specialist clouds",
    REFERENCE: "hyperscalers",
}
#: Rejection rates from this multiple of the level on are called too many, and below one over it too few.
OFF = 1.5


def discount_of(found: Hedonic, kind: str, reference: str = REFERENCE) -> Discount:
    """One comparison of the regression.

    Raises
    ------
    ValueError
        If there is none of these two.
    """
    for d in found.discounts:
        if (d.provider_type, d.reference) == (kind, reference):
            return d
    pairs = ", ".join(f"{d.provider_type} to {d.reference}" for d in found.discounts)
    raise ValueError(f"no comparison of {kind} to {reference}; there are {pairs}")


def _told(d: Discount) -> str:
    low, high = interval_pct(d.cr2)
    word = "less" if d.discount_pct >= 0 else "more"
    return f"{quantity(_whole(abs(d.discount_pct)), '%')} {word} ({interval(_whole(low), _whole(high), '%')})"


def _whole(value: float) -> float:
    """Whole percents: intervals as wide as these leave no meaning to a decimal."""
    return value if np.isinf(value) else float(round(value))


def discounts_remark(found: Hedonic) -> str:
    """What each kind of provider asks beside hyperscalers, with the interval by CR2."""
    parts = [f"{PLURALS[kind]} ask {_told(discount_of(found, kind))}" for kind in COMPARED]
    return (
        f"For the same machine, beside {PLURALS[REFERENCE]}: {'; '.join(parts)}.\nIn brackets "
        f"{quantity(100 * CONFIDENCE, '%')} intervals by CR2, over samples of providers; below zero is dearer. Behind "
        f"them stand {many(found.rows, 'price')} of {many(found.machines, 'machine')} from "
        f"{many(found.providers, 'provider')}."
    )


def decentralisation_remark(found: Hedonic) -> str:
    """How much of the discount is left beside clouds that are neither decentralised nor hyperscalers."""
    sentences = []
    for kind in ("network", "marketplace"):
        d = discount_of(found, kind, "specialist")
        low, high = interval_pct(d.cr2)
        verdict = "no difference is shown" if low <= 0 <= high else "the difference is shown"
        sentences.append(f"Beside specialist clouds, {PLURALS[kind]} ask {_told(d)}: {verdict}.")
    whole, rest = discount_of(found, "network"), discount_of(found, "specialist")
    if min(whole.discount_pct, rest.discount_pct) > 0:
        part = np.log1p(-rest.discount_pct / 100) / np.log1p(-whole.discount_pct / 100)
        sentences.append(
            f"Specialist clouds give {share(min(1.0, part))} of the networks' discount beside hyperscalers, in "
            "logarithms of the price: that part comes with not being a hyperscaler, decentralised or not."
        )
    return " ".join(sentences)


def randomisation_remark(found: Hedonic) -> str:
    """What randomisation can and cannot show with so few networks."""
    d = discount_of(found, "network")
    ways = (
        f"{many(d.providers, 'network')} and {many(d.references, 'hyperscaler')} leave "
        f"{many(d.randomised.draws, 'way')} to hand the two labels out"
    )
    least = d.randomised.smallest_p
    if least > 1 - CONFIDENCE:
        return (
            f"{ways}, so that randomisation can give no p value below {number(round(least, 3))}: whatever the prices, "
            f"it rejects nothing at {number(round(1 - CONFIDENCE, 3))}, and its interval has no end. Here it gives "
            f"{number(round(d.randomised.p_value, 3))}, and {number(round(d.randomised_all.p_value, 3))} with the "
            "labels of all providers exchanged."
        )
    return f"{ways}; the p value by randomisation is {number(round(d.randomised.p_value, 3))}."


def size_remark(bootstrap_size: pd.DataFrame, labels: pd.Series, rows: int, *, kind: str = "network") -> str:
    """How often the tests reject a true null at the numbers of providers that there are.

    Parameters
    ----------
    bootstrap_size : DataFrame
        The table of that name.
    labels : Series
        Kind of each provider, as from `analysis.compute.list_prices.hedonic.controls_of`.
    rows : int
        Of the regression.
    kind : str
        Compared with hyperscalers.
    """
    own = bootstrap_size[(bootstrap_size["provider_type"] == kind) & (bootstrap_size["reference"] == REFERENCE)]
    level, simulations = own["level"].iloc[0], int(own["simulations"].iloc[0])
    sentences = []
    for spread, part in own.groupby("spread"):
        where = "as much as other kinds do" if spread == 1 else f"{number(spread)} times as much"
        told = ", ".join(
            f"{row.test} {quantity(100 * row.rejected, '%')}{_off(row.rejected, level)}" for row in part.itertuples()
        )
        sentences.append(f"Where {PLURALS[kind]} differ {where} among themselves: {told}.")
    text = "\n".join(
        (
            f"In {many(simulations, 'simulation')} with no effect each test should reject {quantity(100 * level, '%')} "
            "of the time.",
            *sentences,
        )
    )
    if not counts_fit(bootstrap_size, labels, rows):
        text += " These rates were simulated on other numbers of providers or rows than the table of prices now has."
    return text


def _off(rejected: float, level: float) -> str:
    if rejected > OFF * level:
        return " (too often)"
    return " (too seldom)" if rejected < level / OFF else ""


def variants_remark(variants: pd.DataFrame, *, kind: str = "network") -> str:
    """How far the discount of one kind moves with the choices of the regression.

    Parameters
    ----------
    variants : DataFrame
        From `analysis.compute.list_prices.hedonic.variants`.
    """
    own = variants[variants["provider_type"] == kind].set_index("variant")
    low, high = own["discount_pct"].idxmin(), own["discount_pct"].idxmax()
    shown, several = int((own["low_pct"] > 0).sum()), int(own["low_pct"].notna().sum())
    return (
        f"Over {many(len(own), 'variant')} the discount of {PLURALS[kind]} runs from "
        f"{quantity(own.loc[low, 'discount_pct'], '%')} ({low}, {many(int(own.loc[low, 'providers']), 'provider')}) to "
        f"{quantity(own.loc[high, 'discount_pct'], '%')} ({high}, "
        f"{many(int(own.loc[high, 'providers']), 'provider')}). In {number(shown)} of the {number(several)} with more "
        "than one provider the interval by CR2 lies above zero."
    )


def index_remark(
    everything: pd.DataFrame, large: pd.DataFrame, providers: pd.DataFrame, *, titles: Mapping[str, str]
) -> str:
    """Where list prices stand at the end of the index, and whose they are.

    Parameters
    ----------
    everything, large : DataFrame
        From `analysis.compute.list_prices.index.price_index`.
    providers : DataFrame
        From `analysis.compute.list_prices.index.by_provider`, of the large GPUs.
    titles : mapping of str to str
    """
    ends = []
    for name, part in (("of all GPUs", everything), ("of the large ones", large)):
        change, low, high = part.loc[part["providers"] >= POOLED_FROM, ["index", "low", "high"]].iloc[-1] - 100
        ends.append(f"{name} by {quantity(round(change, 1), '%')} ({interval(round(low, 1), round(high, 1), '%')})")
    last = {titles[name]: round(float(column.dropna().iloc[-1]) - 100, 1) for name, column in providers.items()}
    own = "; ".join(f"{name} {quantity(change, '%')}" for name, change in last.items())
    month = everything.loc[everything["providers"] >= POOLED_FROM, "month"].iloc[-1]
    base = everything.loc[everything["degrees"].isna(), "month"].iloc[0]
    return (
        f"From {base:%Y-%m} to {month:%Y-%m} list prices moved: {'; '.join(ends)}. By provider, on matched machines of "
        f"the large GPUs: {own}."
    )


def class_remark(found: pd.DataFrame, *, titles: Mapping[str, str]) -> str:
    """Which hyperscaler moved the price of one class of machine and when, and how long the others stood still.

    Parameters
    ----------
    found : DataFrame
        From `analysis.compute.list_prices.index.class_steps`.
    titles : mapping of str to str
    """
    moved, still = [], []
    for row in found.itertuples():
        name = f"{titles[row.provider]} {row.instance}"
        if np.isnan(row.change_pct):
            seen = (
                f"{many(row.observations, 'observation')} from {day(row.first_on.date())} to {day(row.last_on.date())}"
            )
            still.append(f"{name} ({seen})")
        else:
            between = f"after {day(row.last_old_on.date())} and by {day(row.first_new_on.date())}"
            moved.append(f"{name} by {quantity(row.change_pct, '%')}, {between}")
    parts = [f"Moved: {'; '.join(moved)}." if moved else "None moved."]
    return " ".join([*parts, f"Never moved in any region: {'; '.join(still)}."] if still else parts)
