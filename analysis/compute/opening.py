"""The chapter in short: a sentence or two for each claim, in a reader's words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

import pandas as pd

from analysis.compute.price.beyond.comparisons import split
from analysis.compute.training.runs import LATER, frontier_runs, largest_run, readings
from analysis.engine.claims import Asserted, Claim, Estimate, Evidence, Support
from analysis.engine.words.formats import day, interval, many, number, quantity, share


class Entry(Protocol):
    """What is read of an entry of the ledger."""

    asserted: Asserted
    estimate: Estimate | None
    evidence: Sequence[Evidence]
    support: Support | None
    due: date | None


def in_short(
    found: Mapping[str, Entry],
    claim: Claim,
    *,
    groups: pd.DataFrame,
    training_runs: pd.DataFrame,
    quarters: pd.DataFrame,
    gpu_hours: pd.DataFrame,
) -> dict[str, str]:
    """What was found on each claim.

    Parameters
    ----------
    found : mapping
        The ledger's entries by claim, C1 to C6.
    claim : Claim
        C4.
    groups : DataFrame
        From `analysis.compute.price.beyond.comparisons.groups`.
    training_runs : DataFrame
        The table of that name.
    quarters : DataFrame
        From `analysis.compute.scarcity.scarcity.quarters`.
    gpu_hours : DataFrame
        From `analysis.compute.scarcity.paid_use.use_changes`, of GPU-hours.

    Returns
    -------
    dict
        What a sentence is about -> the sentence.
    """
    return {
        "Price (C2)": f"{_price(found['C2'])} {_others(groups)}",
        "Steadiness (C3)": _steadiness(found["C3"].evidence),
        "Training (C4)": _training(claim, training_runs),
        "Concentration (C5)": _concentration(found["C5"]),
        "Scarcity (C6)": _scarcity(found["C6"].evidence, quarters, gpu_hours),
        "The forecast (C1)": _forecast(found["C1"]),
    }


def _price(entry: Entry) -> str:
    if entry.estimate is None:
        return "No price of a named network can be matched with one of a hyperscaler."
    return (
        f"Over {many(entry.estimate.n, 'price')} networks ask {_estimate(entry)} less than hyperscalers list for the "
        f"same GPU model. {_support(entry)}"
    )


def _others(groups: pd.DataFrame) -> str:
    parts = split(groups)
    if not parts["models"]:
        return "How much of that is decentralisation cannot be told."
    return (
        f"Clouds that are neither networks nor hyperscalers ask {quantity(parts['not_hyperscaler_points'], '%')} less "
        f"on {many(int(parts['models']), 'GPU model')}, where networks ask {quantity(parts['network_pct'], '%')} less."
    )


def _steadiness(evidence: Sequence[Evidence]) -> str:
    bear = [row.bearing for row in evidence if row.bearing != "neutral"]
    if not bear:
        return (
            f"Whether networks are less steady is not known: none of {many(len(evidence), 'row')} of evidence compares "
            "a network with a hyperscaler on the same GPU model."
        )
    return _counted(evidence, "compare a network with a hyperscaler on the same GPU model")


def _counted(evidence: Sequence[Evidence], what: str) -> str:
    supports, contradicts = (sum(row.bearing == name for row in evidence) for name in ("supports", "contradicts"))
    return (
        f"Of {many(len(evidence), 'row')} of evidence {number(supports + contradicts)} {what}: "
        f"{number(supports)} for the claim, {number(contradicts)} against."
    )


def _training(claim: Claim, training_runs: pd.DataFrame) -> str:
    largest, runs = largest_run(training_runs, by=claim.as_of), frontier_runs(training_runs, by=claim.as_of)
    runs, tuned = runs[runs["counts"]], readings(claim, training_runs).iloc[0]
    first = "No run over the internet of known size had been published"
    if largest is not None and len(runs):
        run = runs.loc[runs["share"].idxmax()]
        first = (
            f"The largest run over the internet, {run['run']}, had {number(100 * run['share'])} % of the training "
            f"compute of {largest['run']}, the largest of any kind"
        )
    return (
        f"{first} by {day(claim.as_of)}. Of fine-tuning or distillation on machines of others "
        f"{many(int(tuned['later']), 'run counts', 'runs count')} in {LATER} and {number(int(tuned['earlier']))} in "
        "the year before."
    )


def _concentration(entry: Entry) -> str:
    if entry.estimate is None:
        return "No shares of both markets are published."
    return (
        f"Three clouds together, and Nvidia among makers of AI chips, each hold at least {_estimate(entry)} of their "
        f"market. {_support(entry)}"
    )


def _scarcity(evidence: Sequence[Evidence], quarters: pd.DataFrame, gpu_hours: pd.DataFrame) -> str:
    states = quarters["state"].value_counts()
    said = ", ".join(f"{state} in {number(int(n))}" for state, n in states.items())
    prices = f"Of {many(len(quarters), 'quarter')} prices of GPUs were {said}"
    if all(row.bearing == "neutral" for row in evidence):
        use = "no named network has figures" if gpu_hours.empty else f"there are {many(len(gpu_hours), 'change')}"
        return (
            f"Whether scarcity drives the networks is not known. {prices}; of GPU-hours in paid use {use} of two "
            "consecutive quarters."
        )
    return f"{prices}. {_counted(evidence, 'tell whether paid use goes with scarcity')}"


def _forecast(entry: Entry) -> str:
    if entry.estimate is not None:
        return f"The market was {_estimate(entry)}."
    return f"It is of one maker of accelerators, and cannot be judged before {day(entry.due)}."


def _estimate(entry: Entry) -> str:
    found = entry.estimate
    value, unit = quantity(found.value, found.unit), found.unit
    return f"{value} ({interval(found.low, found.high, unit, of=found.value)})"


def _support(entry: Entry) -> str:
    asserted, support = entry.asserted, entry.support
    if support is None:
        return "Whether that agrees with the report is open."
    turns = f"; what decides is the {support.pivotal}" if support.pivotal else ""
    low = interval(asserted.low, asserted.high, asserted.unit) if asserted.low is not None else None
    region = low or f"{asserted.form} {quantity(asserted.value, asserted.unit)}"
    return f"The report has {region}, which holds under {share(support.balanced)} of the definitions{turns}."
