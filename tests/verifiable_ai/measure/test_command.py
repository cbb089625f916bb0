"""The command line of measure-zkml, without a proof."""

import pytest

from analysis.__main__ import main
from analysis.verifiable_ai.measure import command, machine
from analysis.verifiable_ai.measure.measure import Summary, measure
from analysis.verifiable_ai.measure.plan import LADDER
from tests.verifiable_ai.measure.fakes import fake_stage


@pytest.fixture
def faked(monkeypatch):
    monkeypatch.setattr(machine, "versions", lambda: "ezkl=0")
    monkeypatch.setattr(command, "find_spec", lambda name: name)
    monkeypatch.setattr(command, "measure", lambda *plan, **options: measure(*plan, **options, run=fake_stage))


def run(tmp_path, *arguments: str) -> int:
    return main(["measure-zkml", "--out", str(tmp_path / "x.csv"), "--cache", str(tmp_path / "cache"), *arguments])


def test_help_says_that_the_reference_string_is_for_measuring_only(capsys):
    with pytest.raises(SystemExit):
        main(["measure-zkml", "--help"])
    assert "for measuring only" in " ".join(capsys.readouterr().out.split())


def test_a_dry_run_prints_the_plan_and_writes_nothing(tmp_path, capsys):
    assert run(tmp_path, "--dry-run", "--threads", "2") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(LADDER)
    assert lines[1].startswith("mlp:8,16,8/fixed/256x4")
    assert list(tmp_path.iterdir()) == []


def test_rows_are_added_once_and_a_dry_run_knows_them(faked, tmp_path, capsys):
    arguments = ("--circuits", "mlp:2,2/256x4", "mlp:2,2/private/256x4", "--repeats", "2")
    assert run(tmp_path, *arguments) == 0
    assert "4\xa0circuits added" in capsys.readouterr().err
    assert run(tmp_path, *arguments) == 0
    assert "0\xa0circuits added" in (said := capsys.readouterr().err)
    assert "4 there before" in said
    assert run(tmp_path, *arguments, "--dry-run") == 0
    assert capsys.readouterr().out.count("measured") == 4


def test_what_was_refused_or_failed_is_said_and_the_status_is_1(faked, tmp_path, capsys):
    assert run(tmp_path, "--circuits", "tfm:T1,d128,h4", "--memory-gib", "0.5") == 1
    assert "refused: tfm:T1,d128,h4/fixed needs about" in capsys.readouterr().err
    summary = Summary(measured=["a"], over_budget=["b"], failed=["c: prove ended with 1"])
    assert command._report(summary, tmp_path / "x.csv") == 1
    assert "1 left for want of time" in (said := capsys.readouterr().err)
    assert "failed: c: prove ended" in said


def test_a_missing_extra_is_named_with_its_remedy(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(command, "find_spec", lambda name: None if name == "ezkl" else name)
    assert run(tmp_path) == 1
    assert capsys.readouterr().err == "error: measure-zkml needs ezkl: pip install '.[zkml]'\n"


def test_an_interruption_says_how_to_go_on(faked, tmp_path, capsys, monkeypatch):
    def interrupted(*plan, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "measure", interrupted)
    assert run(tmp_path) == 1
    assert "the same command goes on" in capsys.readouterr().err


def test_faults_of_the_command_line_and_the_table_are_one_line(faked, tmp_path, capsys):
    assert run(tmp_path, "--circuits", "mlp:8") == 1
    assert capsys.readouterr().err.startswith("error: a perceptron needs two")
    (tmp_path / "x.csv").write_text("other\n")
    assert run(tmp_path) == 1
    assert "choose another file" in capsys.readouterr().err
