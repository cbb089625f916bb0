"""The data catalogue: what each table holds, column by column, where it comes from and how it was compiled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from analysis.engine.words import formats

_FAINT = Markup('<span class="faint">–</span>')


def entry(
    resource: Mapping[str, Any], *, rows: int | None = None, sources: Sequence[Mapping[str, str]] = (), prefix: str = ""
) -> Markup:
    """One file's entry in the catalogue, below its heading.

    Parameters
    ----------
    resource : mapping
        A resource of ``datapackage.json``.
    rows : int, optional
        How many rows the table has.
    sources : sequence of mappings, optional
        ``title``, ``address``, ``commit`` (may be empty) and ``licence_as_stated`` of each source of the table.
    prefix : str
        What leads from the page to the folder that holds the site's ``data``.

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> html = entry({"name": "t", "path": "t.csv", "description": "A <table>.", "hash": "sha256:9f2cab",
    ...     "schema": {"fields": [{"name": "usd", "type": "number"}]}}, rows=2)
    >>> "A &lt;table&gt;." in html, 'href="data/t.csv"' in html, "9f2cab" in html
    (True, True, True)
    """
    fields = resource.get("schema", {}).get("fields", ())
    parts = [
        Markup("<p>{}</p>").format(resource.get("description", "")),
        _facts(resource, rows, prefix),
        _modified(resource),
        _columns(resource["name"], fields) if fields else "",
        _list("How it was compiled", [Markup("<li>{}</li>").format(rule) for rule in resource.get("compiled_by", ())]),
        _list(formats.many(len(sources), "source").capitalize(), [_source(source) for source in sources]),
        Markup('<p class="rights">{}</p>').format(resource["licence_remark"]) if resource.get("licence_remark") else "",
    ]
    return Markup('<div class="catalogue">{}</div>').format(Markup("").join(parts))


def _facts(resource: Mapping[str, Any], rows: int | None, prefix: str) -> Markup:
    digest = str(resource.get("hash", "")).removeprefix("sha256:")
    schema = resource.get("schema", {})
    facts = [
        Markup('<a class="download" href="{}data/{}" download>{}</a>').format(
            prefix, resource["path"], resource["path"]
        )
    ]
    if rows is not None:
        facts.append(Markup("<span>{}</span>").format(formats.many(rows, "row")))
    if "fields" in schema:
        facts.append(Markup("<span>{}</span>").format(formats.many(len(schema["fields"]), "column")))
    if resource.get("bytes"):
        facts.append(Markup("<span>{}</span>").format(formats.size(resource["bytes"])))
    if schema.get("primaryKey"):
        facts.append(Markup("<span>a row for each {}</span>").format(" and ".join(schema["primaryKey"])))
    if digest:
        facts.append(Markup('<span>sha256 <code title="{}">{}</code></span>').format(digest, digest[:12]))
    return Markup('<p class="facts">{}</p>').format(Markup(" ").join(facts))


def _modified(resource: Mapping[str, Any]) -> Markup:
    if not resource.get("modified"):
        return Markup("")
    return Markup('<p class="modified"><b>Modified:</b> this is not the shipped table.</p>')


def _columns(name: str, fields: Sequence[Mapping[str, Any]]) -> Markup:
    head = Markup("").join(
        Markup('<th role="columnheader" scope="col">{}</th>').format(title)
        for title in ("Column", "What it is", "Type", "Unit", "Rules")
    )
    return Markup(
        '<table class="cards columns" role="table" aria-label="Columns of {}"><thead role="rowgroup"><tr role="row">{}'
        '</tr></thead><tbody role="rowgroup">{}</tbody></table>'
    ).format(name, head, Markup("").join(_column(field) for field in fields))


def _column(field: Mapping[str, Any]) -> Markup:
    rules = list(field.get("rules", ()))
    if field.get("type") == "boolean" and not rules:
        rules.append("true or false")
    limits = field.get("constraints", {})
    if not limits.get("required") and "enum" not in limits:
        rules.append("may be missing")
    return Markup(
        '<tr role="row"><td role="cell"><code>{}</code></td><td role="cell">{}</td><td role="cell" data-label="Type">{}'
        '</td><td role="cell" data-label="Unit"{}>{}</td><td role="cell" data-label="Rules">{}</td></tr>'
    ).format(
        field["name"],
        field.get("description", ""),
        field.get("type", ""),
        "" if field.get("unit") else Markup(' class="blank"'),
        field.get("unit") or _FAINT,
        "; ".join(rules),
    )


def _source(source: Mapping[str, str]) -> Markup:
    address = source.get("address", "")
    title = Markup("<bdi>{}</bdi>").format(source["title"])
    if address.startswith(("http://", "https://")):
        title = Markup('<a href="{}">{}</a>').format(address, title)
    digest = source.get("commit", "")
    commit = Markup(', commit <code title="{}">{}</code>').format(digest, digest[:10]) if digest else ""
    return Markup('<li>{}{} <span class="rights">(<bdi>{}</bdi>)</span></li>').format(
        title, commit, source["licence_as_stated"]
    )


def _list(title: str, items: Sequence[Markup]) -> Markup:
    if not items:
        return Markup("")
    return Markup("<details><summary>{}</summary><ul>{}</ul></details>").format(title, Markup("").join(items))
