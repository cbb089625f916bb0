"""``new-report``: a skeleton that builds, as the book's page walks through it; refusals leave nothing behind."""

import re
import subprocess
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from analysis.engine import new_report as module
from analysis.engine.cli import main
from analysis.engine.data.sealed import DataError
from analysis.engine.new_report import SKELETON, new_report, package_name
from analysis.report import REPORT
from tests.second_report.conftest import environment

PAGE = REPORT.root / "book" / "another_report.md"
COMMANDS = re.compile(r"```shell\n(.*?)```", re.DOTALL)


@pytest.fixture
def unsealed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealing, which takes a process of its own, is another test's."""
    monkeypatch.setattr(module, "sealed", lambda folder, name: None)


def test_every_file_of_the_skeleton_is_written_under_the_new_name(unsealed: None, tmp_path: Path) -> None:
    folder = new_report(tmp_path / "Price of Coffee")
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    expected = {path.relative_to(SKELETON).as_posix() for path in SKELETON.rglob("*") if path.is_file()}
    assert written == {name.removesuffix(".j2").replace("NAME/", "price_of_coffee/") for name in expected}
    assert [name for name in written if re.search("[«»]", (folder / name).read_text("utf-8"))] == []
    assert 'package="price_of_coffee"' in (folder / "price_of_coffee" / "report.py").read_text("utf-8")


def test_an_empty_folder_will_do(unsealed: None, tmp_path: Path) -> None:
    (tmp_path / "coffee").mkdir()
    assert (new_report(tmp_path / "coffee") / "coffee" / "__main__.py").is_file()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("2026", "small letters, digits and _, a letter first; give another with --name"),
        ("class", "small letters"),
        ("", "small letters"),
        ("json", "there is something of that name already"),
        ("analysis", "there is something of that name already"),
        ("data", "there is something of that name already"),
        ("Makefile", "small letters"),
    ],
)
def test_a_name_that_no_package_can_have_is_refused(name: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        package_name("folder", name) if name in ("Makefile", "class") else package_name(name)


@pytest.mark.parametrize("at", ["full", "full/file.txt", "nowhere/coffee"])
def test_where_it_cannot_be_written_nothing_is(at: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file.txt").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    assert main(["new-report", str(tmp_path / at), "--name", "coffee"]) == 1
    assert sorted(tmp_path.rglob("*")) == before
    assert "error: " in capsys.readouterr().err


def test_nothing_is_left_of_a_skeleton_that_cannot_be_sealed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(folder: Path, name: str) -> None:
        raise DataError("not sealed")

    monkeypatch.setattr(module, "sealed", broken)
    with pytest.raises(DataError, match="not sealed"):
        new_report(tmp_path / "coffee")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_page_does_what_it_says(tmp_path: Path) -> None:
    """Every command of the page in one shell, as a reader of a fresh checkout runs them."""
    checkout = tmp_path / "checkout"
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / "analysis").symlink_to(REPORT.root / "analysis")
    (checkout / ".venv" / "bin" / "activate").write_text(
        "# the environment of this test is the one that make would have set up\n"
    )
    env = environment(REPORT.root)
    script = "\n".join(["set -e", *COMMANDS.findall(PAGE.read_text("utf-8"))])
    done = subprocess.run(["bash", "-c", script], cwd=checkout, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "P1  reproduced-minor" in done.stdout
    assert "P1  reproduced-minor → inconclusive" in done.stdout
    assert re.search(r"cause +data \(cups", done.stdout)
    site = tmp_path / "coffee" / "_build" / "html"
    for page, shown in {
        "index": ".scoreboard tr.claim",
        "claims/P1": ".claim-card",
        "price": "figure#fig-price-curve",
        "coverage": "table.coverage",
        "data_catalogue": "#table-cups a.download",
    }.items():
        assert BeautifulSoup((site / f"{page}.html").read_text("utf-8"), "html.parser").select(shown), page
    assert (site / "data" / "cups.csv").is_file()
    assert (site / "verdicts.csv").is_file()
