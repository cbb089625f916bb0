"""Facts on training, concentration and market size for the sentences of the template beside this module."""

from datetime import date, timedelta

import pandas as pd

from analysis.compute.concentration.shares import CLOUD, HIGH, top_share_bounds
from analysis.compute.market_size import forecast as market_size
from analysis.compute.training import runs as training
from analysis.compute.training.beyond import step_time
from analysis.compute.training.runs import FRONTIER, LATER
from analysis.engine.claims import Claim
from analysis.engine.words.formats import quantity
from analysis.engine.words.sentences import sentences
from analysis.tables.market import MarketShares, MarketSizes
from analysis.tables.training import TrainingRuns

#: How long the run is that `cluster` asks GPUs for (ours).
RUN = timedelta(days=90)
TOP = 3


def frontier_now(claim: Claim, training_runs: TrainingRuns, *, today: date) -> str:
    """The largest run over the internet on the claim's date and today, beside the largest of any kind."""
    days = [
        (by, training.largest_run(training_runs, by=by), training.leading_run(training_runs, by=by))
        for by in (claim.as_of, today)
    ]
    return sentences(__file__, "frontier_now", days=days)


def disputed(claim: Claim, training_runs: TrainingRuns) -> str:
    """What counts of tokens that another source calls unverified would change, a line for each."""
    largest, (bar, *_) = training.largest_run(training_runs, by=claim.as_of), training.chosen(claim)
    rows = [] if largest is None else training_runs[training_runs["tokens_disputed"].notna()].to_dict("records")
    for row in rows:
        row["size"] = training.training_flop(row["active_params"], row["tokens_disputed"])
        row["reached"] = row["size"] >= bar * largest["size"]
        trusted = row | {"tokens": row["tokens_disputed"], "completed": "yes", "owners": "independent"}
        others = training_runs[training_runs["run_id"] != row["run_id"]]
        believed = pd.concat([others, pd.DataFrame([trusted])[others.columns]], ignore_index=True)
        row["outcome"] = training.outcome(training.evidence(claim, believed), FRONTIER)
    return sentences(__file__, "disputed", rows=rows)


def fine_tuning(claim: Claim, training_runs: TrainingRuns) -> str:
    """What the second part rests on, and which readings of it would turn it."""
    found = training.readings(claim, training_runs)
    ours, others = found.iloc[0], found.iloc[1:]
    turning = list(others[others["outcome"] != ours["outcome"]].itertuples())
    return sentences(__file__, "fine_tuning", year=LATER, ours=ours, others=len(others), turning=turning)


def declared_before(claim: Claim, training_runs: TrainingRuns) -> str:
    """What the support would be without the alternative that was added after the first results."""
    question = training.question_c4(claim, training_runs)
    before = question.without_options(lambda factor, _: factor == "roll-outs")
    all_of, without = (asked.explore().support.balanced for asked in (question, before))
    return sentences(__file__, "declared_before", without=without, all_of=all_of)


def one_owner(alternatives: pd.DataFrame) -> str:
    r"""Whether it matters for the frontier that the machines belong to several parties.

    Parameters
    ----------
    alternatives : DataFrame
        From `analysis.compute.training.runs.alternatives_c4`.

    Examples
    --------
    >>> machines = [training.INDEPENDENT, training.ANY_OWNER]
    >>> rows = {"frontier": ["a tenth"] * 2, "by": [1, 1], "machines": machines, "share": [0.1, 0.2]}
    >>> one_owner(pd.DataFrame(rows | {"first_part": ["supported"] * 2})).replace("\xa0", " ")
    'Counting runs of one owner in several places too gives another largest run in 1 of 1 row, and turns 0 of them.'
    """
    ours, others = (
        alternatives[alternatives["machines"] == machines].set_index(["frontier", "by"])
        for machines in (training.INDEPENDENT, training.ANY_OWNER)
    )
    moved = ours["share"].fillna(0) != others["share"].reindex(ours.index).fillna(0)
    turned = ours["first_part"] != others["first_part"].reindex(ours.index)
    return sentences(__file__, "one_owner", rows=len(ours), moved=moved.sum(), turned=turned.sum())


def reach(lines: pd.DataFrame, bits_per_s: float) -> str:
    r"""Up to which size a bandwidth keeps exchanging below half of the time, by method, in the model.

    Parameters
    ----------
    lines : DataFrame
        From `analysis.compute.training.beyond.step_time.frontier`.
    bits_per_s : float

    Examples
    --------
    >>> lines = {"method": ["a", "a", "b"], "params": [1e9, 2e9, 1e9], "bits_per_s": [1e6, 3e6, 5e6]}
    >>> print(reach(pd.DataFrame(lines), 2e6).replace("\xa0", " ").replace(". ", ".\n"))
    In the model 2 million bits per second are enough with a at 1 billion parameters.
    They are enough at no size with b.
    """
    least = lines.groupby("method", sort=False)["params"].min()
    sizes = lines[lines["bits_per_s"] <= bits_per_s].groupby("method")["params"].agg(["min", "max"])
    enough = [
        {"method": method, "first": _size(first), "last": _size(last), "from_least": first == least[method]}
        for method, first, last in sizes.reindex(least.index).dropna().itertuples()
    ]
    never = [method for method in least.index if method not in sizes.index]
    return sentences(__file__, "reach", bits_per_s=bits_per_s, enough=enough, never=never)


def _size(params: float) -> str:
    return quantity(float(f"{params:.2g}"), "count")


def cluster(claim: Claim, training_runs: TrainingRuns, setting: step_time.Setting) -> str:
    """GPUs that a tenth of the largest run needs in `RUN`, beside the most that a counted run had."""
    largest, (bar, *_) = training.largest_run(training_runs, by=claim.as_of), training.chosen(claim)
    runs = training_runs[(training_runs["decentralised"] == "yes") & (training_runs["owners"] == "independent")]
    had = runs["gpus"].fillna(runs["participants"] * runs["gpus_per_participant"])
    needs = step_time.gpus_for(bar * largest["size"], RUN, setting)
    most = had.max() if had.notna().any() else None
    return sentences(__file__, "cluster", run=largest["run"], days=RUN.days, needs=needs, most=most)


def model_fit(compared: pd.DataFrame) -> str:
    """How the model compares with the runs that state enough.

    Parameters
    ----------
    compared : DataFrame
        From `analysis.compute.training.beyond.step_time.against_measured`.
    """
    measured = compared[compared["measured_low"].notna()]
    both = measured[measured["predicted_low"].notna()].to_dict("records")
    return sentences(__file__, "model_fit", measured=len(measured), both=both)


def index_of_clouds(indices: pd.DataFrame) -> str:
    """What the latest bounds of the clouds' index say.

    Parameters
    ----------
    indices : DataFrame
        From `analysis.compute.concentration.shares.indices`.
    """
    clouds = indices[indices["market"] == CLOUD].to_dict("records")
    return sentences(__file__, "index_of_clouds", last=clouds[0] if clouds else None, high=HIGH)


def inside_networks(market_shares: MarketShares) -> str:
    """Joint share of the first three inside decentralised networks, as far as published shares bound it."""
    rows = market_shares[(market_shares["measure"] == "emissions") & (market_shares["largest"] == "yes")]
    rows = rows[rows["members"] >= TOP].to_dict("records")
    for row in rows:
        row["low"] = top_share_bounds(row["share_low"], int(row["members"]), TOP)[0]
        row["high"] = top_share_bounds(row["share_high"], int(row["members"]), TOP)[1]
    return sentences(__file__, "inside_networks", rows=rows)


def growth_needed(market_sizes: MarketSizes) -> str:
    """The growth that the forecast needs from its own base and from the latest revenue, beside growth so far."""
    needed, so_far = market_size.needed(market_sizes), market_size.so_far(market_sizes)
    needed = needed[(needed["market"] == market_size.CHIPS) & (needed["year"] == market_size.YEAR)]
    own = so_far.loc[so_far["market"] == market_size.CHIPS, "per_year"]
    return sentences(
        __file__, "growth_needed", needed=needed.to_dict("records"), so_far=None if own.empty else own.iloc[-1]
    )
