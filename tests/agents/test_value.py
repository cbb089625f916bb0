"""A1: totals by tier against an independent recomputation, what must not change them, and what must."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.agents import capitalisation, remarks, value
from analysis.agents.observations import counted, distance_days, held, published
from analysis.engine.claims import load_claims
from analysis.engine.claims.judge import certainty, judge
from analysis.engine.data.sealed import data_dir
from analysis.engine.data.tables import load
from analysis.engine.multiverse import primary_of
from tests.agents import plain, worlds

TODAY = date(2026, 11, 25)
ON = date(2026, 1, 22)
TOKENS = ("tokens", "token_prices", "token_supplies")


@pytest.fixture(scope="module")
def claim():
    return load_claims()["A1"]


@pytest.fixture(scope="module")
def agent_values():
    return load("agent_values")


@pytest.fixture(scope="module")
def tokens():
    return {name: load(name) for name in TOKENS}


@pytest.fixture(scope="module")
def no_tokens(tokens):
    return {name: table.iloc[:0] for name, table in tokens.items()}


def verdict(claim, table, tokens) -> str:
    return judge(claim, value.assess_a1(claim, agent_values=table, **tokens), today=TODAY).label


@pytest.mark.slow
@pytest.mark.parametrize("counting", ["net", "gross"])
@pytest.mark.parametrize(("dates", "within"), [("within 180 days", 180), ("within 90 days", 90), ("at any date", None)])
def test_totals_per_tier_equal_plain_loops_over_the_file(agent_values, counting, dates, within):
    found = value.totals(agent_values, on=ON).query("counting == @counting and dates == @dates").set_index("tier")
    expected = plain.totals(data_dir(), net=counting == "net", within=within)
    assert {tier for tier in found.index if not np.isnan(found.at[tier, "value"])} == set(expected)
    for tier, numbers in expected.items():
        assert tuple(found.loc[tier, ["value", "low", "high"]]) == pytest.approx(numbers)


@pytest.mark.slow
def test_the_claim_differs_by_far_and_says_how_far(claim, agent_values, tokens):
    found = value.assess_a1(claim, agent_values=agent_values, **tokens)
    assert judge(claim, found, today=TODAY).label == "differs-smaller"
    assert found.estimate.high < claim.regions[1].left / 5
    assert found.support.balanced == 0
    assert certainty(claim, found).grade == "very low"
    assert "more protocols of the size" in found.nearest_true


def test_money_that_a_holder_outside_the_sum_has_too_is_named_and_stays_in(agent_values):
    found = value.shared(agent_values, on=ON).set_index("relation")
    assert set(found["protocol"]) == {"Almanak"}
    assert set(found["holder"]) == {"Pendle"}
    assert found["value"].to_dict() == {"part of": 113e6, "net of": pytest.approx(98.81e6)}
    assert not found["taken"].any()
    net, gross = (value.holdings(agent_values, on=ON, counting=how).set_index("protocol") for how in ("net", "gross"))
    assert net.at["Almanak", "value"] == gross.at["Almanak", "value"] == 123.76e6


def test_the_same_money_is_counted_once_when_its_other_holder_is_in_the_sum(agent_values):
    pendle = worlds.values({"figure_id": "pendle", "protocol": "Pendle", "value": 98.81e6})
    table = pd.concat([agent_values, pendle], ignore_index=True)
    before, net, gross = (
        value.total(value.holdings(t, on=ON, counting=how), ("delegated",))[0]
        for t, how in ((agent_values, "net"), (table, "net"), (table, "gross"))
    )
    assert net == pytest.approx(before)
    assert gross == pytest.approx(before + 98.81e6)
    assert value.shared(table, on=ON)["taken"].all()


TWO = {"protocol": "P", "figure_id": "whole", "value": 2e9}


@pytest.mark.slow
@pytest.mark.parametrize(
    "other",
    [
        {"same_money_as": "whole", "relation": "part of"},
        {"observed_from": "2026-01-01", "observed_to": "2026-01-31", "source_id": "t"},  # the dates overlap
        {"observed_from": "2025-12-01", "observed_to": "2025-12-01"},  # the same source and product
    ],
)
def test_two_billion_under_two_names_enter_once(claim, agent_values, no_tokens, other):
    table = pd.concat([agent_values, worlds.values(TWO, {"protocol": "Q", "value": 2e9} | other)], ignore_index=True)
    before, net, gross = (
        value.total(value.holdings(t, on=ON, counting=how), ("delegated",))[0]
        for t, how in ((agent_values, "net"), (table, "net"), (table, "gross"))
    )
    assert net == pytest.approx(before + 2e9)
    assert gross == pytest.approx(net + 2e9)
    found = value.assess_a1(claim, agent_values=table, **no_tokens)
    assert judge(claim, found, today=TODAY).primary == "reproduced"
    assert set(value.shared(table, on=ON).query("taken")["protocol"]) == {"Q"}


def split(table: pd.DataFrame, position: int, share: float) -> pd.DataFrame:
    """The row at a position as two parts of its figure."""
    row = table.iloc[[position]]
    sizes = {"one": share, "two": 1 - share}
    parts = [row.assign(part=name, **{c: row[c] * s for c in ("low", "value", "high")}) for name, s in sizes.items()]
    return pd.concat([table.drop(index=table.index[position]), *parts], ignore_index=True)


def both_ways(table: pd.DataFrame) -> pd.DataFrame:
    """Holdings net within 180 days, and gross at any date."""
    net = value.holdings(table, on=ON)
    return pd.concat([net, value.holdings(table, on=ON, within_days=None, counting="gross")], ignore_index=True)


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(position=st.integers(0, 60), share=st.floats(0.01, 0.99), seed=st.integers(0, 99))
def test_splitting_a_row_and_permuting_rows_change_nothing(position, share, seed):
    table = load("agent_values")
    changed = split(table, position % len(table), share).sample(frac=1, random_state=seed)
    before, after = both_ways(table), both_ways(changed)
    pd.testing.assert_frame_equal(before, after, rtol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("tier", ["delegated", "agent-held", "ecosystem"])
@pytest.mark.parametrize("when", ["2026-01-22", "2024-01-01"])
def test_a_protocol_with_nothing_changes_nothing(claim, agent_values, no_tokens, tier, when):
    row = {"figure_id": "nothing", "protocol": "Nothing", "value": 0.0, "tier": tier}
    nothing = worlds.values(row | {"observed_from": when, "observed_to": when})
    more = pd.concat([agent_values, nothing], ignore_index=True)
    before, after = (value.assess_a1(claim, agent_values=t, **no_tokens) for t in (agent_values, more))
    assert before == after
    pages = []
    for table in (agent_values, more):
        found, late = value.holdings(table, on=ON), value.left_out(table, on=ON)
        pages.append(
            (
                remarks.counts(found, late, value.too_rough(table, on=ON)),
                remarks.same_money(value.shared(table, on=ON)),
                remarks.spread(value.concentration(found)),
                remarks.missing(claim, found, value.largest_verified(table, on=ON)),
                value.alternatives_a1(claim, table).to_csv(),
                value.totals(table, on=ON).to_csv(),
                value.question_a1(claim, table).explore().table.to_csv(),
            )
        )
    assert pages[0] == pages[1]


@pytest.mark.slow
def test_a_row_under_another_spelling_of_its_protocol_is_suspected_and_named(agent_values):
    again = agent_values[agent_values["figure_id"] == "giza_2025_11"].assign(
        figure_id="again", protocol="Giza Protocol"
    )
    table = pd.concat([agent_values, again], ignore_index=True)
    assert value.totals(table, on=ON).query("counting == 'net'")["value"].tolist() == pytest.approx(
        value.totals(agent_values, on=ON).query("counting == 'net'")["value"].tolist(), nan_ok=True
    )
    named = value.shared(table, on=ON).query("relation == 'suspected'")
    assert named[["protocol", "holder", "value", "taken"]].values.tolist() == [["Giza Protocol", "Giza", 21.73e6, True]]
    apart = again.assign(
        observed_from=pd.Timestamp("2025-09-01"), observed_to=pd.Timestamp("2025-09-01"), source_id="s"
    )
    assert "suspected" not in set(value.shared(pd.concat([agent_values, apart]), on=ON)["relation"])


def test_money_whose_first_holder_is_out_of_the_window_counts():
    old = {"observed_from": "2024-01-01", "observed_to": "2024-01-01"}
    table = worlds.values(TWO | old, {"protocol": "Q", "value": 5.0, "same_money_as": "whole", "relation": "part of"})
    assert value.total(value.holdings(table, on=ON), ("delegated",))[0] == 5.0


def test_an_undated_page_does_not_beat_a_dated_figure(agent_values):
    giza = value.holdings(agent_values, on=ON).set_index("protocol").loc["Giza"]
    assert (giza["figure_id"], giza["days"]) == ("giza_2025_11", 77)
    assert set(value.too_rough(agent_values, on=ON)["protocol"]) == {"Giza"}
    month = {"protocol": "a", "value": 1.0, "observed_from": "2026-01-01", "observed_to": "2026-03-31"}
    found = value.holdings(worlds.values(month, {"protocol": "a", "value": 2.0, "observed_from": "2025-12-22"}), on=ON)
    assert found[["value", "days_at_least", "days"]].values.tolist() == [[2.0, 0, 31]]


@pytest.mark.slow
def test_reliability_changes_certainty_and_no_number(claim, agent_values, no_tokens):
    findings = []
    for name in ("primary", "secondary", "promotional"):
        table = agent_values.assign(
            reliability=agent_values["reliability"].mask(agent_values["protocol"] != "all", name)
        )
        findings.append(value.assess_a1(claim, agent_values=table, **no_tokens))
    assert len({finding.estimate for finding in findings}) == 1
    weak = ["reliability" in "".join(certainty(claim, finding).reasons) for finding in findings]
    assert weak == [False, False, True]


@pytest.mark.slow
def test_one_row_of_two_billion_held_by_agents_reproduces_it(claim, agent_values, tokens):
    row = worlds.values({"figure_id": "big", "protocol": "Big", "tier": "agent-held", "value": 2.3e9})
    assert verdict(claim, pd.concat([agent_values, row], ignore_index=True), tokens) == "reproduced"


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        {"on_chain": False},
        {"scope": "total"},
        {"quantity": "volume"},
        {"tier": "ecosystem"},
        {"observed_from": pd.Timestamp("2025-07-01"), "observed_to": pd.Timestamp("2025-07-01")},
    ],
)
def test_the_same_row_does_not_count_outside_the_filter(claim, agent_values, tokens, change):
    row = worlds.values({"figure_id": "big", "protocol": "Big", "tier": "agent-held", "value": 2.3e9} | change)
    table = pd.concat([agent_values, row], ignore_index=True)
    assert judge(claim, value.assess_a1(claim, agent_values=table, **tokens), today=TODAY).primary == "differs-smaller"


def test_a_protocol_without_rows_is_gone_and_one_outside_the_window_is_listed_never_zero(
    claim, agent_values, no_tokens
):
    without = agent_values[agent_values["protocol"] != "Giza"]
    assert "Giza" not in set(value.holdings(without, on=ON)["protocol"])
    listed = value.left_out(agent_values, on=ON)
    assert {"AgentFi", "ai16z", "AI Hedge", "Liquid Agents"} == set(listed["protocol"])
    assert (listed["value"] > 0).all()
    assert value.holdings_under(claim, agent_values, primary_of(claim) | {"tier": "agent-held alone"}).empty
    held = agent_values[(agent_values["scope"] == "protocol") & (agent_values["quantity"] == "value held")]
    for table in (agent_values.drop(index=held.index), agent_values.iloc[:0]):
        assert verdict(claim, table, no_tokens) == "not-reproducible"


def test_sums_of_lows_and_highs_invent_no_spread():
    rows = (
        {"protocol": "a", "value": 5.0, "observed_from": "2026-01-20", "observed_to": "2026-01-20"},
        {"protocol": "a", "value": 9.0, "observed_from": "2026-01-10", "observed_to": "2026-01-10"},
        {"protocol": "b", "value": 3.0},
    )
    assert value.total(value.holdings(worlds.values(*rows), on=ON), ("delegated",)) == (8.0, 8.0, 12.0)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        (
            [{"value": 7.0, "observed_from": "2026-01-01", "observed_to": "2026-02-01"}],
            5.0,
        ),  # its furthest day is further
        ([{"value": 7.0}], 6.0),  # as near: the median
        ([{"value": 7.0, "reliability": "promotional"}], 6.0),  # whatever the source
        ([{"value": 7.0}, {"value": 100.0}], 7.0),
    ],
)
def test_of_figures_equally_near_none_is_preferred(others, expected):
    table = worlds.values({"protocol": "a", "value": 5.0}, *({"protocol": "a"} | other for other in others))
    found = value.holdings(table, on=ON)
    assert found["value"].item() == expected
    assert found[["low", "high"]].values.tolist() == [[5.0, max(other["value"] for other in others)]]


def test_what_lies_with_another_holder_is_taken_off_only_where_that_holder_is_in_the_sum():
    rows = (
        {"figure_id": "whole", "protocol": "a", "value": 10.0},
        {"figure_id": "part", "protocol": "a", "value": 4.0, "same_money_as": "whole", "relation": "part of"},
        {"figure_id": "gross", "protocol": "b", "value": 11.0},
        {"figure_id": "net", "protocol": "b", "value": 3.0, "same_money_as": "gross", "relation": "net of"},
    )
    rows = [row | ({"other_holder": "c"} if "relation" in row else {}) for row in rows]
    alone = held(published(worlds.values(*rows)))
    assert counted(alone, "net")["value"].to_dict() == {"whole": 10.0, "gross": 11.0}
    assert counted(alone, "gross")["value"].to_dict() == {"whole": 10.0, "gross": 11.0}
    assert counted(alone, "without lodged")["value"].to_dict() == {"whole": 6.0, "net": 3.0}
    both = held(published(worlds.values(*rows, {"figure_id": "c", "protocol": "c", "value": 12.0})))
    assert counted(both, "net")["value"].to_dict() == {"whole": 6.0, "net": 3.0, "c": 12.0}
    with pytest.raises(ValueError, match="unknown counting 'both'; it is one of net, gross, without lodged"):
        counted(both, "both")


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(first=st.dates(date(2024, 1, 1), date(2027, 12, 31)), days=st.integers(0, 400))
def test_distance_is_that_of_the_nearest_and_of_the_furthest_day(first, days):
    ends = {"observed_from": [pd.Timestamp(first)], "observed_to": [pd.Timestamp(first) + pd.Timedelta(days=days)]}
    every = [abs((pd.Timestamp(ON) - day).days) for day in pd.date_range(ends["observed_from"][0], periods=days + 1)]
    found = [distance_days(pd.DataFrame(ends), ON, reading).item() for reading in ("nearest", "furthest")]
    assert found == [min(every), max(every)]


def test_an_unknown_reading_is_refused(agent_values):
    with pytest.raises(ValueError, match="unknown reading 'late'; it is one of nearest, furthest"):
        distance_days(agent_values, ON, "late")


def test_concentration_of_one_and_of_many():
    one = value.holdings(worlds.values({"protocol": "a"}), on=ON)
    assert value.concentration(one) == value.Concentration(1.0, 1.0, 1, "a")
    assert value.concentration(one.iloc[:0]) is None
    shares = np.array([4.0, 3.0, 2.0, 1.0])
    many = worlds.values(*({"protocol": f"p{i}", "value": v} for i, v in enumerate(shares)))
    found = value.concentration(value.holdings(many, on=ON))
    assert found.herfindahl == pytest.approx(((shares / 10) ** 2).sum())
    assert found.largest_three == pytest.approx(0.9)


def test_missing_protocols_reach_the_target_and_one_less_does_not(agent_values, claim):
    total = value.total(value.holdings(agent_values, on=ON), value.TIERS[value.BOTH])[0]
    size = value.largest_verified(agent_values, on=ON)["value"]
    target = claim.regions[0].left
    count = value.missing_protocols(total, target, size)
    assert total + (count - 1) * size < target <= total + count * size


def test_steps_of_the_waterfall_stand_on_one_another_and_reach_the_asserted_figure(claim, agent_values, tokens):
    found = value.waterfall(claim, agent_values, capitalisation.capitalisation(*tokens.values(), on=ON))
    steps = found[~found["kind"].isin(["asserted", "other quantity"])]
    assert steps["start"].tolist()[1:] == steps["end"].tolist()[:-1]
    assert steps["end"].iloc[-1] == pytest.approx(claim.asserted.value)
    gross = plain.totals(data_dir(), net=False, within=180)
    around = steps.loc[steps["kind"] == "around agents", "end"].item()
    assert around == pytest.approx(sum(numbers[0] for numbers in gross.values()))


@pytest.mark.slow
def test_every_definition_has_a_row_and_none_holds(claim, agent_values):
    found = value.alternatives_a1(claim, agent_values)
    assert not found["holds"].any()
    assert found.loc[found["value"].isna(), "definition"].tolist() == ["agent-held alone"]
    values = found.set_index("definition")["value"]
    assert values[value.LODGED] < values["primary"] - 50e6


def test_capitalisation_is_price_times_supply_and_counts_what_lacks_one(tokens):
    tokens_, prices, supplies = tokens.values()
    found = capitalisation.capitalisation(tokens_, prices, supplies, on=ON)
    agents = set(tokens_.loc[tokens_["vertical"] == "agents", "symbol"])
    assert found.counted + found.missing == len(agents) == len(found.table)
    row = found.table.set_index("symbol").loc["VIRTUAL"]
    price = prices.loc[(prices["symbol"] == "VIRTUAL") & (prices["date"] == pd.Timestamp(ON)), "close_usd"].item()
    supply = supplies[(supplies["symbol"] == "VIRTUAL") & (supplies["basis"] == "dated")].sort_values("date")
    assert row["value"] == pytest.approx(price * supply["circulating_supply"].iloc[-1])
    assert found.core <= found.value
    doubled = prices.assign(close_usd=2 * prices["close_usd"])
    assert capitalisation.capitalisation(tokens_, doubled, supplies, on=ON).value == pytest.approx(2 * found.value)


def test_other_quantities_hold_no_value_held_and_mark_the_asserted_size(claim, agent_values, tokens):
    found = capitalisation.other_quantities(claim, agent_values, capitalisation.capitalisation(*tokens.values(), on=ON))
    assert "value held" not in set(found["quantity"])
    assert found["in_T"].tolist() == [v in claim.regions[0] for v in found["value"]]
    assert found["value"].iloc[0] == claim.asserted.value


@pytest.mark.slow
def test_totals_by_others_are_evidence_and_never_added(claim, agent_values, no_tokens):
    rows = value.evidence_a1(claim, agent_values)
    bearings = [row.bearing for row in rows if "total by others" in row.statement]
    assert bearings == ["contradicts", "contradicts", "supports"]
    without = agent_values[agent_values["scope"] != "total"]
    before, after = (value.assess_a1(claim, agent_values=t, **no_tokens) for t in (agent_values, without))
    assert before.estimate == after.estimate
