"""Bad rows of runs, links, shares and sizes are refused with row, column and rule."""

import pytest

from analysis.engine.data.sealed import DataError
from analysis.engine.data.tables import load, read
from tests.conftest import rewrite

BAD = {
    "bandwidth in megabits": (
        "training_runs",
        "up_bits_per_s",
        "110",
        r"column up_bits_per_s: 110.0 is not a bandwidth in bits per second",
    ),
    "parameters in billions": ("training_runs", "params", "72.7", r"column params: 72.7 is not a number of parameters"),
    "more active parameters than there are": ("training_runs", "active_params", "1e13", "active_params at most params"),
    "utilisation in percent": ("training_runs", "compute_share_high", "96", "96.0 is not a share, above 0"),
    "lowest above highest": ("training_runs", "compute_share_high", "0.1", "compute_share_low on or before"),
    "unknown kind of run": ("training_runs", "kind", "training", "'training' is not one of pre-training"),
    "pre-training by roll-outs": ("training_runs", "decentralised", "partly", "partly only for post-training"),
    "completion unheard of": ("training_runs", "completed", "probably", "is not one of yes, no, not stated"),
    "measurement within no run": ("training_runs", "of_run", "gpt_4", "of_run blank or another row's run_id"),
    "no tokens": ("training_runs", "tokens", "0", r"column tokens: 0.0 is not a number of tokens"),
    "link without end": ("interconnects", "down_bits_per_s", "inf", "is not a finite number"),
    "link in megabits": ("interconnects", "up_bits_per_s", "22.6", "22.6 is not a bandwidth in bits per second"),
    "share in percent": ("market_shares", "share_high", "28", "28.0 is not a share, above 0 and at most 1"),
    "shares of more than all": ("market_shares", "share_high", "0.9", "add up to 1 at most"),
    "negative share": ("market_shares", "share_low", "-0.1", "-0.1 is not a share"),
    "unknown market": ("market_shares", "market", "clouds", "'clouds' is not one of cloud infrastructure services"),
    "size in billions": ("market_sizes", "usd_low", "500", "500.0 is not a market in USD"),
    "size in trillions of trillions": ("market_sizes", "usd_low", "5e20", "is not a market in USD"),
    "revenue of a year to come": ("market_sizes", "basis", "realised", "realised no later than published"),
    "unknown year": ("market_sizes", "year_to", "3028", "3028 is not a year from 2015 to 2050"),
    "unknown source": ("market_sizes", "source_id", "hearsay", "'hearsay' is not in the column source_id of sources"),
}
#: Row that is edited; shares and sizes begin with the clouds and with the forecast of 2028.
ROWS = {"training_runs": 0, "interconnects": 3, "market_shares": 0, "market_sizes": 0}


@pytest.mark.parametrize(("table", "column", "value", "message"), BAD.values(), ids=BAD.keys())
def test_a_bad_row_is_refused_with_its_rule(small_data, table: str, column: str, value: str, message: str) -> None:
    def edit(rows):
        rows.loc[ROWS[table], column] = value
        if column == "share_high" and value == "0.9":
            rows.loc[ROWS[table], "share_low"] = value
        return rows

    rewrite(small_data, table, edit)
    with pytest.raises(DataError, match=message):
        read(table, small_data)


def test_runs_agree_with_what_is_stated_of_them() -> None:
    runs = load("training_runs").set_index("run_id")
    one = runs.loc["intellect_1"]
    assert one["gpus"] == one["participants"] * one["gpus_per_participant"] == 112
    assert one["reduction_low"] == one["compression"] * one["inner_steps"] == 400
    covenant = runs.loc["covenant_72b"]
    within = 1 - covenant["communication_s"] / covenant["round_s"]
    assert within == pytest.approx(covenant["compute_share_low"], abs=0.005), "about 20 minutes a round"


def test_only_reference_runs_have_an_mfu_beside_the_one_that_states_both() -> None:
    """Time spent computing is not MFU: whoever mixes them would find them equal."""
    runs = load("training_runs")
    both = runs[runs["mfu_low"].notna() & runs["compute_share_low"].notna()]
    assert both["run_id"].tolist() == ["intellect_1"]
    assert (both["mfu_high"] < both["compute_share_low"]).all()


def test_no_day_is_made_up() -> None:
    runs = load("training_runs")
    known = runs["published_from"] == runs["published_to"]
    assert known.any()
    assert not known.all()
    spans = runs.loc[~known, "published_from"]
    assert (spans.dt.day == 1).all(), "a month or a year begins with its first day"
