"""``new-report``: the skeleton of a report, in a folder and a package of its own; it builds as it stands.

``skeleton/`` holds its files, with «name» and their like where the new report's own words stand. Python ends in ``.j2``
there, so that nothing takes it for code of the engine.
"""

import keyword
import os
import re
import subprocess
import sys
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from analysis.engine.data.clock import today
from analysis.engine.data.report import HOME
from analysis.engine.data.sealed import DataError

SKELETON = Path(__file__).parent / "skeleton"
#: Stands for the package's name in the skeleton's paths.
NAME = "NAME"
PACKAGE = re.compile(r"[a-z][a-z0-9_]*")
BLANKS = Environment(
    variable_start_string="«", variable_end_string="»", undefined=StrictUndefined, keep_trailing_newline=True
)


def new_report(folder: str | os.PathLike, name: str | None = None) -> Path:
    """Write the skeleton, sealed, whole or not at all.

    Parameters
    ----------
    folder : path
        May exist, but must be empty.
    name : str, optional
        Of the package; default after the folder.

    Raises
    ------
    DataError
        If something stands in the folder, its own folder is missing, or the name cannot be a package's.
    """
    target = Path(folder).resolve()
    name = package_name(target.name, name)
    if not target.parent.is_dir():
        raise DataError(f"{target}: there is no folder {target.parent} for it")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise DataError(f"{target}: a new report needs a folder that is empty or does not exist")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".new-report-") as scratch:
        written = Path(scratch) / target.name
        fill(written, name)
        sealed(written, name)
        if target.exists():
            target.rmdir()
        written.rename(target)
    return target


def package_name(folder: str, name: str | None = None) -> str:
    """Name of the package: the one given, else after the folder.

    Raises
    ------
    DataError
        If Python or the skeleton cannot have a package of that name, or there is one already.

    Examples
    --------
    >>> package_name("Price of Coffee-2026")
    'price_of_coffee_2026'
    """
    found = name if name is not None else re.sub(r"\W+", "_", folder.lower()).strip("_")
    hint = "" if name is not None else "; give another with --name"
    if not PACKAGE.fullmatch(found) or keyword.iskeyword(found):
        raise DataError(f"{found!r} cannot name a package: small letters, digits and _, a letter first{hint}")
    taken = {path.stem for path in SKELETON.iterdir()}
    spec = find_spec(found)
    if found in taken or (spec is not None and spec.origin is not None):
        raise DataError(f"{found!r} cannot name a package: there is something of that name already{hint}")
    return found


def fill(folder: Path, name: str) -> None:
    """Write the skeleton's files with a report's own words."""
    words = {
        "name": name,
        "slug": name.replace("_", "-"),
        "title": name.replace("_", " ").capitalize(),
        "year": today().year,
        "version": import_module(HOME).__version__,
    }
    for file in SKELETON.rglob("*"):
        if file.is_file():
            parts = [name if part == NAME else part for part in file.relative_to(SKELETON).parts]
            written = folder.joinpath(*parts[:-1], parts[-1].removesuffix(".j2"))
            written.parent.mkdir(parents=True, exist_ok=True)
            written.write_text(BLANKS.from_string(file.read_text("utf-8")).render(words), "utf-8")


def sealed(folder: Path, name: str) -> None:
    """Seal the tables of a new report, by its own command line."""
    home = Path(find_spec(HOME).origin).parents[1]
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), str(home)]), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", name, "seal", "data", "--release"]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DataError(f"the new report cannot be sealed: {done.stderr.strip()}")
