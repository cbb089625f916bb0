"""A sentence that data decide says something else when the data do."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.engine.claims import Evidence, load_claims
from analysis.engine.data.tables import load
from analysis.verifiable_ai import opening, shapes
from analysis.verifiable_ai.hidden_weights import private
from analysis.verifiable_ai.law import extrapolation, naive, predict, rows
from analysis.verifiable_ai.law import powers as law
from analysis.verifiable_ai.law import remarks as law_remarks
from analysis.verifiable_ai.published import cost, literature
from analysis.verifiable_ai.published import remarks as published_remarks
from analysis.verifiable_ai.published.beyond import joint, progress
from analysis.verifiable_ai.published.beyond.overhead import Overhead
from analysis.verifiable_ai.published.beyond.progress import Trend
from analysis.verifiable_ai.unproved import remarks as unproved_remarks
from tests.verifiable_ai import ladders
from tests.verifiable_ai.worlds import prices, published

claims = pytest.fixture(scope="module")(load_claims)
shipped = pytest.fixture(scope="module")(lambda: {name: load(name) for name in ("zk_proofs", "zk_circuits")})


@pytest.fixture(scope="module")
def gpt2(shipped):
    return predict.gpt2_prediction(**shipped)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def made_law(low: float, high: float) -> SimpleNamespace:
    return SimpleNamespace(slope=(low + high) / 2, low=low, high=high, clustered=(low, high), circuits=10, proofs=18)


def inference(seconds: float, usd: float) -> pd.DataFrame:
    row = {"tokens": 1, "threads": 2, "counts": True, "median_s": seconds, "low_s": seconds / 2, "high_s": 2 * seconds}
    return pd.DataFrame([row | {"usd": usd}, row | {"threads": 1, "counts": False, "usd": 1.0}])


@pytest.mark.slow
def test_the_chapter_in_short(shipped, gpt2, claims):
    v1, v2 = claims["V1"], claims["V2"]
    rows = ({"system": "A", "prove_s": 30.0}, {"system": "B", "prove_s": 600.0, "vcpus": np.nan, "memory_gb": np.nan})
    priced = cost.costs(literature.systems(v1, published(*rows)), prices({"usd_per_hour": 3.6}), on=v1.as_of)
    chained = law.forward_chaining(shipped["zk_proofs"])
    given = (shipped["zk_proofs"], chained, gpt2, priced, joint.implied_price(v1, v2))
    evidence = [Evidence("a", "supports", "s", part="EZKL"), Evidence("b", "neutral", "s", part="Modulus Labs")]
    more = {"plain": inference(0.019, 1.2e-6), "evidence": evidence}
    short = opening.in_short(*given, prices({"usd_per_hour": 13.0}).iloc[0], **more)
    takes, both, unproved, hidden, known = map(plain, short.values())
    assert "2 published systems took 30 s to 10 min, in the median 5.25 min, at a cost of 0.03 USD where the" in takes
    assert f"Of {len(shipped['zk_proofs'])} proofs that we made" in known
    assert f"{round(gpt2.doublings)} doublings beyond the largest" in known
    assert "a machine of 72 to 160 USD an hour" in both
    assert "the cheapest that holds EZKL's costs 13 USD. The machine and so the cost of B are not known." in both
    assert unproved == "One token takes 19 ms on 2 processor threads (9.5 to 38 ms) and costs 0.0000012 USD."
    assert hidden.endswith("shown in 1 of 1 row of evidence on EZKL and 0 of 1 row of evidence on Modulus Labs.")
    none = {"plain": inference(0.019, np.nan).assign(counts=False), "evidence": []}
    takes, both, unproved, hidden, _ = map(
        plain, opening.in_short(*given[:3], priced.iloc[:0], given[4], None, **none).values()
    )
    assert "No system had published a proof at GPT-2's size" in takes
    assert "none in our table holds EZKL's" in both
    assert unproved == "No time of one inference was measured on a quiet machine."
    assert hidden == "Nothing was found."
    dear = opening.in_short(*given, None, plain=inference(0.019, np.nan), evidence=evidence)
    assert "its cost is not known, for want of a price" in list(dear.values())[2]


def test_the_doublings_beyond_what_was_proved_are_said_in_one_way(shipped, gpt2):
    of_law = law.of_law(law.observations(shipped["zk_proofs"]))
    said = plain(law_remarks.reach(of_law, gpt2.shape.family, gpt2))
    words = plain(law_remarks.mixture(gpt2)).partition("That is ")[2].partition(".")[0]
    assert words in said
    assert words.startswith(f"{round(gpt2.doublings)} doublings beyond the largest circuit that we proved, ")


def test_ranges_of_the_ladder_stand_in_one_column(shipped):
    table = law.ladder(law.observations(shipped["zk_proofs"]))
    assert table.columns.tolist() == ["family", "weights", "k", "processor time", "circuits", "proofs", "GiB"]
    row = table[(table["family"] == "perceptron") & (table["weights"] == "fixed")].iloc[0]
    assert row["k"] == "10\N{EN DASH}20"
    assert plain(row["processor time"]) == "356 ms to 3.13 min"
    one = table[table["proofs"] == 1].iloc[0]
    assert one["k"].isdigit()
    assert " to " not in plain(one["processor time"])


def test_what_is_not_counted_is_named_with_its_reason():
    table = pd.DataFrame({"label": ["a", "b"], "reason": ["", ""]})
    assert published_remarks.uncounted(table) == "All are counted."
    assert published_remarks.uncounted(table.assign(reason=["", "no"])) == "Not counted: b (no)."


def test_proofs_without_an_attempt_at_altering_them_say_so():
    table = ladders.proofs().assign(tampered_proof_rejected="not tried", tampered_output_rejected="yes")
    said = plain(law_remarks.tampering(table)).splitlines()
    assert said[0] == f"{len(table)} of {len(table)} proofs were verified."
    assert said[1].startswith(f"Altered were {len(table)} of {len(table)} proofs of the series")
    assert said[2] == "With none of them was an altered proof tried."
    assert said[3].endswith(f"refused in {len(table)}, accepted in 0.")


def test_growth_is_called_proportional_only_where_the_interval_holds_one():
    assert law_remarks.slope(made_law(0.9, 1.1)).endswith("holds 1, growth in proportion to the cells.")
    assert law_remarks.slope(made_law(0.7, 0.9)).endswith("does not hold 1.")


def test_the_bar_is_met_or_not():
    chained = pd.DataFrame({"counts": [True, True], "within_factor": [True, False], "ratio": [0.9, 2.5]})
    chained["circuit"] = ["a", "b"]
    chained["inside_interval"] = [True, False]
    assert "1 is within a factor of 2; the furthest is off by a factor of 2.5." in plain(law_remarks.bar(chained))
    assert plain(law_remarks.bar(chained.assign(counts=False))).startswith("No fit allows a prediction")


def test_gpt2_is_said_to_be_a_model_with_its_doublings(gpt2):
    said = plain(law_remarks.mixture(gpt2))
    ks = sorted(gpt2.k)
    assert f"k = {ks[-1]} with probability {gpt2.k[ks[-1]]:.2f}" in said
    assert f"{gpt2.doublings:.0f} doublings beyond the largest circuit that we proved" in said
    assert "By the model" in said
    assert ("EZKL accepts" in said) == (gpt2.accepted < 0.995)


def test_the_naive_fits_are_counted_against_the_law(gpt2):
    fits = naive.naive_fit(ladders.proofs(circuit_sd=0.05))
    known = fits.dropna(subset=["cpu_s"])
    below = int((known["cpu_s"] < gpt2.cpu.low).sum())
    assert plain(law_remarks.naive(fits, gpt2)).endswith(f"{below} of {len(known)} lie below the law's interval.")
    assert law_remarks.naive(fits.assign(cpu_s=np.nan), gpt2).startswith("No sample")


def test_memory_names_the_machine_or_that_there_is_none(gpt2):
    large = prices({"instance": "vast", "memory_gib": 65_536.0, "usd_per_hour": 13.0})
    machines = extrapolation.machines_for(gpt2, large, on=date(2026, 1, 22))
    assert "is cloud vast (65 536 GiB, 13 USD an hour)." in plain(law_remarks.memory(gpt2, machines, 23.0))
    machines = extrapolation.machines_for(gpt2, prices({}), on=date(2026, 1, 22))
    assert machines["instance"].isna().all()
    assert law_remarks.memory(gpt2, machines, 23.0).endswith("No machine in our table of prices holds it.")


def test_the_cost_of_privacy_is_told_only_where_the_interval_allows_it():
    row = {"weights": "private", "cost": "processor time", "ratio": 1.5, "interval_of": "choice of networks"}
    row |= {"networks": 4, "proofs": 8}
    told = pd.DataFrame([row | {"low": 1.2, "high": 1.8}])
    assert law_remarks.privacy(told).endswith("the difference can be told.")
    assert law_remarks.privacy(told.assign(low=0.9)).endswith("no difference can be told.")
    assert law_remarks.privacy(told.assign(low=np.nan, high=np.nan)).endswith("no difference can be told.")
    assert law_remarks.privacy(told.head(0)).startswith("No network was proved both")


def test_a_trend_is_a_fall_a_rise_or_neither():
    assert "neither a fall nor a rise can be told" in published_remarks.trend(Trend(8, 0.5, 0.04, 7.8))
    assert ": a fall can be told" in published_remarks.trend(Trend(8, 0.5, 0.3, 0.8))
    assert ": a rise can be told" in published_remarks.trend(Trend(8, 2.0, 1.3, 3.0))
    assert published_remarks.trend(None) == "Too few results at too few dates for a trend."


def test_a_spell_has_its_system_and_its_dates(claims):
    early, late = {"published_on": pd.Timestamp("2024-01-01")}, {"published_on": pd.Timestamp("2025-01-01")}
    table = published({"system": "A", "prove_s": 600.0} | early, {"system": "B", "prove_s": 20.0} | late)
    said = plain(published_remarks.spell(claims["V1"], progress.spells(claims["V1"], table)))
    assert said.startswith("The best public system took 7.5 to 12.5 min at some time in 5 of 5 sets:")
    assert "any full model: A, 10 min, from 1 Jan 2024 until 1 Jan 2025" in said
    month = published(
        {"system": "A", "prove_s": 600.0} | early,
        {"system": "B", "prove_s": 20.0, "published_precision": "month"} | late,
    )
    spells = progress.spells(claims["V1"], month)
    assert "until some day between 1 Jan 2025 and 31 Jan 2025" in plain(published_remarks.spell(claims["V1"], spells))
    known = pd.DataFrame({"source_id": ["s"], "title": ["A paper"], "address": [""]})
    said = plain(published_remarks.conventions(spells, known))
    assert said.startswith("The row of A comes from a source without a recorded address (A paper). It ends with B")
    assert "published in Jan 2025; only the month is known, and its last day, 31 Jan 2025, counts" in said
    exact = progress.spells(claims["V1"], table)
    assert published_remarks.conventions(exact, known.assign(address="somewhere")).startswith("No spell rests on")
    never = progress.spells(claims["V1"], table[table["system"] == "B"])
    assert plain(published_remarks.spell(claims["V1"], never)).endswith("in 0 of 5 sets.")


def test_a_trend_is_given_without_results_known_by_the_year():
    said = published_remarks.trend(Trend(8, 0.5, 0.04, 7.8), Trend(6, 0.4, 0.2, 0.8))
    assert "neither a fall" in said.splitlines()[0]
    assert said.splitlines()[1].startswith("Without results of which only the year is known, a year multiplies")


def test_a_result_is_not_dated_after_its_source():
    table = published({"system": "A", "prove_s": 20.0, "published_on": pd.Timestamp("2026-01-01")})
    table["published_precision"] = "year"
    known = {"source_id": ["s"], "retrieved": pd.Timestamp("2026-11-22")}
    seen = pd.DataFrame(known | {"last_observed": pd.Timestamp("2026-09-10")})
    unseen = pd.DataFrame(known | {"last_observed": pd.NaT})
    last = [progress.publications(table, sources=s)["last_day"].iloc[0] for s in (None, unseen, seen)]
    assert [f"{day:%m-%d}" for day in last] == ["12-31", "11-22", "09-10"]
    late = table.assign(published_on=pd.Timestamp("2026-10-01"), published_precision="day")
    assert progress.publications(late, sources=seen)["last_day"].iloc[0] == pd.Timestamp("2026-10-01")


def test_both_counts_of_rows_stand_beside_what_ezkl_accepts(shipped):
    table = rows.compiled(shipped["zk_circuits"], shipped["zk_proofs"])
    models = table.loc[table["family"] == shapes.GPT2.family, "model"]
    found = rows.fit_rows(shipped["zk_circuits"], shipped["zk_proofs"], shapes.GPT2.family)
    said = plain(law_remarks.two_counts(found, models, rows.added_up(shipped["zk_circuits"]), shapes.GPT2))
    assert "Both exceed 67.1 million, what k = 26 holds. EZKL refuses a larger k" in said
    assert said.endswith("k = 27 is likelier.")
    assert "One of them exceeds" in plain(law_remarks.two_counts(found, models, 60e6, shapes.GPT2))
    assert "were not compiled" in plain(law_remarks.two_counts(found, models, np.nan, shapes.GPT2))


def test_the_form_of_the_law_of_memory_is_named_with_its_errors():
    compared = pd.DataFrame({"rms_log_error": [0.0348, 0.014], "predictions": 13}, index=["power", "linear"])
    assert plain(law_remarks.forms(compared)) == (
        "Over 13 predictions by forward chaining the root mean squared log error is "
        '0.035 for "power" and 0.014 for "linear": memory follows "linear" here.'
    )
    nothing = compared.assign(predictions=0, rms_log_error=np.nan)
    assert law_remarks.forms(nothing) == 'No fit allows a prediction: memory follows "power" here.'


def test_the_circuits_of_a_family_are_counted_by_series(shipped, gpt2):
    used = law.of_law(law.observations(shipped["zk_proofs"]))
    said = plain(law_remarks.reach(used, shapes.GPT2.family, gpt2))
    assert "2 in the series zk_ladder_recorded" in said
    assert f"{round(gpt2.family_doublings)} beyond the largest of its family" in said
    assert "or more: none." in law_remarks.reach(used.head(0), shapes.GPT2.family, gpt2)


@pytest.mark.parametrize(("usd_per_hour", "both"), [(110.0, 1), (10.0, 0)])
def test_time_and_cost_together_are_counted(claims, usd_per_hour, both):
    v1, v2 = claims["V1"], claims["V2"]
    offers, implied = prices({"usd_per_hour": usd_per_hour}), joint.implied_price(claims["V1"], claims["V2"])
    found = literature.systems(v1, published({"system": "A", "prove_s": 600.0}))
    priced = cost.costs(found, offers, on=v1.as_of)
    machines = joint.machines_between(offers, implied, on=v1.as_of)
    said = plain(published_remarks.both(v1, v2, priced, implied, machines))
    assert f"The time holds for 1 of 1 system. The cost is known for 1, and holds for {both} of these." in said
    assert f"Both are known to hold for {both}." in said
    assert ("our table has no such machine" in said) == (not both)


def test_an_unknown_cost_is_no_cost_that_fails(claims):
    v1, v2 = claims["V1"], claims["V2"]
    rows = ({"system": "A", "prove_s": 30.0}, {"system": "B", "prove_s": 500.0, "vcpus": np.nan, "memory_gb": np.nan})
    found = literature.systems(v1, published(*rows))
    offers = prices({"usd_per_hour": 120.0, "vcpus": 1.0}, {"usd_per_hour": 1.0, "instance": "large"})
    implied, priced = joint.implied_price(v1, v2), cost.costs(found, offers, on=v1.as_of)
    machines = joint.machines_between(offers, implied, on=v1.as_of)
    said = plain(published_remarks.both(v1, v2, priced, implied, machines))
    assert "The time holds for 1 of 2 systems. The cost is known for 1, and holds for 0 of these." in said
    assert "The time of B, 8.33 min, holds and its cost is unknown (hardware not stated): both would hold on" in said
    assert "a machine of 108 to 144 USD an hour, the price of 1 instance in our table." in said


def test_sessions_left_out_are_told_with_what_turns():
    sessions = pd.DataFrame({"quiet": [True, True, False], "full_s": [0.8, 2.0, 9.0]})
    rows = {"without": [0, 1, 3], "support": [0.5, np.nan, 0.875]}
    without = pd.DataFrame(rows | {"label": ["definition-ambiguous", "definition-ambiguous", "reproduced"]})
    said = plain(unproved_remarks.left_out(without, sessions)).splitlines()
    assert said[0].endswith("differ by a factor of 2.5. The verdict hangs on session 3:")
    assert said[3] == "without session 3: reproduced, it holds under 87.5 % of the definitions."
    steady = plain(unproved_remarks.left_out(without.assign(label="reproduced"), sessions.assign(full_s=np.nan)))
    assert steady.startswith("The verdict does not hang on one session:")


def test_the_price_at_which_a_cent_is_reached_is_said():
    timed = pd.DataFrame(
        {"tokens": [1, 1024], "counts": True, "break_even_usd_per_hour": [1894.4, 30.25], "usd_per_hour": 0.25}
    )
    assert plain(unproved_remarks.break_even(timed)) == (
        "An inference costs a fraction of a cent as long as an hour of the machine costs: 1 token below 1 890 USD and "
        "1 024 tokens below 30.2 USD; the machine that counts here costs 0.25 USD."
    )
    assert unproved_remarks.break_even(timed.head(0)).startswith("No inference was timed")


def test_the_sessions_that_count_are_the_quiet_ones():
    table = pd.DataFrame(
        {"quiet": [True, False, True], "runs": [60, 30, 30], "one_token_s": [0.01, 0.05, 0.02], "full_s": [np.nan] * 3}
    )
    assert plain(unproved_remarks.quiet(table)).splitlines() == [
        "Of 3 sessions 2 are quiet, the load of their first run below 1: V3 rests on their 90 runs of one token.",
        "Medians of quiet sessions:",
        "one token: 10 to 20 ms, below 1 s in 2 of 2.",
    ]
    assert (
        plain(unproved_remarks.quiet(table.assign(quiet=False))) == "Of 3 sessions 0 are quiet: V3 cannot be computed."
    )


def test_what_was_published_on_a_gpu_is_counted_with_what_lacks_a_price():
    table = pd.DataFrame({"seconds": [0.001, 0.02, 0.004], "usd": [1e-6, 2e-5, np.nan], "reason": ["", "", "no price"]})
    assert plain(unproved_remarks.gpu(table)) == (
        "3 published times on a GPU, 2 with input length and price: 1 to 20 ms a pass, at most 0.00002 USD."
    )
    assert plain(unproved_remarks.gpu(table.assign(reason="no price"))) == (
        "3 published times on a GPU, 0 with input length and price."
    )


def test_each_part_of_v4_has_its_count(claims):
    rows = (Evidence("a", "supports", "s", part="EZKL"), Evidence("b", "neutral", "s", part="EZKL"))
    said = plain(published_remarks.parts(claims["V4"], rows)).splitlines()
    assert said[0] == "EZKL: 2 rows, of which 1 supports, 0 contradicts, 1 neutral."
    assert said[1] == "Modulus Labs: 0 rows, of which 0 supports, 0 contradicts, 0 neutral."


def test_overhead_is_rounded_and_dated():
    found = Overhead(292_273.0, 81_718.0, 864_458.0, 0.5, 2, 16, 180.0, 4_947_311.0, date(2027, 5, 22))
    said = plain(published_remarks.overhead(found, "EZKL", replace(found, mean=864_458.0, rows=15)))
    assert said.startswith(
        "A proof takes 290 000 times as long as the inference, the geometric mean over 2 systems; their range is "
        "82 000 to 860 000, and covers the median of all systems with probability 0.5. Over the 15 networks that we "
        "measured, EZKL alone takes 180 to 4 900 000 times as long"
    )
    assert said.endswith("Look again on 22 May 2027.")


def test_every_project_that_the_report_names_has_its_published_rows(claims):
    table = published(
        {"system": "EZKL", "prove_s": 5.0},
        {"system": "Remainder", "prove_s": 6.0, "source_id": "modulus_ch13"},
        {"system": "zkGPT", "prove_s": 7.0},
    )
    assert private.of_named_projects(table)[["project", "system"]].values.tolist() == [
        ["EZKL", "EZKL"],
        ["Modulus Labs", "Remainder"],
    ]
    assert set(private.of_named_projects(load("zk_published"))["project"]) == set(claims["V4"].parts)


def test_the_ladder_counts_circuits_and_proofs():
    found = law.ladder(law.observations(ladders.proofs(repeats=3)))
    assert found["proofs"].tolist() == (3 * found["circuits"]).tolist()
    assert found["circuits"].sum() == len(ladders.NETWORKS)


def test_a_timeline_holds_authors_others_and_distilled_models_once_each():
    table = published(
        {"system": "A", "prove_s": 20.0, "tokens": 1.0},
        {"system": "A", "prove_s": 90.0, "tokens": 512.0},
        {"system": "A", "prove_s": 25.0, "by": "others"},
        {"system": "B", "prove_s": 600.0, "what": "distilled", "scale": "smaller"},
        {"system": "C", "prove_s": 1.0, "what": "projection"},
    )
    everything = {"what": ("one_pass", "distilled"), "reruns": True}
    assert sorted(progress.publications(table, **everything)["prove_s"]) == [20.0, 25.0, 600.0]
    assert progress.publications(table.head(0), **everything).empty
