"""Claim A2: whether some agents earn more than human managers, from published results and what they can tell."""

from datetime import date
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from analysis.agents.skill import LEVEL, MONTHS_PER_YEAR, POWER, RATIOS, level_after, months_needed
from analysis.engine.claims import Bearing, Claim, Evidence, Finding
from analysis.engine.multiverse import Question, combinations_of, meaning, primary_of, tallied, verdict_of
from analysis.engine.words.formats import day, many, number, quantity
from analysis.tables.agents import AgentResults

#: Strategies of the claim; the report names them.
STRATEGIES = ("MEV", "arbitrage", "liquidity provision")
DAYS_PER_MONTH = 365.25 / 12
#: Designs that tell of an agent's own record, and of all agents of a kind.
RECORDS, STUDIES = ("contest", "single agent"), ("population",)

#: Option of the claim's factor -> whether it is the alternative.
LENGTH = {"long enough": False, "any length": True}
STRATEGY = {"the three": False, "any": True}
ALTERNATIVE = {"human-managed": False, "holding counts too": True}


def records(agent_results: AgentResults) -> pd.DataFrame:
    """Every published result with the length of its record and what a record of that length can tell.

    Returns
    -------
    DataFrame
        Its columns, months (of the record), picked_from (of a contest or a single agent its participants; 1 where they
        are not stated, the least that it can be, and for all else), and needed (months needed for an information ratio
        of 2, the largest of `skill.RATIOS`, after the correction).
    """
    days = (agent_results["record_to"] - agent_results["record_from"]).dt.days + 1
    own = agent_results["design"].isin(RECORDS) & agent_results["participants"].notna()
    picked = agent_results["participants"].where(own, 1).astype(int)
    needed = {n: months_needed(max(RATIOS), picked_from=n) for n in picked.unique()}
    return agent_results.assign(months=days / DAYS_PER_MONTH, picked_from=picked, needed=picked.map(needed))


def tells_skill(information_ratio: float, months: float, picked_from: int) -> bool:
    """Whether a record tells its excess return from luck at 5 %, one-sided, after the number that it was picked from.

    Parameters
    ----------
    information_ratio : float
        Annual, as published; NaN where none is, and then nothing can be told.
    months : float
    picked_from : int

    Notes
    -----
    By the t statistic information ratio × √years, with a degree of freedom less than there are months.

    Examples
    --------
    >>> tells_skill(2.0, 12, 1), tells_skill(2.0, 12, 6), tells_skill(float("nan"), 120, 1)
    (True, False, False)
    """
    if np.isnan(information_ratio) or months < 2:
        return False
    statistic = information_ratio * np.sqrt(months / MONTHS_PER_YEAR)
    return bool(statistic > stats.t.isf(level_after(picked_from, LEVEL), months - 1))


def bearing(
    row: pd.Series,
    as_of: date,
    *,
    any_length: bool = False,
    any_strategy: bool = False,
    holding_counts: bool = False,
) -> Bearing:
    """Bearing of a row of `records` on A2, by the claim's definition or one of its alternatives.

    Notes
    -----
    A record counts if it is of agents, on a public chain, in real money, net of costs, ended by the day, in one of the
    strategies, and compared with the alternative. A vendor's own, unaudited figures are neutral, whatever they show. A
    record that did better supports if it tells skill. One that did not contradicts if it is as long as a record has to
    be to tell an information ratio of 2, for one that is too short is neutral. A population that did not contradicts.
    """
    of_agents = row["design"] in (*RECORDS, *STUDIES) and row["on_chain"] and row["real_money"]
    counts = of_agents and row["net_of_costs"] == "yes" and row["record_to"].date() <= as_of and not row["vendor"]
    counts = counts and (any_strategy or row["strategy"] in STRATEGIES)
    counts = counts and (holding_counts or row["human_managed"])
    if not counts or row["beat_alternative"] == "not stated":
        return "neutral"
    if row["design"] in STUDIES:
        return "contradicts" if row["beat_alternative"] == "no" else "neutral"
    long = any_length or tells_skill(row["information_ratio"], row["months"], row["picked_from"])
    if row["beat_alternative"] == "yes":
        return "supports" if long else "neutral"
    return "contradicts" if any_length or row["months"] >= row["needed"] else "neutral"


def evidence_a2(claim: Claim, agent_results: AgentResults, **changes: str) -> tuple[Evidence, ...]:
    """Every published result with its bearing by the claim's definition or other options, and why it counts or not."""
    chosen = primary_of(claim) | changes
    options = {
        "any_length": meaning(claim, "length", chosen["length"], LENGTH),
        "any_strategy": meaning(claim, "strategy", chosen["strategy"], STRATEGY),
        "holding_counts": meaning(claim, "alternative", chosen["alternative"], ALTERNATIVE),
    }
    return tuple(
        Evidence(
            statement=_statement(row, claim.as_of),
            bearing=bearing(row, claim.as_of, **options),
            source_id=row["source_id"],
            observed_on=row["record_to"].date(),
            vendor=bool(row["vendor"]),
        )
        for _, row in records(agent_results).iterrows()
    )


def _statement(row: pd.Series, as_of: date) -> str:
    parts = [outcome(row)]
    if row["alternative"]:
        did = {"yes": "better than", "no": "not better than", "not stated": "beside"}[row["beat_alternative"]]
        parts.append(f"{did} {row['alternative']}")
    parts.append(size(row))
    parts += [row["remark"]] if row["remark"] else []
    return f"{row['who']}: {', '.join(parts)} ({why_not(row, as_of) or 'counts'})"


def length(months: float) -> str:
    """A record's length in words, in days where it is short.

    Examples
    --------
    >>> length(0.6).split(), length(38.0).split()
    (['18', 'days'], ['38', 'months'])
    """
    return many(round(months * DAYS_PER_MONTH), "day") if months < 2 else f"{number(months)} months"


def outcome(row: pd.Series) -> str:
    r"""What came of it: the number with its unit and what it is of.

    Parameters
    ----------
    row : Series
        Of the table `agent_results`.

    Examples
    --------
    >>> outcome(pd.Series({"result": -61e6, "unit": "USD", "result_of": "fees less losses"})).replace("\xa0", " ")
    '−61 million USD, fees less losses'
    >>> outcome(pd.Series({"result": float("nan"), "unit": "none", "result_of": ""}))
    'no number given'
    """
    if np.isnan(row["result"]):
        return "no number given"
    return f"{quantity(row['result'], row['unit'])}, {row['result_of']}"


def size(row: pd.Series) -> str:
    """How large a record is: its length, out of how many it was picked, and the observations behind it."""
    parts = [length(row["months"])]
    if row["picked_from"] > 1:
        parts.append(f"one of {number(row['picked_from'])}")
    if not np.isnan(row["sample"]):
        parts.append(f"{number(row['sample'])} {row['sample_of']}")
    return ", ".join(parts)


def why_not(row: pd.Series, as_of: date) -> str:
    """What keeps a result from counting under the claim's definition; empty where nothing does."""
    reasons = [
        ("no agents", row["design"] == "no agents"),
        ("no real money", not row["real_money"] and row["design"] != "no agents"),
        ("by the vendor", row["vendor"]),
        ("ends after the report", row["record_to"].date() > as_of),
        ("another strategy", row["strategy"] not in STRATEGIES),
        ("no human manager", not row["human_managed"]),
        ("costs not stated", row["net_of_costs"] != "yes"),
        (f"{number(row['needed'])} months needed", row["design"] in RECORDS and row["months"] < row["needed"]),
    ]
    return ", ".join(text for text, holds in reasons if holds)


def question_a2(claim: Claim, agent_results: AgentResults) -> Question:
    """Whether A2 is supported."""
    return Question(
        claim, lambda **options: verdict_of(claim, evidence_a2(claim, agent_results, **options)) == "supported"
    )


def definitions_a2(claim: Claim, agent_results: AgentResults) -> pd.DataFrame:
    """How many rows bear on A2 under every definition, as `tallied` gives it, the primary one first."""
    every = combinations_of(claim, *(factor.name for factor in claim.factors))
    return tallied(claim, every, partial(evidence_a2, claim, agent_results))


def assess_a2(claim: Claim, *, agent_results: AgentResults) -> Finding:
    """Published results of trading agents against human-managed alternatives, each with what its record can tell.

    Returns
    -------
    Finding
        Evidence rows, no number. No support where no row bears on the claim: that most definitions leave it open is not
        that it fails under them. "missing" without any row.
    """
    if agent_results.empty:
        return Finding(level=1, basis="secondary", missing="missing")
    rows = evidence_a2(claim, agent_results)
    years = months_needed(1.0) / MONTHS_PER_YEAR
    needed = (
        f"a public record in real money, net of costs and ended by {day(claim.as_of)}, of an identified agent in one "
        f"of the three strategies, beside a human-managed alternative, and long enough: {number(years)} years for an "
        f"information ratio of 1 with {POWER:.0%} power, more if it was picked from several"
    )
    decided = any(row.bearing != "neutral" for row in rows)
    return Finding(
        level=1,
        basis="secondary",
        evidence=rows,
        **question_a2(claim, agent_results).settled(
            "" if verdict_of(claim, rows) == "supported" else needed, decided=decided
        ),
    )
