"""The table of measurements survives what may happen to it."""

import os

import pytest

from analysis.verifiable_ai.measure import table
from analysis.verifiable_ai.measure.table import TABLES, TableError, opened


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "measured.csv"
    with opened(path) as rows:
        for name in ("a,1|x|0", 'b "quoted"|x|0', "c|x|0"):
            rows.append({"run_id": name, "model": "two\nlines", "prove_s": 1 / 3, "verified": True})
    return path


def test_a_row_comes_back_as_it_was(file):
    with opened(file) as rows:
        assert rows.run_ids() == {"a,1|x|0", 'b "quoted"|x|0', "c|x|0"}
        first = rows.rows()[0]
    assert [first[name] for name in ("model", "prove_s", "verified", "setup_s")] == [
        "two lines",
        "0.333333",
        "True",
        "",
    ]


@pytest.mark.slow
def test_a_table_torn_at_any_byte_keeps_its_whole_rows(file):
    content = file.read_bytes()
    for length in range(len(content)):
        file.write_bytes(content[:length])
        whole = content[:length].count(b"\n")
        with opened(file) as rows:
            assert len(rows.rows()) == max(0, whole - 1)
            if rows.run_ids() == {"a,1|x|0", 'b "quoted"|x|0'}:
                rows.append({"run_id": "c|x|0", "model": "two lines", "prove_s": 1 / 3, "verified": True})
                assert file.read_bytes() == content


def test_a_disk_that_fills_up_within_a_row_leaves_the_table_as_it_was(file, monkeypatch):
    content, real = file.read_bytes(), os.pwrite
    monkeypatch.setattr(table.os, "pwrite", lambda fd, line, at: real(fd, line[:20], at))
    with opened(file) as rows:
        with pytest.raises(OSError, match="only 20 of"):
            rows.append({"run_id": "d|x|0"})
        assert file.read_bytes() == content
        monkeypatch.undo()
        rows.append({"run_id": "d|x|0"})
        assert "d|x|0" in rows.run_ids()


def test_two_measurements_do_not_write_to_one_table(file):
    with opened(file), pytest.raises(TableError, match="another measurement is writing"), opened(file):
        pass


def test_a_table_with_other_columns_is_refused(file):
    file.write_text("run_id,model\nold,mlp\n")
    with pytest.raises(TableError, match="other columns"), opened(file):
        pass
    assert file.read_text() == "run_id,model\nold,mlp\n"


def test_a_row_of_another_length_is_named(file):
    with file.open("a") as end:
        end.write("e|x|0,mlp\n")
    with pytest.raises(TableError, match=f"line 5: 2 cells, not {len(TABLES[None].schema.columns)}"), opened(file):
        pass


def test_an_unknown_column_is_refused(file):
    with opened(file) as rows, pytest.raises(KeyError, match="colour"):
        rows.append({"run_id": "d", "colour": "red"})
