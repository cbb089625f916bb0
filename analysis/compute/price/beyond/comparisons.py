"""What others ask: specialist clouds, marketplaces and networks side by side, and the questions beside C2."""

import numpy as np
import pandas as pd

from analysis.compute.price import matching
from analysis.compute.price.definitions import discount, pairs_under
from analysis.compute.price.sellers import INTERRUPTIBLE, MARKETPLACES, ON_DEMAND, SPECIALISTS, Market
from analysis.engine.claims import Claim

#: Kinds of provider that are no hyperscaler, in the order of the figures.
GROUPS = (SPECIALISTS, MARKETPLACES, "network")


def groups(claim: Claim, market: Market) -> pd.DataFrame:
    """What each kind of provider asks less than the hyperscalers, by GPU, and the networks' discount in two parts.

    Returns
    -------
    DataFrame, indexed by gpu_model
        hyperscaler_usd (median reference over the pairs of all kinds); for specialist, marketplace and network each the
        median over providers of their price (…_usd) and discount (…_pct), NaN without one; not_hyperscaler_points, what
        specialist clouds ask less, and decentralised_points, what networks ask less than these, in percentage points
        of the hyperscalers' price: together the networks' discount.

    Notes
    -----
    Each price is compared with the reference of its own date, so that the parts add up to the discount and not to
    the difference of the prices shown.
    """
    kinds = {kind: pairs_under(claim, market, providers=kind) for kind in GROUPS}
    tables = []
    for kind, pairs in kinds.items():
        medians = pairs.groupby(["provider", "gpu_model"])[["usd_per_gpu_hour", "discount_pct"]].median()
        tables.append(medians.groupby("gpu_model").median().set_axis([f"{kind}_usd", f"{kind}_pct"], axis=1))
    references = pd.concat(kinds.values()).groupby("gpu_model")["reference_usd"].median().rename("hyperscaler_usd")
    table = pd.concat([references, *tables], axis=1).sort_index()
    return table.assign(
        not_hyperscaler_points=table["specialist_pct"].where(table["network_pct"].notna()),
        decentralised_points=table["network_pct"] - table["specialist_pct"],
    )


def split(table: pd.DataFrame) -> pd.Series:
    """Means of what `groups` gives over the GPU models that networks and specialists both rent out.

    Returns
    -------
    Series
        network_pct, not_hyperscaler_points, decentralised_points (the last two add up to the first), models.

    Examples
    --------
    >>> split(pd.DataFrame({"network_pct": [60.0, 70.0], "not_hyperscaler_points": [50.0, np.nan],
    ...                     "decentralised_points": [10.0, np.nan]})).tolist()
    [60.0, 50.0, 10.0, 1.0]
    """
    both = table.dropna(subset=["network_pct", "decentralised_points"])
    means = both[["network_pct", "not_hyperscaler_points", "decentralised_points"]].mean()
    return pd.concat([means, pd.Series({"models": len(both)})])


def interruptible(market: Market) -> pd.DataFrame:
    """What each provider asks less for a GPU that it may take back than for the same GPU on demand, on the same day.

    Another question than C2's. Two undated prices of one source count as of the same day, since the source is one
    snapshot.

    Returns
    -------
    DataFrame, indexed by provider
        provider_type; discount_pct (median over GPU models of the median over pairs), pairs.
    """
    prices = market.gpu_prices
    keys = ["provider", "provider_type", "gpu_model", "form_factor", "instance", "gpu_count", "region", "source_id"]
    keys += ["date_precision", "observed_on"]
    sides = [
        prices[prices["price_model"].isin(kinds)].groupby(keys, dropna=False)["usd_per_gpu_hour"].median().reset_index()
        for kinds in (ON_DEMAND, INTERRUPTIBLE)
    ]
    both = sides[0].merge(sides[1], on=keys, suffixes=("", "_back"))
    both = both.assign(discount_pct=100 * (1 - both["usd_per_gpu_hour_back"] / both["usd_per_gpu_hour"]))
    models = both.groupby(["provider", "gpu_model"])["discount_pct"].median().groupby("provider").median()
    grouped = both.groupby("provider")
    columns = {"provider_type": grouped["provider_type"].first(), "discount_pct": models, "pairs": grouped.size()}
    return pd.DataFrame(columns)


def other_questions(claim: Claim, market: Market) -> pd.DataFrame:
    """Discounts that answer another question than C2; they never count as support.

    Returns
    -------
    DataFrame
        question, discount_pct (mean over providers; NaN where the tables cannot say), providers, pairs.
    """
    rows = [
        (question, discount(pairs), pairs["provider"].nunique(), len(pairs))
        for question, pairs in {
            "specialist clouds, on demand, against hyperscalers": pairs_under(claim, market, providers=SPECIALISTS),
            "peer-to-peer marketplaces alone": pairs_under(claim, market, providers=MARKETPLACES),
        }.items()
    ]
    back = interruptible(market)
    back = back[back["provider_type"].isin([MARKETPLACES, "network"])]
    question = "interruptible against on demand, same marketplace or network"
    rows.append((question, back["discount_pct"].mean(), len(back), int(back["pairs"].sum())))
    rows.append(("training instead of batch inference: no price list tells them apart", np.nan, 0, 0))
    return pd.DataFrame(rows, columns=["question", "discount_pct", "providers", "pairs"])


def price_levels(claim: Claim, market: Market) -> pd.DataFrame:
    """On-demand price of every GPU in its form by provider, near C2's date, where a hyperscaler and a seller have one.

    Returns
    -------
    DataFrame
        gpu (model and form), provider, provider_type, usd_per_gpu_hour: a hyperscaler's at the date nearest to the
        claim's, another provider's as the median over its prices near it (`analysis.compute.price.definitions.near`).
        Sorted by the hyperscalers' median, dearest first.
    """
    day = pd.DataFrame(dict.fromkeys(matching.DAYS, pd.Timestamp(claim.as_of)), index=[0])
    names = {"hyperscaler": "provider", "reference_usd": "usd_per_gpu_hour"}
    names |= dict(zip(matching.REFERENCE, matching.PRODUCT, strict=True))
    daily = matching.daily_references(market.gpu_prices, price_models=ON_DEMAND)
    cloud = matching.nearest_references(day, daily).rename(columns=names)
    others = pd.concat([pairs_under(claim, market, providers=kind) for kind in GROUPS])
    medians = others.groupby(["provider", *matching.PRODUCT], as_index=False)["usd_per_gpu_hour"].median()
    both = pd.concat([cloud[list(names.values())], medians])
    types = both["provider"].map(market.gpu_providers.set_index("provider")["provider_type"])
    both = both.assign(gpu=matching.named(both), provider_type=types)
    level = both[types == "hyperscaler"].groupby("gpu")["usd_per_gpu_hour"].median()
    decentral = set(both.loc[types.isin(["network", MARKETPLACES]), "gpu"])
    both = both[both["gpu"].isin(set(level.index) & decentral)].assign(level=lambda t: t["gpu"].map(level))
    both = both.sort_values(["level", "gpu", "usd_per_gpu_hour"], ascending=[False, True, True], kind="stable")
    return both[["gpu", "provider", "provider_type", "usd_per_gpu_hour"]].reset_index(drop=True)
