"""YAML 1.2 files of a data folder, read strictly."""

from typing import Any

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML, SafeConstructor, YAMLError

from analysis.engine.data.sealed import DataError


class DatesAsText(SafeConstructor):
    """Leaves dates to the field's type, whose error names the claim; YAML's own error would not."""


DatesAsText.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


def read_yaml(name: str, text: str) -> object:
    """Content of a file; a repeated key is refused.

    Parameters
    ----------
    name : str
        Of the file, for the message.
    text : str

    Raises
    ------
    DataError
        If it is not YAML.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = DatesAsText
    try:
        return yaml.load(text)
    except YAMLError as error:
        raise DataError(f"{name}: {error}") from error


def typed(kind: Any, found: object, where: str) -> Any:
    """What was read, as a type that pydantic knows.

    Parameters
    ----------
    kind : type
    found : object
        From `read_yaml`.
    where : str
        What the message puts before the name of the field that is wrong.

    Raises
    ------
    DataError
        If it is not of that type.

    Examples
    --------
    >>> typed(dict[str, int], {"order": "first"}, "chapters.yml, ")
    Traceback (most recent call last):
    ...
    analysis.engine.data.sealed.DataError: chapters.yml, order: Input should be a valid integer, ...
    """
    try:
        return TypeAdapter(kind).validate_python(found)
    except ValidationError as errors:
        first = errors.errors()[0]
        raise DataError(f"{where}{'.'.join(map(str, first['loc']))}: {first['msg']}") from errors
