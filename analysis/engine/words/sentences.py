"""Sentences as templates: Python finds the facts, a template beside it holds the words.

The template of ``remarks.py`` is ``remarks.md.j2``, of Jinja's language: a macro for each text, whose arguments are the
facts. A line break in it is a space, and a blank line ends a paragraph; lines with nothing but a tag leave no trace.
The functions of `analysis.engine.words.formats` in `FORMATS` are filters as well as functions. A fact that is missing,
or that the macro does not take, is an error.
"""

import re
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined

from analysis.engine.words import formats

SUFFIX = ".md.j2"
#: What a template may call, by the name it has in `analysis.engine.words.formats`.
FORMATS = ("day", "interval", "listed", "many", "number", "period", "power", "quantity", "scientific", "share", "span")


class _Facts(Environment):
    """Jinja's environment, in which a name after a dot is a cell of a row before it is what Python calls so."""

    def getattr(self, obj: object, attribute: str) -> object:
        try:
            return obj[attribute]
        except (TypeError, LookupError):
            return super().getattr(obj, attribute)


_environment = _Facts(
    loader=FunctionLoader(lambda path: (Path(path).read_text(encoding="utf-8"), path, None)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # `analysis.engine.words.figures.prose` escapes what it is given
)
_environment.filters |= {name: getattr(formats, name) for name in FORMATS}
_environment.globals |= {name: getattr(formats, name) for name in FORMATS}


def sentences(module: str, name: str, /, **facts: object) -> str:
    """What the template beside a module says of some facts: paragraphs, each on a line.

    Parameters
    ----------
    module : str
        File of the module, its ``__file__``.
    name : str
        Macro of its template.
    **facts
        Arguments of the macro.

    Raises
    ------
    jinja2.UndefinedError
        If the macro uses a fact that is not given.
    TypeError
        If it is given one that it does not take.
    """
    template = _environment.get_template(str(Path(module).with_suffix(SUFFIX)))
    paragraphs = re.split(r"\n\s*\n", getattr(template.module, name)(**facts))
    lines = (re.sub(r"[ \n]+", " ", paragraph).strip(" ") for paragraph in paragraphs)
    return "\n".join(filter(None, lines))


def sentences_about(module: str, name: str, /, **facts: object) -> dict[str, str]:
    """`sentences` of the form "subject: what is said", each under its subject, as `prose` takes them."""
    lines = sentences(module, name, **facts).splitlines()
    return {about: said for about, _, said in (line.partition(": ") for line in lines)}
