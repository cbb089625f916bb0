"""The command line, in process: output, exit status, messages."""

import csv
import io
import json

import pytest

from analysis.__main__ import main
from tests.conftest import rewrite


def test_verdicts_in_words(capsys):
    assert main(["verdicts"]) == 0
    assert capsys.readouterr().out.startswith("R1  differs-opposite")


@pytest.mark.slow
def test_verdicts_of_another_folder(small_data, capsys):
    rewrite(small_data, "token_prices", lambda t: t[t.date < "2025-06-01"])
    assert main(["seal", str(small_data)]) == 0
    assert capsys.readouterr().out.strip().endswith("modified: token_prices, market_prices")
    assert main(["verdicts", "--json", "--data", str(small_data)]) == 0
    first = json.loads(capsys.readouterr().out)[0]
    assert (first["verdict"], first["reason"], first["estimate"]) == ("not-reproducible", "missing", None)


@pytest.mark.slow
def test_verdicts_as_csv(capsys):
    assert main(["verdicts", "--csv"]) == 0
    assert len(list(csv.reader(io.StringIO(capsys.readouterr().out)))) > 20


@pytest.mark.slow
def test_check_names_the_fault_and_exits_with_1(small_data, capsys):
    assert main(["check", "--data", str(small_data)]) == 0
    rewrite(small_data, "token_prices", lambda t: t.assign(close_usd=t.close_usd.mask(t.symbol == "BTC", "-1")))
    capsys.readouterr()
    assert main(["check", "--data", str(small_data)]) == 1
    assert "token_prices.csv: sha256" in capsys.readouterr().err
    assert main(["seal", str(small_data)]) == 1
    assert "column close_usd: -1.0 is not greater than 0" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["verdicts", "--help"], ["check", "--help"], ["seal", "--help"]])
def test_every_command_has_help(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 0
    assert "usage: python -m analysis" in capsys.readouterr().out


def test_a_clock_that_is_no_date_is_named(capsys, monkeypatch):
    monkeypatch.setenv("ANALYSIS_TODAY", "soon")
    assert main(["verdicts", "--stale"]) == 1
    assert "environment variable ANALYSIS_TODAY: 'soon' is not a date" in capsys.readouterr().err
