"""Claim A3: what agents of three frameworks did on chains, by framework and by activity."""

from datetime import date

import pandas as pd

from analysis.engine.claims import Claim, Evidence, Finding
from analysis.engine.multiverse import Question, meaning
from analysis.engine.words.formats import day
from analysis.tables.agents import AgentCases

FRAMEWORKS = ("Virtuals", "Autonolas", "ElizaOS")
ACTIVITIES = ("DeFi positions", "trades", "governing DAOs")
#: What shows a case by the claim's definition; the maker's word alone does not.
SHOWN_BY = ("transaction", "contract", "independent account")

#: Option of the claim's factor -> whether all nine pairs have to be shown; whether votes as a delegate count.
EXTENT = {"each part": False, "all nine pairs": True}
DELEGATES = {"own votes alone": False, "votes as a delegate count": True}

#: How well a case is shown, best first, for the one that stands for a pair.
_ORDER = {"done": 0, "not known who": 1, "done by people": 2, "described": 3}


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
    good = shows(agent_cases, claim.as_of)
    rows = []
    for framework in FRAMEWORKS:
        for activity in ACTIVITIES:
            some = agent_cases[(agent_cases["framework"] == framework) & (agent_cases["activity"] == activity)]
            if some.empty:
                rows.append((framework, activity, "none found", "", "", ""))
                continue
            order = some["doing"].map(_ORDER) + ~good[some.index] * 0.5
            order += some["shown_by"].map({name: i / 10 for i, name in enumerate((*SHOWN_BY, "maker"))})
            best = some.loc[order.idxmin()]
            shown = "yes" if good[best.name] else _why(best, claim.as_of)
            rows.append((framework, activity, shown, best["agent"], best["shown_by"], best["source_id"]))
    return pd.DataFrame(rows, columns=["framework", "activity", "shown", "agent", "shown_by", "source_id"])


def _why(case: pd.Series, as_of: date) -> str:
    if case["doing"] == "described":
        return "described only"
    if case["doing"] == "done by people":
        return "done by people"
    if case["doing"] == "not known who":
        return "by whom not shown"
    return "perhaps after the date" if case["done_from"].date() <= as_of else "after the date"


def settled(claim: Claim, agent_cases: AgentCases, *, pairs: bool, delegates: bool) -> bool:
    """Whether A3 holds under a definition: in every part, or in all nine pairs."""
    if pairs:
        good = agent_cases[shows(agent_cases, claim.as_of, delegates=delegates)]
        return len(good[["framework", "activity"]].drop_duplicates()) == len(FRAMEWORKS) * len(ACTIVITIES)
    rows = evidence_a3(claim, agent_cases, delegates=delegates)
    return all(_of(rows, part) == {"supports"} for part in claim.parts)


def _of(rows: tuple[Evidence, ...], part: str) -> set[str]:
    return {row.bearing for row in rows if row.part == part} - {"neutral"}


def question_a3(claim: Claim, agent_cases: AgentCases) -> Question:
    """Whether A3 is supported."""

    def holds(extent: str, delegates: str) -> bool:
        pairs, count = meaning(claim, "extent", extent, EXTENT), meaning(claim, "delegates", delegates, DELEGATES)
        return settled(claim, agent_cases, pairs=pairs, delegates=count)

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
    lacking = [part for part in claim.parts if "supports" not in _of(rows, part)]
    found = [_of(rows, part) for part in claim.parts]
    decided = all(part == {"supports"} for part in found) or any(part == {"contradicts"} for part in found)
    needed = (
        f"a case by {day(claim.as_of)} for each of {', '.join(lacking)}: an identified agent that did it, shown by a "
        "transaction, a contract or an independent account"
    )
    return Finding(
        level=2 if any(row.vendor and row.bearing == "supports" for row in rows) else 1,
        basis="secondary",
        evidence=rows,
        **question_a3(claim, agent_cases).settled(needed if lacking else "", decided=decided),
    )
