"""The plan: rows and costs that are expected, order, and what is refused."""

import pytest

from analysis.verifiable_ai.measure.circuits import circuit
from analysis.verifiable_ai.measure.machine import Room, room
from analysis.verifiable_ai.measure.plan import LADDER, NoRoomError, cost, ladder, require_room, rows
from analysis.verifiable_ai.measure.processes import GIB
from analysis.verifiable_ai.shapes import GPT2_READING_IDS

#: Rows that ezkl 23.0.5 counted, November 2026.
COUNTED = {
    "mlp:8,16,8/256x4": 512,
    "mlp:32,64,32/256x4": 3_584,
    "mlp:96,192,96/256x4": 23_040,
    "mlp:8,16,8/hashed/256x4": 11_482,
    "mlp:640,1280,640": 840_320,
    "tfm:T1,d16,h2": 11_721,
    "tfm:T4,d16,h2": 42_685,
    "tfm:T1,d64,h4": 63_231,
    "tfm:T16,d64,h4": 700_945,
    "tfm:T1,d128,h4,L4": 673_864,
    "tfm:T1,d768,h12": 3_939_412,
}
#: Base-2 logarithm of the rows, GiB of the proving key and at the peak of proving, as recorded in November 2026.
RECORDED = {
    "mlp:8,16,8/256x4": (10, 0.00403, 0.033),
    "mlp:256,512,256": (18, 1.0317, 2.390),
    "tfm:T1,d128,h4": (18, 1.5007, 3.832),
    "tfm:T4,d32,h4": (17, 2.2431, 5.307),
}


@pytest.mark.parametrize("name", COUNTED)
def test_rows_are_expected_within_a_factor_of_1_7(name):
    assert 1 / 1.7 < rows(circuit(name)) / COUNTED[name] < 1.7


@pytest.mark.parametrize("name", RECORDED)
def test_needs_cover_what_was_recorded_and_not_much_more(name):
    k, key, memory = RECORDED[name]
    expected = cost(circuit(name), k=k)
    assert 0 < expected.disk_bytes / GIB - key < 0.1
    assert 0 <= expected.memory_bytes / GIB - memory < 0.5


def test_the_ladder_is_climbed_by_cost_and_each_repeat_begins_below():
    plan = ladder(repeats=2)
    assert len(plan) == 2 * len(LADDER) == len({planned.run_id for planned in plan})
    first = [cost(planned).cpu_seconds for planned in plan[: len(LADDER)]]
    assert first == sorted(first)
    assert {planned.repeat for planned in plan[: len(LADDER)]} == {0}


def test_the_first_four_rungs_have_private_weights_among_them_and_fit_40_seconds():
    first = ladder()[:4]
    assert "private" in {planned.weights for planned in first}
    assert sum(cost(planned).wall_seconds for planned in first) < 40


def test_a_name_given_twice_is_measured_once():
    assert len(ladder(["mlp:2,2", "mlp:2,2"])) == 1


def test_hidden_weights_that_are_hashed_cost_more_and_rows_alone_cost_less():
    plain, hashed = cost(circuit("tfm:T1,d16,h2")), cost(circuit("tfm:T1,d16,h2/hashed"))
    assert hashed.cpu_seconds > 2 * plain.cpu_seconds
    rows_alone, timing = (cost(circuit("tfm:T1,d16,h2", only=only)) for only in ("rows", "inference"))
    assert timing.cpu_seconds < rows_alone.cpu_seconds < plain.cpu_seconds
    assert rows_alone.disk_bytes < plain.disk_bytes


def test_a_network_of_gpt2s_shape_is_timed_and_not_proved():
    assert 2 < cost(circuit(str(GPT2_READING_IDS), only="inference")).memory_bytes / GIB < 2.5
    with pytest.raises(ValueError, match="timed, not proved"):
        circuit(str(GPT2_READING_IDS), only="rows")


@pytest.mark.parametrize(
    ("have", "message"),
    [
        (Room(1e9, 1e12), r"tfm:T1,d128,h4/private needs about 1\.\d\d GiB of disk; there are 0\.93 GiB"),
        (Room(1e12, 2e9), r"tfm:T1,d128,h4/private needs about 4\.\d\d GiB of memory; there are 1\.86 GiB"),
    ],
)
def test_a_refusal_names_circuit_need_and_have(have, message):
    with pytest.raises(NoRoomError, match=message):
        require_room(circuit("tfm:T1,d128,h4/private"), have)
    require_room(circuit("mlp:8,16,8/private/256x4"), have)


def test_room_of_a_folder_that_is_not_there_yet_is_that_of_its_parent(tmp_path):
    found = room(tmp_path / "cache" / "zkml")
    assert found.disk_bytes > 0
    assert found.memory_bytes > 0


@pytest.mark.parametrize("name", ["mlp:8,16,8/hidden", "tfm:T1,d8,h2,v9,c4", "mlp:8"])
def test_what_is_no_circuit_is_refused(name):
    with pytest.raises(ValueError, match=r"is none of|timed, not proved|two or more"):
        circuit(name)
