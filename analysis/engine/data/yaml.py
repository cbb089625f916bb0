"""YAML 1.2 files of a data folder, read strictly."""

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
