"""Setting up .venv: what is refused and how, what is repeated, and what is left alone."""

import ast
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "book/bootstrap.py"


@pytest.fixture
def bootstrap():
    """A fresh copy of the module, whose globals a test may replace."""
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project that needs no package."""
    (tmp_path / "book").mkdir()
    shutil.copy(SCRIPT, tmp_path / "book")
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    (tmp_path / "pyproject.toml").write_text("")
    return tmp_path


def pretend(module, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int], path: str = "/usr/bin/python3") -> None:
    """Let the module believe that it runs under another Python."""
    monkeypatch.setattr(module, "sys", SimpleNamespace(version_info=(*version, 0), executable=path))


def installs(module, monkeypatch: pytest.MonkeyPatch, fails_on: str = "") -> list[list[str]]:
    """Replace every command by a record of it; one that has the given word among its arguments is interrupted."""
    commands = []

    def run(command, root, remedy):
        commands.append(command)
        if fails_on in command:
            raise KeyboardInterrupt
        if "venv" in command:
            (Path(root) / ".venv/bin").mkdir(parents=True)
            (Path(root) / ".venv/bin/python").touch()

    monkeypatch.setattr(module, "run", run)
    return commands


def test_any_python_3_can_read_it() -> None:
    """The oldest grammar that Python can check; newer syntax is a SyntaxError there."""
    functions = [
        node.name for node in ast.parse(SCRIPT.read_text(), feature_version=(3, 6)).body if hasattr(node, "name")
    ]
    assert "main" in functions


@pytest.mark.parametrize("version", [(3, 6), (3, 10), (3, 14), (4, 0)])
def test_wrong_version_and_no_other(bootstrap, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int]) -> None:
    pretend(bootstrap, monkeypatch, version)
    monkeypatch.setattr(bootstrap, "candidates", list)
    with pytest.raises(
        bootstrap.SetupError, match=rf"This is Python {version[0]}\.{version[1]}; .* 3\.11 to 3\.13"
    ) as caught:
        bootstrap.choose_python()
    assert "apt-get install python3.11 python3.11-venv" in str(caught.value)


def test_wrong_version_but_another_on_path(bootstrap, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    pretend(bootstrap, monkeypatch, (3, 10))
    monkeypatch.setattr(bootstrap, "candidates", lambda: [sys.executable])
    assert bootstrap.choose_python() == sys.executable
    assert f"python3 is 3.10; using {sys.executable} instead." in capsys.readouterr().out


def test_candidates_must_run(bootstrap, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, body in {
        "python3.11": "exit 0",
        "python3.12": f'exec {sys.executable} "$@"',
        "python3.13": "exit 127",
    }.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bootstrap.candidates() == [str(tmp_path / "python3.12")]


@pytest.mark.parametrize("others", [[], ["/usr/bin/python3.12"]])
def test_missing_ensurepip(bootstrap, monkeypatch: pytest.MonkeyPatch, others: list[str]) -> None:
    pretend(bootstrap, monkeypatch, (3, 11))
    monkeypatch.setattr(bootstrap, "candidates", lambda: others)
    monkeypatch.setattr(bootstrap, "answers", lambda python, program: None if program == bootstrap.PROBE else "3.11")
    with pytest.raises(bootstrap.SetupError, match="no venv or ensurepip") as caught:
        bootstrap.choose_python()
    assert "apt-get install python3-venv python3.11-venv" in str(caught.value)


def test_no_disk(bootstrap, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda _: SimpleNamespace(free=1e8))
    with pytest.raises(bootstrap.SetupError, match=r"0\.1 GB free .* needs 2\.5 GB"):
        bootstrap.set_up(str(root))
    assert not (root / ".venv").exists()


@pytest.mark.parametrize("step", ["venv", "pip"])
def test_interrupted_set_up_leaves_nothing_and_is_repeated(
    bootstrap, monkeypatch: pytest.MonkeyPatch, root: Path, step: str
) -> None:
    installs(bootstrap, monkeypatch, fails_on=step)
    with pytest.raises(KeyboardInterrupt):
        bootstrap.set_up(str(root))
    assert not (root / ".venv").exists()
    again = installs(bootstrap, monkeypatch)
    bootstrap.set_up(str(root))
    assert len(again) == 2
    assert bootstrap.stamped(str(root / ".venv")) == bootstrap.fingerprint(str(root))


def test_unfinished_environment_is_made_anew(bootstrap, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    (root / ".venv/bin").mkdir(parents=True)
    (root / ".venv/bin/python").touch()
    (root / ".venv/half").touch()
    assert len(installs(bootstrap, monkeypatch)) == 0
    bootstrap.set_up(str(root))
    assert not (root / ".venv/half").exists()


def test_finished_environment_is_left_alone(bootstrap, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    commands = installs(bootstrap, monkeypatch)
    bootstrap.set_up(str(root))
    bootstrap.set_up(str(root))
    assert len(commands) == 2


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_changed_pins_are_installed_into_it(bootstrap, monkeypatch: pytest.MonkeyPatch, root: Path, name: str) -> None:
    commands = installs(bootstrap, monkeypatch)
    bootstrap.set_up(str(root))
    (root / name).write_text("# more\n")
    bootstrap.set_up(str(root))
    assert ["pip" in command for command in commands] == [False, True, True]


def test_moved_or_broken_environment_is_not_trusted(bootstrap, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    installs(bootstrap, monkeypatch)
    bootstrap.set_up(str(root))
    moved = root.rename(root.with_name("moved"))
    assert bootstrap.stamped(str(moved / ".venv")) is None
    bootstrap.set_up(str(moved))
    assert bootstrap.stamped(str(moved / ".venv")) == bootstrap.fingerprint(str(moved))
    (moved / ".venv/bin/python").unlink()
    assert bootstrap.stamped(str(moved / ".venv")) is None


@pytest.mark.slow
def test_for_real(root: Path) -> None:
    def set_up() -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "book/bootstrap.py"], cwd=root, capture_output=True, text=True, check=False
        )

    assert set_up().returncode == 0
    python = root / ".venv/bin/python"
    assert subprocess.check_output([python, "-c", "import pip, sys; print(sys.prefix)"], text=True).strip() == str(
        root / ".venv"
    )
    assert set_up().stdout == ""
    (root / "requirements.txt").write_text("./no-such-package\n")
    failed = set_up()
    assert failed.returncode == 1
    assert "no-such-package" in failed.stderr
    assert failed.stderr.endswith("then run the same command again.\n")
    assert "Traceback" not in failed.stderr
    assert not (root / ".venv").exists()
