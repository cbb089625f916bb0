"""Claim A3: what agents of three frameworks did on chains, by framework and by activity."""

from datetime import date

import numpy as np
import pandas as pd

from analysis.engine.claims import Claim, Evidence, Finding
from analysis.engine.multiverse import SETTLED, Question, meaning, verdict_of
from analysis.engine.words.formats import day
from analysis.tables.agents import AgentCases

FRAMEWORKS = ("Virtuals", "Autonolas", "ElizaOS")
ACTIVITIES = ("DeFi positions", "trades", "governing DAOs")
#: What shows a case by the claim's definition; the maker's word alone does not.
SHOWN_BY = ("transaction", "contract", "independent account")

#: Option of the claim's factor -> whether all nine pairs have to be shown; whether votes as a delegate count.
EXTENT = {"each part": False, "all nine pairs": True}
DELEGATES = {"own votes alone": False, "votes as a delegate count": True}

#: What keeps a case from counting, the best first; that something was done tells its date.
FALLS_SHORT = {
    "done": "",
    "not known who": "by whom not shown",
    "done by people": "done by people",
    "described": "described only",
}


def shows(
    agent_cases: AgentCases, as_of: date, *, delegates: bool = False, first_day_counts: bool = False
) -> pd.Series:
    """Whether each case shows an agent's act by the claim's definition.

    Parameters
    ----------
    agent_cases : DataFrame
        The table of that name.
    as_of : date
        The act has to lie on or before this day.
    delegates : bool
        Whether votes with delegated power count as governing.
    first_day_counts : bool
        Of an act that is dated roughly, whether its first possible day decides instead of its last.

    Returns
    -------
    Series of bool
    """
    when = agent_cases["done_from" if first_day_counts else "done_to"]
    in_time = when <= pd.Timestamp(as_of)
    own = ~agent_cases["through_delegate"] | delegates
    shown = (agent_cases["doing"] == "done") & agent_cases["shown_by"].isin(SHOWN_BY)
    return shown & in_time & own & agent_cases["activity"].isin(ACTIVITIES)


def evidence_a3(
    claim: Claim, agent_cases: AgentCases, *, delegates: bool = False, first_day_counts: bool = False
) -> tuple[Evidence, ...]:
    """Two rows for every case, one on its activity and one on its framework.

    Parameters
    ----------
    claim : Claim
        A3, for its date and its parts.
    agent_cases : DataFrame
        The table of that name.
    delegates, first_day_counts : bool
        As in `shows`.

    Notes
    -----
    A case done by people is neutral where another stands for the part, and contradicts it where none does. Cases of
    other activities bear on nothing and are left out.
    """
    good = shows(agent_cases, claim.as_of, delegates=delegates, first_day_counts=first_day_counts)
    some = agent_cases[agent_cases["activity"].isin(ACTIVITIES)]
    stands = {part for column in ("activity", "framework") for part in agent_cases.loc[good, column]}
    rows = []
    for index, case in some.iterrows():
        for part in (case["activity"], case["framework"]):
            by_people = case["doing"] == "done by people" and case["done_to"].date() <= claim.as_of
            against = by_people and part not in stands
            rows.append(
                Evidence(
                    statement=f"{case['agent']}, {case['activity']}: {case['statement']}",
                    bearing="supports" if good[index] else "contradicts" if against else "neutral",
                    source_id=case["source_id"],
                    observed_on=case["done_to"].date(),
                    vendor=bool(case["vendor"]),
                    part=part,
                )
            )
    return tuple(rows)


def matrix(claim: Claim, agent_cases: AgentCases) -> pd.DataFrame:
    """The best public evidence for every framework and activity, or none.

    Returns
    -------
    DataFrame, nine rows
        framework, activity, shown ("yes", "after the date", "by whom not shown", "done by people", "described only",
        "none found"), agent, shown_by, source_id (empty where none was found).
    """
    good, doing = shows(agent_cases, claim.as_of), agent_cases["doing"]
    by_the_day = agent_cases["done_from"] <= pd.Timestamp(claim.as_of)
    dated = by_the_day.map({True: "perhaps after the date", False: "after the date"})
    shown = doing.map(FALLS_SHORT).where(doing != "done", dated).mask(good, "yes")
    ranks = (agent_cases["shown_by"].map([*SHOWN_BY, "maker"].index), ~good, doing.map(list(FALLS_SHORT).index))
    best = agent_cases.assign(shown=shown).iloc[np.lexsort(ranks)].drop_duplicates(["framework", "activity"])
    pairs = pd.MultiIndex.from_product([FRAMEWORKS, ACTIVITIES], names=["framework", "activity"])
    table = best.set_index(pairs.names)[["shown", "agent", "shown_by", "source_id"]].reindex(pairs)
    return table.fillna({"shown": "none found", "agent": "", "shown_by": "", "source_id": ""}).reset_index()


def question_a3(claim: Claim, agent_cases: AgentCases) -> Question:
    """Whether A3 is supported."""

    def holds(extent: str, delegates: str) -> bool:
        count = meaning(claim, "delegates", delegates, DELEGATES)
        if meaning(claim, "extent", extent, EXTENT):
            good = agent_cases[shows(agent_cases, claim.as_of, delegates=count)]
            return len(good[["framework", "activity"]].drop_duplicates()) == len(FRAMEWORKS) * len(ACTIVITIES)
        return verdict_of(claim, evidence_a3(claim, agent_cases, delegates=count)) == "supported"

    return Question(claim, holds)


def readings(claim: Claim, agent_cases: AgentCases) -> pd.DataFrame:
    """Which parts are shown under each alternative of the claim and each reading of rough dates.

    Returns
    -------
    DataFrame
        reading, then a column for each part of the claim: how many cases support it.
    """
    settings = {
        "primary": {},
        "votes as a delegate count": {"delegates": True},
        "the first possible day of an act decides": {"first_day_counts": True},
        "both": {"delegates": True, "first_day_counts": True},
    }
    rows = []
    for name, options in settings.items():
        found = evidence_a3(claim, agent_cases, **options)
        supported = [row.part for row in found if row.bearing == "supports"]
        rows.append((name, *map(supported.count, claim.parts)))
    return pd.DataFrame(rows, columns=["reading", *claim.parts])


def assess_a3(claim: Claim, *, agent_cases: AgentCases) -> Finding:
    """Cases of three frameworks and three activities, each by the best public evidence that we found.

    Returns
    -------
    Finding
        Evidence rows by part, no number. No support where the primary definition leaves the claim undecided: that most
        definitions leave it open is not that it fails under them. "missing" where a framework has no case at all.
    """
    rows = evidence_a3(claim, agent_cases)
    if set(FRAMEWORKS) - {row.part for row in rows}:
        return Finding(level=1, basis="secondary", evidence=rows, missing="missing")
    lacking = [part for part in claim.parts if ("supports", part) not in {(row.bearing, row.part) for row in rows}]
    needed = (
        f"a case by {day(claim.as_of)} for each of {', '.join(lacking)}: an identified agent that did it, shown by a "
        "transaction, a contract or an independent account"
    )
    return Finding(
        level=2 if any(row.vendor and row.bearing == "supports" for row in rows) else 1,
        basis="secondary",
        evidence=rows,
        **question_a3(claim, agent_cases).settled(
            needed if lacking else "", decided=verdict_of(claim, rows) in SETTLED
        ),
    )
