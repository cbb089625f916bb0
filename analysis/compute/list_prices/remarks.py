"""Sentences on the hedonic regression and the index: the facts, for the words of the template beside this module."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.compute.list_prices.hedonic import COMPARED, REFERENCE, Discount, Hedonic, interval_pct
from analysis.compute.list_prices.index import Levels
from analysis.compute.list_prices.size import counts_fit
from analysis.engine.inference.resampling import CONFIDENCE
from analysis.engine.words.sentences import sentences
from analysis.tables.bootstrap import BootstrapSize

PLURALS = {
    "network": "networks",
    "marketplace": "marketplaces",
    "specialist": "specialist clouds",
    REFERENCE: "hyperscalers",
}


def discount_of(found: Hedonic, kind: str, reference: str = REFERENCE) -> Discount:
    """One comparison of the regression.

    Raises
    ------
    ValueError
        If there is none of these two.
    """
    by = {(d.provider_type, d.reference): d for d in found.discounts}
    if (kind, reference) not in by:
        there = ", ".join(f"{one} to {other}" for one, other in by)
        raise ValueError(f"no comparison of {kind} to {reference}; there are {there}")
    return by[kind, reference]


def _fact(d: Discount) -> dict[str, object]:
    """A discount with its interval by CR2, in whole percents."""
    low, high = (end if np.isinf(end) else round(end) for end in interval_pct(d.cr2))
    return {"provider_type": d.provider_type, "discount_pct": d.discount_pct, "low": low, "high": high}


def discounts_remark(found: Hedonic) -> str:
    """What each kind of provider asks beside hyperscalers, with the interval by CR2."""
    facts = {"discounts": [_fact(discount_of(found, kind)) for kind in COMPARED], "plurals": PLURALS}
    return sentences(__file__, "discounts_remark", **facts, confidence=CONFIDENCE, found=found)


def decentralisation_remark(found: Hedonic) -> str:
    """How much of the discount is left beside clouds that are neither decentralised nor hyperscalers."""
    discounts = [_fact(discount_of(found, kind, "specialist")) for kind in ("network", "marketplace")]
    whole, rest = (discount_of(found, kind).discount_pct for kind in ("network", "specialist"))
    part = np.log1p(-rest / 100) / np.log1p(-whole / 100) if min(whole, rest) > 0 else None
    return sentences(__file__, "decentralisation_remark", discounts=discounts, plurals=PLURALS, part=part)


def randomisation_remark(found: Hedonic) -> str:
    """What randomisation can and cannot show with so few networks."""
    return sentences(__file__, "randomisation_remark", d=discount_of(found, "network"), level=1 - CONFIDENCE)


def size_remark(bootstrap_size: BootstrapSize, labels: pd.Series, rows: int) -> str:
    """How often the tests of networks against hyperscalers reject a true null at the numbers of providers there are.

    Parameters
    ----------
    labels : Series
        Kind of each provider, as from `analysis.compute.list_prices.hedonic.controls_of`.
    rows : int
        Of the regression.
    """
    own = bootstrap_size[(bootstrap_size["provider_type"] == "network") & (bootstrap_size["reference"] == REFERENCE)]
    return sentences(
        __file__,
        "size_remark",
        kinds=PLURALS["network"],
        by_spread={spread: part.set_index("test")["rejected"].to_dict() for spread, part in own.groupby("spread")},
        level=own["level"].iloc[0],
        simulations=own["simulations"].iloc[0],
        fits=counts_fit(bootstrap_size, labels, rows),
    )


def variants_remark(variants: pd.DataFrame) -> str:
    """How far the networks' discount moves between `analysis.compute.list_prices.hedonic.variants`."""
    own = variants[variants["provider_type"] == "network"].sort_values("discount_pct")
    facts = {"least": own.iloc[0].to_dict(), "most": own.iloc[-1].to_dict(), "shown": int((own["low_pct"] > 0).sum())}
    several = int(own["low_pct"].notna().sum())
    return sentences(__file__, "variants_remark", kinds=PLURALS["network"], count=len(own), several=several, **facts)


def index_remark(levels: Levels, *, titles: Mapping[str, str]) -> str:
    """Where list prices stand at the end of the index, and whose they are."""
    ends = {"of all GPUs": levels.pooled("everything"), "of the large ones": levels.pooled("large")}
    last = {titles[name]: round(float(own.dropna().iloc[-1]) - 100, 1) for name, own in levels.providers.items()}
    return sentences(
        __file__,
        "index_remark",
        base=f"{levels.base:%Y-%m}",
        month=f"{ends['of all GPUs']['month'].iloc[-1]:%Y-%m}",
        ends={name: (own[["index", "low", "high"]].iloc[-1] - 100).to_dict() for name, own in ends.items()},
        providers=last,
    )


def class_remark(found: pd.DataFrame, *, titles: Mapping[str, str]) -> str:
    """Which hyperscaler moved the price of one class of machine and when, and how long the others stood still.

    Parameters
    ----------
    found : DataFrame
        From `analysis.compute.list_prices.index.class_steps`.
    titles : mapping of str to str
    """
    rows = found.to_dict("records")
    moved, still = ([row for row in rows if np.isnan(row["change_pct"]) == none] for none in (False, True))
    return sentences(__file__, "class_remark", moved=moved, still=still, titles=titles)
