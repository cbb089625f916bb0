"""Sentences follow the data that they are about, and say so where there are none."""

from datetime import date

import pandas as pd
import pytest

from analysis.compute.concentration import shares as concentration
from analysis.compute.training import remarks as remarks_train
from analysis.compute.training.beyond import step_time
from analysis.compute.training.runs import alternatives_c4
from analysis.engine.claims import load_claims
from analysis.engine.data.tables import load
from analysis.engine.words.formats import period

TODAY = date(2026, 11, 22)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.fixture(scope="module")
def claims():
    return load_claims()


@pytest.fixture(scope="module")
def runs() -> pd.DataFrame:
    return load("training_runs")


def test_the_frontier_then_and_now(claims, runs) -> None:
    then, now = plain(remarks_train.frontier_now(claims["C4"], runs, today=TODAY)).split("\n")
    assert then.startswith("By 22 Jan 2026: INTELLECT-1")
    assert then.endswith("% of Llama 3.1 405B with 3.8 × 10²⁵ FLOP.")
    assert now.startswith("By 22 Nov 2026: Covenant-72B")
    none = remarks_train.frontier_now(claims["C4"], runs[runs["decentralised"] == "no"], today=TODAY)
    assert none.count("no run over the internet of known size") == 2


def test_a_disputed_count_says_what_it_would_turn(claims, runs) -> None:
    said = plain(remarks_train.disputed(claims["C4"], runs))
    assert "20 trillion tokens" in said
    assert said.endswith("the first part would be contradicted.")
    small = runs.assign(tokens_disputed=runs["tokens_disputed"] / 10)
    assert remarks_train.disputed(claims["C4"], small).endswith("the first part would be supported.")
    assert "No count" in remarks_train.disputed(claims["C4"], runs.assign(tokens_disputed=float("nan")))


def test_the_reading_that_turns_fine_tuning_is_named(claims, runs) -> None:
    said = plain(remarks_train.fine_tuning(claims["C4"], runs))
    assert "1 would turn it (roll-outs do not count, independent owners: contradicted)" in said
    spread = runs.assign(decentralised=runs["decentralised"].replace("partly", "yes"))
    assert remarks_train.fine_tuning(claims["C4"], spread).endswith("would turn it.")


@pytest.mark.slow
def test_what_was_added_after_the_first_results_is_told_apart(claims, runs) -> None:
    said = remarks_train.declared_before(claims["C4"], runs)
    assert "before the claim holds under 100 % of them, with it under 75 %: the verdict turns on it." in said
    spread = runs.assign(decentralised=runs["decentralised"].replace("partly", "yes"))
    assert "turns" not in remarks_train.declared_before(claims["C4"], spread)


def test_gpus_for_a_tenth_follow_from_the_setting(claims, runs) -> None:
    models = load("gpu_models")
    setting = step_time.setting_of(runs, models)
    said = plain(remarks_train.cluster(claims["C4"], runs, setting))
    assert "takes 1 220 GPUs" in said
    assert said.endswith("is 160.")  # Covenant-72B: 20 participants with 8 GPUs each, which its row does not multiply


def test_the_model_is_said_to_be_compared_with_few(runs) -> None:
    models = load("gpu_models")
    compared = step_time.against_measured(runs, models, step_time.setting_of(runs, models))
    assert "Of 6 measured shares 1 can be compared" in plain(remarks_train.model_fit(compared))
    assert plain(remarks_train.model_fit(compared.head(2))) == "Of 2 measured shares 0 can be compared with the model."


def test_the_index_of_clouds_and_of_networks() -> None:
    shares = load("market_shares")
    indices = concentration.indices(shares)
    assert plain(remarks_train.index_of_clouds(indices)).endswith("1 359 and 1 948 points, below 2 500.")
    assert "No source" in remarks_train.index_of_clouds(indices[indices["market"] != concentration.CLOUD])
    assert "17 to 56 %" in plain(remarks_train.inside_networks(shares))
    assert "No network" in remarks_train.inside_networks(shares[shares["measure"] == "revenue"])


def test_growth_needed_and_so_far() -> None:
    sizes = load("market_sizes")
    said = plain(remarks_train.growth_needed(sizes))
    assert "From AMD's 45 billion USD in 2023 to 500 billion USD in 2028: 62 % a year\n" in said
    assert said.endswith("not known, for want of a second figure.")
    assert "No forecast" in remarks_train.growth_needed(sizes[sizes["basis"] != "forecast"])


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="2026-01-02 to 2026-01-01"):
        period(pd.Timestamp("2026-01-02"), pd.Timestamp("2026-01-01"))


def test_how_far_a_bandwidth_reaches_in_the_model() -> None:
    lines = pd.DataFrame({"method": ["a"] * 3, "params": [1e9, 2e9, 4e9], "bits_per_s": [9e6, 2e6, 1e6]})
    assert plain(remarks_train.reach(lines, 2e6)).endswith("enough with a from 2 billion up to 4 billion parameters.")
    assert plain(remarks_train.reach(lines, 9e6)).endswith("enough with a up to 4 billion parameters.")
    assert remarks_train.reach(lines, 1e5).endswith("enough with no method.")


def test_one_owner_matters_where_it_does(claims, runs) -> None:
    large = runs[runs["run_id"] == "intellect_1"].assign(
        run_id="new", active_params=1e12, params=1e12, tokens=1e12, owners="one"
    )
    found = alternatives_c4(claims["C4"], pd.concat([runs, large], ignore_index=True), today=TODAY)
    said = plain(remarks_train.one_owner(found))
    assert said.endswith("another largest run in 6 of 6 rows, and turns 5 of them."), (
        "it is itself the largest by parameters"
    )
