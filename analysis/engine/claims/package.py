"""`check` every table and claim; `seal` a folder: describe it as a Frictionless Data Package with a hash per file."""

import json
import os
from functools import partial
from pathlib import Path

import pandera.pandas as pa

from analysis.engine.claims import CLAIMS, read_claims
from analysis.engine.claims.coverage import COVERAGE, read_coverage
from analysis.engine.data.chapters import CHAPTERS, read_chapters
from analysis.engine.data.columns import DATE, TEXT, Table
from analysis.engine.data.described import TABLES, Description, read_descriptions
from analysis.engine.data.report import at_hand
from analysis.engine.data.sealed import (
    PACKAGE,
    DataError,
    data_dir,
    path,
    read_package,
    require_sealed,
    sha256,
    write_whole,
)
from analysis.engine.data.tables import day_rule, read, schemas

#: Files without a table schema that are sealed all the same.
DOCUMENTS = {
    CHAPTERS: "The book's chapters, with titles, order and colours.",
    CLAIMS: "The report's claims, their definitions and acceptance regions.",
    COVERAGE: "Every sentence of the report, with the claims that it makes.",
    TABLES: "What each table holds and how it was compiled.",
}


def check(folder: str | os.PathLike | None = None, *, sealed: bool = True) -> list[str]:
    """Every fault of every table and claim, one message each; an empty list if there is none.

    Parameters
    ----------
    folder : path, optional
        Folder of the tables.
    sealed : bool
        Whether files must also be as they were sealed.
    """
    faults = {}
    readers = {name: partial(read, name) for name in schemas()} | {
        CHAPTERS: read_chapters,
        CLAIMS: read_claims,
        COVERAGE: read_coverage,
        TABLES: read_descriptions,
    }
    for name, reader in readers.items():
        try:
            if sealed:
                require_sealed(name, folder)
            reader(folder)
        except DataError as error:
            faults[str(error)] = None
    return list(faults)


def seal(folder: str | os.PathLike, *, release: bool = False) -> tuple[str, ...]:
    """Renew ``datapackage.json`` so that it describes the files as they are now.

    Parameters
    ----------
    folder : path
        Folder of the tables.
    release : bool
        For maintainers: the files are the shipped ones from now on. Otherwise every file that differs from the
        shipped one is marked as modified.

    Returns
    -------
    tuple of str
        Names of the resources marked as modified.

    Raises
    ------
    DataError
        If a table or claim breaks a rule; nothing is written then.
    """
    root = data_dir(folder)
    if faults := check(root, sealed=False):
        raise DataError("not sealed:\n" + "\n".join(faults))
    shipped = None if release else _shipped_hashes(root)
    said = read_descriptions(root)
    resources = [_resource(table, said[name], root) for name, table in schemas().items()]
    resources += [_document(name, text, root) for name, text in DOCUMENTS.items()]
    for resource in resources:
        if shipped is not None and resource["hash"] != shipped.get(resource["name"]):
            resource |= {"modified": True, "shipped_hash": shipped.get(resource["name"], "none")}
    modified = tuple(r["name"] for r in resources if r.get("modified"))
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": at_hand().name,
        "title": at_hand().title,
        "modified": bool(modified),
        "resources": resources,
    }
    write_whole(root / PACKAGE, json.dumps(package, indent=2, ensure_ascii=False) + "\n")
    return modified


def _shipped_hashes(root: Path) -> dict[str, str]:
    # a copy that lost its description is measured against the repository's
    reference = root if (root / PACKAGE).is_file() else None
    return {r["name"]: r.get("shipped_hash", r["hash"]) for r in read_package(reference)["resources"]}


def _resource(table: Table, said: Description, root: Path) -> dict:
    file = path(table.name, root)
    resource = {
        "name": table.name,
        "title": said.title,
        "description": said.description,
        "path": file.name,
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.stat().st_size,
        "hash": f"sha256:{sha256(table.name, root)}",
        "schema": {
            "fields": [_field(name, column) for name, column in table.schema.columns.items()],
            "primaryKey": list(table.schema.unique),
            "foreignKeys": [
                {"fields": column, "reference": {"resource": other, "fields": key}}
                for column, (other, key) in table.references.items()
                if not column.endswith("ids")
            ],
            "missingValues": [""],
        },
        "compiled_by": list(said.rules),
        "licence_remark": said.licence,
    }
    return resource | ({"compression": "gz"} if file.suffix == ".gz" else {})


def _field(name: str, column: pa.Column) -> dict:
    described = {"name": name, "type": column.metadata["type"], "description": column.description}
    if unit := column.metadata["unit"]:
        described["unit"] = unit
    limits = {"required": not column.nullable and column.metadata["type"] != TEXT}
    rules = [rule.error for rule in column.checks]
    if column.metadata["type"] == DATE:
        limits["minimum"] = at_hand().first_day
        rules.insert(0, day_rule())
    for rule in column.checks:
        limits |= _constraint(rule.name, rule.statistics)
    return described | {"constraints": limits, "rules": rules}


def _constraint(rule: str, given: dict) -> dict:
    match rule:
        case "isin":
            return {"required": True, "enum": list(given["allowed_values"])}
        case "str_length":
            return {"required": True, "minLength": given["min_value"]}
        case "str_matches":
            return {"pattern": given["pattern"].removeprefix("^").removesuffix("$")}
        case "greater_than":
            return {"exclusiveMinimum": given["min_value"]}
        case "greater_than_or_equal_to":
            return {"minimum": given["min_value"]}
        case "in_range":
            upper = "maximum" if given["include_max"] else "exclusiveMaximum"
            return {"minimum": given["min_value"], upper: given["max_value"]}
    raise ValueError(f"no Data Package constraint is known for the rule {rule!r}")


def _document(name: str, text: str, root: Path) -> dict:
    return {
        "name": name.removesuffix(".yml"),
        "description": text,
        "path": name,
        "format": "yml",
        "mediatype": "application/yaml",
        "encoding": "utf-8",
        "bytes": (root / name).stat().st_size,
        "hash": f"sha256:{sha256(name, root)}",
    }
