"""Each table has a type, a DataFrame that carries the table's description, and assessors name their tables by it."""

from collections.abc import Callable
from importlib import import_module
from inspect import Parameter, signature
from typing import Annotated, get_args, get_origin, get_type_hints

import pandas as pd

from analysis.engine.data import register
from analysis.engine.data.report import named
from analysis.engine.data.tables import schemas
from analysis.report import REPORT


def camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def test_a_type_of_its_name_stands_beside_each_table() -> None:
    modules = [import_module(name) for name in REPORT.tables] + [register]
    types = {
        name: value for module in modules for name, value in vars(module).items() if get_origin(value) is Annotated
    }
    described = {camel(name): table for name, table in schemas().items() if name != "corrections"}
    assert {name: get_args(type_) for name, type_ in types.items()} == {
        name: (pd.DataFrame, table) for name, table in described.items()
    }


def test_every_module_of_tables_is_handed_to_the_engine() -> None:
    folder = REPORT.root / "analysis" / "tables"
    files = {f"analysis.tables.{file.stem}" for file in folder.glob("*.py") if file.stem != "__init__"}
    assert files == set(REPORT.tables)


def named_otherwise(function: Callable) -> list[str]:
    """Keyword-only parameters of a function that are not of the type of the table of their name."""
    hints = get_type_hints(function, include_extras=True)
    names = [p.name for p in signature(function).parameters.values() if p.kind is Parameter.KEYWORD_ONLY]
    return [f"{function.__name__}({name})" for name in names if get_args(hints.get(name))[1:] != (schemas().get(name),)]


def test_assessors_name_the_type_of_each_table() -> None:
    assert [fault for function in REPORT.assessors.values() for fault in named_otherwise(named(function))] == []


def test_a_table_named_by_a_mere_frame_is_found() -> None:
    def assess_x(*, tokens: pd.DataFrame, gpu_prices: Annotated[pd.DataFrame, schemas()["tokens"]]) -> None: ...

    assert named_otherwise(assess_x) == ["assess_x(tokens)", "assess_x(gpu_prices)"]
