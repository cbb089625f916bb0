"""The pipeline on a small project of its own: what runs again after which change, and what is refused."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "book"))

import dependencies  # noqa: E402

SEALED = """
import os
from pathlib import Path

class DataError(ValueError):
    pass

def data_dir():
    return Path(os.environ.get("ANALYSIS_DATA") or Path(__file__).parents[3] / "data")

def path(name, folder=None):
    return Path(folder or data_dir()) / f"{name}.csv"
"""
TABLES = """
import csv
from analysis.engine.data.sealed import path

def read_with(name):
    return (name, "corrections", *(["names"] if name == "second" else []))

def load(name, data_dir=None):
    return [float(row["x"]) for row in csv.DictReader(path(name, data_dir).open())]
"""
CHAPTERS = """
from pathlib import Path
from analysis.engine.data.sealed import data_dir

def load_chapters(folder=None):
    lines = (Path(folder or data_dir()) / "chapters.yml").read_text().splitlines()
    return {line.removeprefix("- id: "): line for line in lines if line.startswith("- id: ")}
"""
LEDGER_MODULE = """
import importlib, json, os
from pathlib import Path

def tables_of(chapter):
    return ("first",) if chapter == "alpha" else ()

def modules_of(chapter):
    return ("analysis.alpha",) if chapter == "alpha" else ()

def write(chapter, folder, data_dir=None):
    from analysis.engine.data import tables
    found = [importlib.import_module("analysis.alpha").mean(tables.load(t, data_dir)) for t in tables_of(chapter)]
    path = Path(folder) / f"{chapter}.json"
    path.write_text(json.dumps(found))
    return path

def entries(chapter):
    return json.loads((Path(os.environ["ANALYSIS_LEDGER"]) / f"{chapter}.json").read_text())
"""
CLAIMS_MODULE = """
from types import SimpleNamespace
from analysis.engine.data.sealed import DataError

def load_claims(data_dir=None):
    if "broken" in (data_dir / "claims.yml").read_text():
        raise DataError("claims.yml, claim A1: broken")
    return {"A1": SimpleNamespace(id="A1", chapter="alpha"), "B1": SimpleNamespace(id="B1", chapter="beta")}
"""
REPORT = """
from pathlib import Path
from types import SimpleNamespace

REPORT = SimpleNamespace(package="analysis", root=Path(__file__).parents[1], assessors={"A1": "analysis.alpha:mean"})
"""
#: Modules of the engine that the toy has as they are.
REAL = ("data/report.py", "ledger/provenance.py")
FILES = {
    "pyproject.toml": "[tool.pytask.ini_options]\n",
    "_config.yml": 'title: Toy\nexecute: {execute_notebooks: "off"}\nsphinx: {config: {language: en}}\n',
    "book/_toc.yml": "format: jb-book\nroot: index\nchapters: [{file: alpha}, {file: beta}]\n",
    "book/index.md": "# Toy\n\nA page.\n",
    "CHANGELOG.md": "# Changelog\n",
    "data/chapters.yml": "- id: alpha\n- id: beta\n- id: gamma\n",
    "data/claims.yml": "- id: A1\n",
    "data/first.csv": "x\n1\n2\n",
    "data/second.csv": "x\n3\n4\n",
    "data/names.csv": "x\n0\n",
    "data/corrections.csv": "x\n0\n",
    **{f"analysis/{room}__init__.py": "" for room in ("", "engine/", "engine/data/", "engine/ledger/", "engine/site/")},
    "analysis/engine/claims/__init__.py": CLAIMS_MODULE,
    "analysis/engine/data/sealed.py": SEALED,
    "analysis/engine/data/tables.py": TABLES,
    "analysis/engine/data/chapters.py": CHAPTERS,
    "analysis/engine/ledger/ledger.py": LEDGER_MODULE,
    **{f"analysis/engine/{name}": (REPOSITORY / "analysis/engine" / name).read_text("utf-8") for name in REAL},
    "analysis/report.py": REPORT,
    "analysis/low.py": "def half(x):\n    return x / 2\n",
    "analysis/low.md.j2": "Half.\n",
    "analysis/alpha.py": "from analysis.low import half\n\ndef mean(first):\n    return half(sum(first))\n",
    "analysis/beta.py": "def total(second):\n    return sum(second)\n",
}
EVERYTHING = {"ledger alpha", "ledger beta", "ledger gamma", "alpha.ipynb", "beta.ipynb", "site"}
ALPHA = [
    "from analysis.engine.data import tables\nfrom analysis.engine.ledger import ledger",
    "from analysis.alpha import mean",
    "print(mean(tables.load('first')), ledger.entries('alpha'))",
]
BETA = ["import analysis.beta as b, analysis.engine.data.tables as d", "print('total', b.total(d.load('second')))"]
RENDERER = """
class AlternativeText:  # what the installed package registers with MyST-NB
    mime_priority_overrides = ()

    @staticmethod
    def handle_mime(renderer, data, inline):
        return None
"""
NO_SPHINX = """

def build_site(notebooks):
    (HTML / "index.html").write_text("")
    say("site: 0.0 s")
"""
RAN = re.compile(r"^  (ledger \w+|\w+\.ipynb|site)", re.MULTILINE)


def notebook(*cells: str) -> str:
    """A notebook with a heading and these code cells, as text."""
    code = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    heading = {"cell_type": "markdown", "id": "heading", "metadata": {}, "source": "# Chapter"}
    body = [heading, *({**code, "id": f"cell{number}", "source": source} for number, source in enumerate(cells))]
    return json.dumps({"cells": body, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


class Project:
    """A toy book in its own folder, with the real pipeline; most tests do without Sphinx, which takes seconds."""

    def __init__(self, root: Path, *, sphinx: bool = False) -> None:
        self.root = root
        for name, text in FILES.items():
            self.write(name, text)
        self.write("book/alpha.ipynb", notebook(*ALPHA))
        self.write("book/beta.ipynb", notebook(*BETA))
        for name in ("actions.py", "build.py", "dependencies.py", "task_book.py"):
            shutil.copy(REPOSITORY / "book" / name, root / "book" / name)
        self.write("analysis/engine/site/images.py", RENDERER)
        if not sphinx:
            self.write("book/actions.py", (root / "book/actions.py").read_text() + NO_SPHINX)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def build(self, **env: str) -> subprocess.CompletedProcess:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("ANALYSIS_")}
        command = [sys.executable, "book/build.py"]
        return subprocess.run(command, cwd=self.root, env=inherited | env, capture_output=True, text=True, check=False)

    def ran(self, **env: str) -> set[str]:
        """Build, which must succeed, and tell which tasks ran."""
        done = self.build(**env)
        assert done.returncode == 0, done.stdout + done.stderr
        return set(RAN.findall(done.stdout))

    def output(self, name: str) -> str:
        """What an executed notebook printed."""
        cells = json.loads((self.root / "_build/book" / name).read_text())["cells"]
        return "".join(text for cell in cells for output in cell.get("outputs", ()) for text in output["text"])


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    built = Project(tmp_path_factory.mktemp("toy"))
    assert built.ran() == EVERYTHING
    return built


@pytest.mark.slow
def test_second_run_executes_nothing(project: Project) -> None:
    done = project.build()
    assert not RAN.findall(done.stdout)
    assert "notebooks: 0 run, 2 up to date; site: up to date" in done.stdout
    assert "Open _build/html/index.html" in done.stdout


@pytest.mark.slow
def test_committed_notebooks_stay_as_they_are(project: Project) -> None:
    assert (project.root / "book/alpha.ipynb").read_text() == notebook(*ALPHA)
    assert project.output("beta.ipynb") == "total 7.0\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param("data/second.csv", "x\n3\n5\n", {"beta.ipynb", "site"}, id="table"),
        pytest.param("data/first.csv", "x\n1\n3\n", {"ledger alpha", "alpha.ipynb", "site"}, id="table-of-a-ledger"),
        pytest.param("data/names.csv", "x\n1\n", {"beta.ipynb", "site"}, id="table-that-a-table-refers-to"),
        pytest.param(
            "data/corrections.csv", "x\n1\n", {"ledger alpha", "alpha.ipynb", "beta.ipynb", "site"}, id="corrections"
        ),
        pytest.param("data/unread.csv", "x\n1\n", {"site"}, id="table-that-none-reads"),
        pytest.param("analysis/unread.py", "DAYS = 180\n", {"site"}, id="module-whose-constant-prose-may-quote"),
        pytest.param(
            "analysis/beta.py", "def total(x):\n    return 10 * sum(x)\n", {"beta.ipynb", "site"}, id="function"
        ),
        pytest.param(
            "analysis/low.py",
            "def half(x):\n    return x / 4\n",
            {"ledger alpha", "alpha.ipynb", "site"},
            id="function-used-by-a-function",
        ),
        pytest.param(
            "analysis/low.md.j2",
            "The half.\n",
            {"ledger alpha", "alpha.ipynb", "site"},
            id="template-beside-a-module-used-by-a-function",
        ),
        pytest.param(
            "data/claims.yml", "- id: A2\n", {"ledger alpha", "ledger beta", "ledger gamma", "site"}, id="claims"
        ),
        pytest.param("data/chapters.yml", "# Three.\n" + FILES["data/chapters.yml"], EVERYTHING, id="chapters"),
        pytest.param("book/beta.ipynb", notebook(*BETA, "print(1)"), {"beta.ipynb", "site"}, id="notebook"),
        pytest.param("book/index.md", "# Toy\n\nAnother page.\n", {"site"}, id="page"),
    ],
)
def test_change_runs_what_reads_it(project: Project, name: str, text: str, expected: set[str]) -> None:
    before = project.output("beta.ipynb")
    project.write(name, text)
    assert project.ran() == expected
    assert (project.output("beta.ipynb") != before) == (
        name in {"data/second.csv", "analysis/beta.py", "book/beta.ipynb"}
    )


@pytest.mark.slow
def test_change_without_effect_stops_there_but_for_the_site_which_shows_the_source(project: Project) -> None:
    module = project.root / "analysis/low.py"
    module.write_text(f"# a comment\n{module.read_text()}")
    assert project.ran() == {"ledger alpha", "alpha.ipynb", "site"}


@pytest.mark.slow
def test_changed_ledger_runs_its_readers(project: Project) -> None:
    changed = LEDGER_MODULE.replace("json.dumps(found)", "json.dumps([chapter, *found])")
    project.write("analysis/engine/ledger/ledger.py", changed)
    assert project.ran() == EVERYTHING
    assert "['alpha'," in project.output("alpha.ipynb")


@pytest.mark.slow
def test_other_data_folder(project: Project, tmp_path: Path) -> None:
    shutil.copytree(project.root / "data", tmp_path / "own")
    (tmp_path / "own/second.csv").write_text("x\n777\n")
    before = project.output("beta.ipynb")
    assert {"alpha.ipynb", "beta.ipynb", "site"} <= project.ran(ANALYSIS_DATA=str(tmp_path / "own"))
    assert "777" in project.output("beta.ipynb")
    assert {"alpha.ipynb", "beta.ipynb", "site"} <= project.ran()
    assert project.output("beta.ipynb") == before


@pytest.mark.slow
def test_failing_notebook_is_named(project: Project) -> None:
    good = (project.root / "book/beta.ipynb").read_text()
    project.write("book/beta.ipynb", notebook(*BETA, "x = 1\nraise ValueError('no such price')"))
    done = project.build()
    assert done.returncode == 1
    assert "FAILED beta.ipynb, cell 4: ValueError: no such price" in done.stderr
    assert "----> 2 raise ValueError" in done.stderr
    assert (project.root / "_build/reports/beta.ipynb").exists()
    project.write("book/beta.ipynb", good)
    assert project.ran() <= {"site"}


@pytest.mark.slow
def test_site_is_rendered_and_a_warning_of_sphinx_fails_it_every_time(tmp_path: Path) -> None:
    project = Project(tmp_path, sphinx=True)
    project.write("book/index.md", "# Toy\n\n[gone](nowhere.md)\n")
    for _ in range(2):
        done = project.build()
        assert done.returncode == 1
        assert "nowhere.md" in done.stderr
        assert not (project.root / "_build/html").exists()
    project.write("book/index.md", "# Toy\n\nA page.\n")
    assert project.ran() == {"site"}
    assert "Chapter" in (project.root / "_build/html/alpha.html").read_text()
    assert "total 7.0" in (project.root / "_build/html/beta.html").read_text()


@pytest.mark.slow
def test_unwritten_table_name_is_refused(project: Project) -> None:
    good = (project.root / "book/beta.ipynb").read_text()
    cells = ("from analysis.engine.data import tables", "name = 'second'", "tables.load(name)")
    project.write("book/beta.ipynb", notebook(*cells))
    done = project.build()
    project.write("book/beta.ipynb", good)
    assert done.returncode == 1
    refused = 'beta.ipynb, cell 4: tables.load needs the table\'s name written out, like tables.load("tokens")'
    assert refused in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "source",
    [
        "from analysis.engine.data.tables import read",
        "from analysis.engine.data import *",
        "import analysis.engine.data.tables\nanalysis.engine.data.tables.read('first')",
        "from analysis.engine.data.sealed import read_package",
        "from analysis.engine.data.report import at_hand",
        "from analysis.engine.ledger import store",
        "from analysis.engine.ledger import ledger\nledger.assess('alpha')",
        "from analysis.engine.claims import read_claims",
        "from analysis.engine.claims import claims\nclaims.read_claims()",
    ],
)
def test_ways_to_the_data_that_leave_no_trace_are_refused(tmp_path, source):
    sneaky = tmp_path / "sneaky.ipynb"
    sneaky.write_text(notebook(source), encoding="utf-8")
    with pytest.raises(dependencies.BookError, match=r"sneaky\.ipynb, cell \d+: analysis\.[\w.*]+ hides what is read"):
        dependencies.tables_loaded(sneaky)


@pytest.mark.slow
def test_bad_data_is_told_without_a_traceback(project: Project) -> None:
    good = (project.root / "data/claims.yml").read_text()
    project.write("data/claims.yml", "broken")
    done = project.build()
    project.write("data/claims.yml", good)
    assert done.returncode == 1
    assert "FAILED claims.yml, claim A1: broken" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("path", sorted((REPOSITORY / "book").glob("*.ipynb")), ids=lambda path: path.stem)
def test_committed_notebook_carries_the_outputs_of_one_run(path: Path) -> None:
    """nbval passes a notebook that carries none; `make notebooks` writes them."""
    cells = [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    assert any(cell["outputs"] for cell in cells)


def saved(folder: Path, *cells: str) -> Path:
    path = folder / "n.ipynb"
    path.write_text(notebook(*cells))
    return path


@pytest.mark.parametrize(
    ("cells", "tables"),
    [
        (["from analysis.engine.data import tables", "tables.load('b'); tables.load('a')"], ("a", "b")),
        (["import analysis.engine.data.tables as d", "x = d.load('a')"], ("a",)),
        (["import analysis.engine.data.tables", "x = analysis.engine.data.tables.load('a', data_dir=None)"], ("a",)),
        (["from analysis.engine.data.tables import load as read", "%matplotlib inline\nread('a').head()"], ("a",)),
        (["import json", "json.load(file)", "load(name)"], ()),
        (["from analysis.engine.data import sealed", "sealed.path('a'); sealed.sha256('b')"], ("a", "b")),
    ],
)
def test_tables_loaded(tmp_path: Path, cells: list[str], tables: tuple[str, ...]) -> None:
    assert dependencies.tables_loaded(saved(tmp_path, *cells)) == tables


@pytest.mark.parametrize(
    "code",
    ["tables.load(name)", "tables.load(f'a{x}')", "load = tables.load", "map(tables.load, names)", "tables.load()"],
)
def test_tables_loaded_refuses(tmp_path: Path, code: str) -> None:
    with pytest.raises(dependencies.BookError, match=r"n\.ipynb, cell 3: tables\.load needs the table's name"):
        dependencies.tables_loaded(saved(tmp_path, "from analysis.engine.data import tables", code))


@pytest.mark.parametrize("module", ["analysis.engine.claims", "analysis.engine.claims.claims"])
def test_claims_are_seen_to_be_read_wherever_their_reader_is_taken_from(tmp_path: Path, module: str) -> None:
    path = saved(tmp_path, f"from {module} import load_claims", "load_claims()['R1']")
    assert dependencies.files_read(path) == ("claims.yml",)


def test_cell_that_is_not_python(tmp_path: Path) -> None:
    with pytest.raises(dependencies.BookError, match=r"n\.ipynb, cell 2: .*line 1"):
        dependencies.tables_loaded(saved(tmp_path, "x = = 1"))


def test_modules_imported(tmp_path: Path) -> None:
    path = saved(tmp_path, "import numpy as np, analysis.low", "def f():\n    from analysis.alpha import figures")
    assert dependencies.modules_imported(path) == ("analysis.alpha", "analysis.alpha.figures", "analysis.low")


@pytest.mark.parametrize(
    ("stem", "code", "chapters"),
    [
        ("alpha", "1", ("alpha",)),
        ("alpha", "ledger.entries('beta')", ("alpha", "beta")),
        ("alpha", "ledger.entry('B1')", ("alpha", "beta")),
        ("alpha", "ledger.entry(name)", ("alpha", "beta", "gamma")),
        ("alpha", "ledger.entries()", ("alpha", "beta", "gamma")),
        ("overview", "1", ("alpha", "beta", "gamma")),
    ],
)
def test_ledgers_read(tmp_path: Path, stem: str, code: str, chapters: tuple[str, ...]) -> None:
    path = saved(tmp_path, "from analysis.engine.ledger import ledger", code).rename(tmp_path / f"{stem}.ipynb")
    assert dependencies.ledgers_read(path, ("alpha", "beta", "gamma"), {"B1": "beta"}) == chapters


def test_bound_names_follow_python() -> None:
    tree = ast.parse("import a.b\nimport c.d as e\nfrom f import g, h as i")
    assert dependencies.bound_names(tree) == {"a": "a", "e": "c.d", "g": "f.g", "i": "f.h"}
