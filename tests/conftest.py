"""Fixtures: copies of the data folder, whole or small, to be edited and sealed."""

import gc
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from analysis.engine.claims.package import seal
from analysis.engine.data import sealed
from analysis.engine.ledger import store

#: Makes reference values with a package that the tests do not install.
collect_ignore = ["engine/inference/reference/wild.py"]

#: Days of the small folder: those that R1 rests on, the corrected row, and some beside them.
SMALL_DAYS = ("2023-03-04", "2023-03-05", "2024-12-31", "2025-01-01", "2025-12-30", "2025-12-31", "2026-01-21")


def pytest_collection_finish() -> None:
    """Look for garbage less often, and not in what was imported: it would take a tenth of the time."""
    gc.set_threshold(100_000, 10, 10)
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[None]:
    """The session keeps chapters of the ledger for itself, beside those of `make book`, once a test asks for them."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "cache"  # one for all workers
    if store.folder().is_dir():
        shutil.copytree(store.folder(), folder, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANALYSIS_CACHE", str(folder))
        patch.delenv("ANALYSIS_LEDGER", raising=False)
        yield


@pytest.fixture
def data_copy(tmp_path: Path) -> Path:
    """A copy of the shipped data folder."""
    return Path(shutil.copytree(sealed.data_dir(), tmp_path / "data"))


@pytest.fixture(scope="session")
def small_data_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(shutil.copytree(sealed.data_dir(), tmp_path_factory.mktemp("small") / "data"))
    for name, keep in {
        "token_prices": lambda t: t.date.isin(SMALL_DAYS),
        "market_prices": lambda t: t.symbol.isin(["BTCDOM", "PAXG"]) & t.date.isin(SMALL_DAYS),
    }.items():
        rewrite(folder, name, lambda table, keep=keep: table[keep(table)])
    seal(folder)
    return folder


@pytest.fixture
def small_data(small_data_once: Path, tmp_path: Path) -> Path:
    """A sealed data folder with all tokens on a few days, which R1 gives the same value on; each test has its own."""
    return Path(shutil.copytree(small_data_once, tmp_path / "data"))


def rewrite(folder: Path, name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """Edit a table as a reader would: cells as text, everything else untouched."""
    file = sealed.path(name, folder)
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    change(table).to_csv(file, index=False, lineterminator="\n")
