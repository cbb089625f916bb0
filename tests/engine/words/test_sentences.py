"""Words in a template, facts from Python: what is missing is an error, and its layout is not of the text."""

from pathlib import Path

import pandas as pd
import pytest
from jinja2 import UndefinedError

from analysis.engine.ledger import provenance
from analysis.engine.words.formats import SPACE
from analysis.engine.words.sentences import FORMATS, SUFFIX, sentences, sentences_about

TEMPLATE = """
{% macro held(n) -%}
held by {{ n | many("network") }}
{%- endmacro %}

{% macro prices(found) %}
{% if found is none %}
Nothing is known.
{% else %}
A price of {{ found.price | quantity("USD") }},
{{ held(found.n) }}{{ ", of more than one" if found.n > 1 }}.

It is {{ found.state }}.
{% endif %}
{% endmacro %}

{% macro short(n) %}
{# not of the text #}
Price: {{ n | number }}: so much

Time:
long
{% endmacro %}
"""


@pytest.fixture
def module(tmp_path: Path) -> str:
    """File of a module beside which a template stands."""
    (tmp_path / f"remarks{SUFFIX}").write_text(TEMPLATE, encoding="utf-8")
    return str(tmp_path / "remarks.py")


def test_a_line_break_is_a_space_and_a_blank_line_ends_a_paragraph(module):
    found = {"price": 2.5, "n": 2, "state": "low"}
    said = f"A price of 2.5{SPACE}USD, held by 2{SPACE}networks, of more than one.\nIt is low."
    assert sentences(module, "prices", found=found) == said
    assert sentences(module, "prices", found=None) == "Nothing is known."


def test_what_is_said_stands_under_its_subject(module):
    assert sentences_about(module, "short", n=-1) == {"Price": "−1: so much", "Time": "long"}


@pytest.mark.parametrize("kind", [dict, pd.Series])
def test_a_cell_goes_before_what_python_calls_so(kind, tmp_path):
    (tmp_path / f"other{SUFFIX}").write_text("{% macro a(x) %}{{ x.size }}, {{ x.items }}{% endmacro %}")
    assert sentences(str(tmp_path / "other.py"), "a", x=kind({"size": 7.5, "items": 3})) in ("7.5, 3", "7.5, 3.0")


def test_a_fact_that_is_missing_is_an_error(module):
    with pytest.raises(UndefinedError, match="no attribute 'state'"):
        sentences(module, "prices", found={"price": 2.5, "n": 2})
    with pytest.raises(UndefinedError, match="'found' was not provided"):
        sentences(module, "prices")


def test_a_fact_that_no_sentence_takes_is_an_error(module):
    with pytest.raises(TypeError, match="takes no keyword argument 'found'"):
        sentences(module, "short", found=None)


def test_a_template_is_part_of_the_module_that_stands_beside_it():
    files = {module: provenance.files_of(module) for module in provenance.graph().modules}
    kept = [file for own in files.values() for file in own if file.name.endswith(SUFFIX)]
    package = provenance.file_of("analysis").parent
    assert sorted(kept) == sorted(package.rglob(f"*{SUFFIX}")), "a template without a module of its name"
    assert [file.name for file in files["analysis.compute.opening"]] == ["opening.py", "opening.md.j2"]


def test_every_macro_of_a_template_can_be_read():
    from analysis.engine.words.sentences import _environment

    for file in provenance.file_of("analysis").parent.rglob(f"*{SUFFIX}"):
        assert _environment.get_template(str(file)).module


def test_a_template_decides_the_hash_of_its_module(tmp_path, monkeypatch):
    (tmp_path / "remarks.py").write_text("x = 1\n")
    monkeypatch.setattr(provenance, "file_of", lambda module: tmp_path / f"{module}.py")
    bare = provenance.fingerprint(["remarks"])
    (tmp_path / f"remarks{SUFFIX}").write_text("One.")
    first = provenance.fingerprint(["remarks"])
    (tmp_path / f"remarks{SUFFIX}").write_text("Two.")
    assert len({bare, first, provenance.fingerprint(["remarks"])}) == 3


def test_the_books_formats_are_filters_and_functions(module, tmp_path):
    (tmp_path / f"other{SUFFIX}").write_text(
        '{% macro a(x) %}{{ x | share }}, {{ interval(0, x, "%") }}{% endmacro %}', encoding="utf-8"
    )
    assert sentences(str(tmp_path / "other.py"), "a", x=0.5) == f"50{SPACE}%, 0 to 0.5{SPACE}%"
    assert {"number", "quantity", "interval", "many", "day"} <= set(FORMATS)
