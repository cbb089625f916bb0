"""Each fault that once went through is put into a copy of the package, where the tests that it names must fail."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import analysis
from tests.faults.known import FAULTS, Fault

PACKAGE = Path(analysis.__file__).parent
TESTS = Path(__file__).parents[1]
FAILED = re.compile(r"^FAILED tests/(\S+?)(?:\[.*)?(?: - .*)?$", re.MULTILINE)

each = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package and its tests, without their shared fixtures, beside the data."""
    folder = tmp_path_factory.mktemp("faults")
    shutil.copytree(PACKAGE, folder / "analysis")
    shutil.copytree(TESTS, folder / "tests", ignore=shutil.ignore_patterns("conftest.py", "__pycache__"))
    shutil.copy(TESTS.parent / "pyproject.toml", folder)
    (folder / "data").symlink_to(TESTS.parent / "data", target_is_directory=True)
    return folder


def run(repository: Path, names: Sequence[str]) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "pytest", "-q", "-rf", "--tb=no", "-p", "no:cacheprovider"]
    # the package of the copy; no plugins, which take a second to load; no compiled fault that outlives it
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTEST_ADDOPTS")}
    return subprocess.run(
        [*command, *(f"tests/{name}" for name in names)],
        cwd=repository,
        env=environment | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@each
def test_the_text_of_each_fault_stands_in_its_module_once(fault: Fault):
    count = (PACKAGE / fault.module).read_text().count(fault.old)
    assert count == 1, (
        f"tests/faults/known.py, {fault.name!r}: {fault.old!r} stands {count} times in {fault.module}; "
        "give the text that does now what the fault spoils"
    )
    assert fault.new != fault.old


@pytest.mark.slow
def test_without_a_fault_their_tests_pass(repository: Path):
    done = run(repository, sorted({name for fault in FAULTS for name in fault.tests}))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@each
def test_each_fault_is_found_by_the_tests_that_it_names(repository: Path, fault: Fault):
    file = repository / "analysis" / fault.module
    whole = file.read_text()
    file.write_text(whole.replace(fault.old, fault.new))
    try:
        done = run(repository, fault.tests)
    finally:
        file.write_text(whole)
    assert done.returncode == 1, done.stdout + done.stderr
    assert set(FAILED.findall(done.stdout)) == set(fault.tests), done.stdout
