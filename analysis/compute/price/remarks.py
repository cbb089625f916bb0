"""Sentences on C2 that data decide, each composed from the tables that it is about."""

from collections.abc import Mapping

import pandas as pd

from analysis.compute.price.beyond.comparisons import split
from analysis.compute.price.sellers import NAMED, sellers
from analysis.engine.words.formats import SPACE, day, many, number, quantity


def points(value: float) -> str:
    """A difference of percentages, as finely as they are said.

    Examples
    --------
    >>> points(3.46).replace(SPACE, " "), points(-1.0).replace(SPACE, " ")
    ('3.5 points', '−1 points')
    """
    return f"{number(round(value, 1))}{SPACE}points"


def shown(pairs: pd.DataFrame) -> pd.DataFrame:
    """The pairs as a table to read, largest discount first.

    Parameters
    ----------
    pairs : DataFrame
        From `analysis.compute.price.definitions.pairs_under`.

    Returns
    -------
    DataFrame
        GPU (with its form); USD and reference, per GPU-hour; clouds (how many hyperscalers offer it); days apart (least
        to most over these); less, %.
    """
    table = pairs.sort_values("discount_pct", ascending=False, kind="stable")
    forms = table["form_factor"].map(lambda form: "" if form == "single" else f" {form}")
    gaps = zip(table["gap_days"], table["longest_gap_days"], strict=True)
    return pd.DataFrame(
        {
            "GPU": table["gpu_model"] + forms,
            "days apart": [number(a) if a == b else f"{number(a)}–{number(b)}" for a, b in gaps],
            "USD": table["usd_per_gpu_hour"],
            "reference": table["reference_usd"],
            "clouds": table["hyperscalers"],
            "less, %": table["discount_pct"],
        }
    ).reset_index(drop=True)


def networks_with_prices(pairs: pd.DataFrame, gpu_prices: pd.DataFrame, gpu_providers: pd.DataFrame) -> str:
    """Which of the named networks the estimate rests on, and why the others do not enter.

    Parameters
    ----------
    pairs : DataFrame
        From `analysis.compute.price.definitions.pairs_under`.
    gpu_prices, gpu_providers : DataFrame
        The tables of those names.
    """
    titles = gpu_providers.set_index("provider")["title"]
    lines = []
    for name in sellers(gpu_providers, NAMED):
        own, listed = pairs[pairs["provider"] == name], gpu_prices[gpu_prices["provider"] == name]
        if len(own):
            days = sorted(own["observed_on"].dropna())
            when = (
                ""
                if not days
                else f", of {day(days[0].date())}" + (f" to {day(days[-1].date())}" if days[-1] > days[0] else "")
            )
            lines.append(
                f"{titles[name]}: {number(len(own))} of its {many(len(listed), 'price')} with a reference, for "
                f"{many(own['gpu_model'].nunique(), 'GPU model')}{when}."
            )
        elif len(listed):
            lines.append(f"{titles[name]}: {many(len(listed), 'price')} in the table, none with a reference.")
        else:
            lines.append(f"{titles[name]}: no price of a GPU-hour in the table.")
    return "\n".join(lines)


def distances(pairs: pd.DataFrame, as_of: pd.Timestamp) -> str:
    """How far the two prices of a pair are apart, and how far the sellers' are from the claim's date.

    Parameters
    ----------
    pairs : DataFrame
        From `analysis.compute.price.definitions.pairs_under`.
    as_of : Timestamp
        Date of the claim.
    """
    if pairs.empty:
        return "There is no pair."
    low, high = pairs["gap_days"].min(), pairs["longest_gap_days"].max()
    near, far = pairs["away_days"].min(), pairs["away_days"].max()
    apart = number(near) if near == far else f"{number(near)} to {number(far)}"
    return (
        f"The two prices of a pair lie {number(low)} to {many(int(high), 'day')} apart, and the networks' prices "
        f"{apart} days from the claim's date, {day(as_of.date())}."
    )


def parts_of_interval(parts: pd.DataFrame) -> str:
    """Which part of the interval is the widest.

    Parameters
    ----------
    parts : DataFrame
        From `analysis.compute.price.discount.interval_parts`.
    """
    rest = parts.iloc[:-1].set_index("part")["width"].sort_values(ascending=False, kind="stable")
    each = ", ".join(f"{part} {points(width)}" for part, width in rest.items())
    return f"Width of the interval by what varies: {each}."


def two_parts(table: pd.DataFrame) -> str:
    """How much of the networks' discount comes with not being a hyperscaler, and how much with decentralisation.

    Parameters
    ----------
    table : DataFrame
        From `analysis.compute.price.beyond.comparisons.groups`.

    Examples
    --------
    >>> table = pd.DataFrame({"network_pct": [60.0], "not_hyperscaler_points": [50.0], "decentralised_points": [10.0]},
    ...                      index=["H100-80GB"])
    >>> two_parts(table).replace(SPACE, " ")
    'On the 1 GPU model that both rent out, networks ask 60 % less than the hyperscalers. Specialist clouds, which are \
not decentralised, ask 50 % less. So 50 points come with not being a hyperscaler and 10 points with \
decentralisation, by model from 10 (H100-80GB) to 10 (H100-80GB).'
    """
    found = split(table)
    count, rest = int(found["models"]), table["decentralised_points"].dropna().sort_values()
    if not count:
        return "No GPU model is rented out by both networks and specialist clouds."
    least, most = (f"{number(round(rest.iloc[at], 1))} ({rest.index[at]})" for at in (0, -1))
    clouds, left = found["not_hyperscaler_points"], found["decentralised_points"]
    return (
        f"On the {many(count, 'GPU model')} that both rent out, networks ask {quantity(found['network_pct'], '%')} "
        f"less than the hyperscalers. Specialist clouds, which are not decentralised, ask {quantity(clouds, '%')} "
        f"less. So {points(clouds)} come with not being a hyperscaler and {points(left)} with decentralisation, by "
        f"model from {least} to {most}."
    )


def turning(alternatives: pd.DataFrame) -> str:
    """Under how many of the alternatives the claim holds, and under which it does not.

    Parameters
    ----------
    alternatives : DataFrame
        From `analysis.compute.price.discount.alternatives_c2`.
    """
    others = alternatives.iloc[1:]
    known = others[others["reason"] == ""]
    failing = [
        f"{row.option} ({row.factor}), {quantity(round(row.discount_pct, 1), '%')}"
        for row in known.itertuples()
        if not row.holds
    ]
    missing = [f"{row.option} ({row.factor})" for row in others.itertuples() if row.reason]
    inside = number(int(known["holds"].sum()))
    said = f"Each taken alone, {inside} of {many(len(known), 'alternative')} lie inside the asserted range."
    said += f"\nOutside: {'; '.join(failing)}." if failing else ""
    return said + (f"\nNot computable, for want of prices: {'; '.join(missing)}." if missing else "")


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
    rows = found.sort_values("discount_pct", ascending=False)
    return (
        "; ".join(f"{titles[name]} {quantity(round(row['discount_pct']), '%')}" for name, row in rows.iterrows()) + "."
    )
