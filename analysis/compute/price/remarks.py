"""Sentences on C2 that data decide: the facts, for the words of the template beside this module."""

from collections.abc import Mapping

import pandas as pd

from analysis.compute.price.beyond.comparisons import split
from analysis.compute.price.matching import named
from analysis.compute.price.sellers import NAMED, sellers
from analysis.engine.words.formats import number
from analysis.engine.words.sentences import sentences
from analysis.tables.gpu import GpuPrices, GpuProviders


def shown(pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs from `analysis.compute.price.definitions.pairs_under` as a table to read, largest discount first.

    Returns
    -------
    DataFrame
        GPU (with its form); USD and reference, per GPU-hour; clouds (how many hyperscalers offer it); days apart (least
        to most over these); less, %.
    """
    table = pairs.sort_values("discount_pct", ascending=False, kind="stable")
    gaps = zip(table["gap_days"], table["longest_gap_days"], strict=True)
    return pd.DataFrame(
        {
            "GPU": named(table),
            "days apart": [number(a) if a == b else f"{number(a)}–{number(b)}" for a, b in gaps],
            "USD": table["usd_per_gpu_hour"],
            "reference": table["reference_usd"],
            "clouds": table["hyperscalers"],
            "less, %": table["discount_pct"],
        }
    ).reset_index(drop=True)


def networks_with_prices(pairs: pd.DataFrame, gpu_prices: GpuPrices, gpu_providers: GpuProviders) -> str:
    """Which of the named networks the estimate rests on, and why the others do not enter."""
    titles, networks = gpu_providers.set_index("provider")["title"], []
    for name in sellers(gpu_providers, NAMED):
        own, found = pairs[pairs["provider"] == name], {"title": titles[name]}
        found["listed"] = int((gpu_prices["provider"] == name).sum())
        if len(own):
            days = sorted(own["observed_on"].dropna().unique())
            found |= {"matched": len(own), "models": own["gpu_model"].nunique(), "days": days}
        networks.append(found)
    return sentences(__file__, "networks_with_prices", networks=networks)


def distances(pairs: pd.DataFrame, as_of: pd.Timestamp) -> str:
    """How far the two prices of a pair are apart, and how far the sellers' are from the claim's date."""
    if pairs.empty:
        return "There is no pair."
    gap = pairs["gap_days"].min(), pairs["longest_gap_days"].max()
    away = pairs["away_days"].min(), pairs["away_days"].max()
    return sentences(__file__, "distances", gap=gap, away=away, as_of=as_of)


def parts_of_interval(parts: pd.DataFrame) -> str:
    """Which part of the interval from `analysis.compute.price.discount.interval_parts` is the widest."""
    widths = parts.iloc[:-1].set_index("part")["width"].sort_values(ascending=False, kind="stable")
    return sentences(__file__, "parts_of_interval", widths=widths.to_dict())


def two_parts(table: pd.DataFrame) -> str:
    r"""How much of the networks' discount comes with not being a hyperscaler, and how much with decentralisation.

    Parameters
    ----------
    table : DataFrame
        From `analysis.compute.price.beyond.comparisons.groups`.

    Examples
    --------
    >>> table = pd.DataFrame({"network_pct": [60.0], "not_hyperscaler_points": [50.0], "decentralised_points": [10.0]},
    ...                      index=["H100-80GB"])
    >>> print(two_parts(table).replace("\xa0", " "))
    On the 1 GPU model that both rent out, networks ask 60 % less than the hyperscalers. Specialist clouds, which are
    not decentralised, ask 50 % less. So 50 points come with not being a hyperscaler and 10 points with
    decentralisation, by model from 10 (H100-80GB) to 10 (H100-80GB).
    """
    rest = list(table["decentralised_points"].dropna().sort_values().items())
    if not rest:
        return "No GPU model is rented out by both networks and specialist clouds."
    return sentences(__file__, "two_parts", **split(table), least=rest[0], most=rest[-1])


def turning(alternatives: pd.DataFrame) -> str:
    """Under how many of the alternatives of `analysis.compute.price.discount.alternatives_c2` the claim holds."""
    others = alternatives.iloc[1:].to_dict("records")
    known = [row for row in others if not row["reason"]]
    failing, missing = [row for row in known if row["holds"] != "yes"], [row for row in others if row["reason"]]
    return sentences(__file__, "turning", known=known, failing=failing, missing=missing)


def taken_back(found: pd.DataFrame, titles: Mapping[str, str]) -> str:
    """What each provider asks less for a GPU that it may take back.

    Parameters
    ----------
    found : DataFrame
        From `analysis.compute.price.beyond.comparisons.interruptible`.
    titles : mapping
        Provider -> name as the book writes it.
    """
    if found.empty:
        return "No provider has both kinds of price for the same GPU on the same day."
    asked = found["discount_pct"].sort_values(ascending=False).rename(titles)
    return sentences(__file__, "taken_back", asked=asked.to_dict())
