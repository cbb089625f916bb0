"""House style of the figures, tables and computed sentences of the notebooks.

`show` displays a figure with its text alternative and its data, `table` a table, `prose` sentences.
In the site every colour is a CSS variable, so that a figure follows the page into the dark; in committed notebooks and
in the plain way it is a PNG on white.
"""

import base64
import html
import io
import math
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle

import matplotlib as mpl
import pandas as pd
from IPython.display import HTML, display
from matplotlib.figure import Figure
from PIL import Image

from analysis.engine.data.chapters import load_chapters
from analysis.engine.words.formats import harmless, signs

#: Characters in a line on a phone, between two columns, and in a column of words that may wrap.
PHONE_LINE, GAP, WORDS = 40, 1.5, 14
CELL = re.compile(r"<t[dh]>(.*?)</t[dh]>", re.DOTALL)
#: Where a format specification takes the comma that sets thousands apart.
UNGROUPED = re.compile(r"^([^,]*?)(?=(?:\.\d+)?[a-zA-Z]?$)")
#: Pixels, of the smallest text of a figure on a page: a narrower screen scrolls the figure sideways.
LEAST_TEXT = 9.0
FONT_SIZE = re.compile(r"font(?:-size)?: ?(?:[a-z0-9]+ )*([\d.]+)px")
#: Of a PNG: enough that anti-aliased edges look smooth.
PNG_COLOURS = 128
XMLNS, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
#: CSS variable -> colour on white; those of the chapters come from ``chapters.yml``.
PALETTE = {
    "ink": "#1b2430",
    "soft": "#5b6675",
    "line": "#dfe4ea",
    "paper": "#ffffff",
    "band": "#c9d7ea",
    "mark": "#1b2431",
    "orange": "#e69f00",
}
STYLE = {
    "figure.facecolor": PALETTE["paper"],
    "figure.dpi": 110,
    "axes.facecolor": PALETTE["paper"],
    "axes.edgecolor": PALETTE["line"],
    "axes.labelcolor": PALETTE["soft"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.titlelocation": "left",
    "axes.titlecolor": PALETTE["ink"],
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "text.color": PALETTE["ink"],
    "xtick.color": PALETTE["soft"],
    "ytick.color": PALETTE["soft"],
    "grid.color": PALETTE["line"],
    "font.size": 9,
    "svg.fonttype": "none",
    "text.parse_math": False,
    "legend.frameon": False,
}


def styled(more: Mapping[str, object] | None = None):
    """Context in which figures take the house style, and `more` settings of Matplotlib's.

    Examples
    --------
    >>> with styled():
    ...     mpl.rcParams["svg.fonttype"]
    'none'
    """
    return mpl.rc_context(STYLE | dict(more or {}))


def to_svg(fig: Figure, *, name: str, alt: str) -> str:
    """SVG with real text, CSS variables for colours, a text alternative, and the same bytes on every run.

    Parameters
    ----------
    fig : Figure
    name : str
        Unique in the book; keeps ids of two figures on a page apart.
    alt : str
        Text alternative.
    """
    out = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": name, "svg.fonttype": "none"}):
        fig.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, bbox_inches="tight")
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>{name}-", svg)
    svg = svg.replace("*{", f"#{name}-svg *{{")  # Matplotlib's style is meant for this picture, not for the page
    chapters = {f"chapter-{chapter.id}": chapter.colour for chapter in load_chapters().values()}
    for variable, colour in (PALETTE | chapters).items():
        svg = re.sub(colour, f"var(--{variable}, {colour})", svg, flags=re.IGNORECASE)
    size = re.match(r'<svg [^>]*?viewBox="([^"]*)"', svg)[1]
    label = html.escape(alt, quote=True)
    opening = (
        f'<svg id="{name}-svg" role="img" aria-label="{label}" viewBox="{size}" xmlns="{XMLNS}" xmlns:xlink="{XLINK}">'
    )
    return opening + svg[svg.index(">") + 1 :]


def least_width(svg: str) -> int:
    """Pixels that a picture of `to_svg` has to be wide so that its smallest text has `LEAST_TEXT`.

    Examples
    --------
    >>> least_width('<svg viewBox="0 0 400 300"><text style="font: 8px sans-serif">a</text></svg>')
    450
    >>> least_width('<svg viewBox="0 0 400 300"></svg>')
    0
    """
    width = float(re.search(r'viewBox="\S+ \S+ (\S+)', svg)[1])
    sizes = [float(size) for size in FONT_SIZE.findall(svg)]
    return math.ceil(width * LEAST_TEXT / min(sizes)) if sizes else 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure, and what it says to those who cannot see it, all from the same numbers.

    Attributes
    ----------
    figure : Figure
    alt : str
        Text alternative, with the numbers that the figure shows.
    data : DataFrame
        What is drawn; the site offers it as CSV.
    """

    figure: Figure
    alt: str
    data: pd.DataFrame


def show(drawn: Drawn, *, name: str) -> None:
    """Display a figure with its text alternative, and offer its data.

    Parameters
    ----------
    drawn : Drawn
    name : str
        Identifier, unique in the book.

    Raises
    ------
    ValueError
        If the text alternative holds no number.
    """
    fig, alt, data = drawn.figure, drawn.alt, drawn.data
    if not re.search(r"\d", alt):
        raise ValueError(f"figure {name}: the text alternative holds no number: {alt!r}")
    if os.environ.get("ANALYSIS_FIGURES") == "svg":
        csv = base64.b64encode(data.map(harmless).to_csv(index=False, lineterminator="\n").encode()).decode()
        link = f'<a download="{name}.csv" href="data:text/csv;base64,{csv}">Data of this figure (CSV)</a>'
        svg = to_svg(fig, name=name, alt=alt)
        picture = (
            f'<div class="sideways" role="group" aria-label="Figure {name}" tabindex="0">{svg}</div>'
            '<span class="hint" aria-hidden="true">scroll sideways →</span>'
        )
        inner = f"{picture}<figcaption>{link}</figcaption>"
        opening = f'<figure class="plot" id="fig-{name}" style="--least: {least_width(svg)}px">'
        display({"text/html": f"{opening}{inner}</figure>", "text/plain": alt}, raw=True)
    else:
        image = base64.b64encode(_png(fig)).decode()
        display({"image/png": image, "text/plain": alt}, metadata={"image/png": {"alt": alt}}, raw=True)


def prose(*texts: str | Mapping[str, str]) -> None:
    """Display computed sentences as text.

    Parameters
    ----------
    *texts : str or mapping
        Each a paragraph, or of several lines a list; lines up to one that ends with a colon come before the list. A
        mapping is a list of sentences, each behind a few words that say what it is about.

    Examples
    --------
    >>> prose("Two networks.")
    {'text/html': '<div class="prose"><p>Two networks.</p></div>', 'text/plain': 'Two networks.'}
    """
    shown = [_in_html(text) for text in texts]
    plain = [text if isinstance(text, str) else "\n".join(map(": ".join, text.items())) for text in texts]
    inner = "".join(shown)
    display({"text/html": f'<div class="prose">{inner}</div>', "text/plain": "\n".join(plain)}, raw=True)


def _in_html(text: str | Mapping[str, str]) -> str:
    """Paragraphs and a list; see `prose`."""
    if not isinstance(text, str):
        return _list(f"<b>{html.escape(about)}.</b> {html.escape(said)}" for about, said in text.items())
    lines = [html.escape(line) for line in text.splitlines() if line.strip()]
    first = max((i for i, line in enumerate(lines, start=1) if line.endswith(":")), default=0)
    before, items = "".join(f"<p>{line}</p>" for line in lines[:first]), lines[first:]
    return before + (f"<p>{items[0]}</p>" if len(items) == 1 else _list(items))


def _list(items: Iterable[str]) -> str:
    rows = "".join(f"<li>{item}</li>" for item in items)
    return f"<ul>{rows}</ul>" if rows else ""


def _png(fig: Figure) -> bytes:
    """PNG of a few colours, which keeps the committed notebooks small."""
    full, small = io.BytesIO(), io.BytesIO()
    fig.savefig(full, format="png", bbox_inches="tight", metadata={"Software": None})
    Image.open(full).convert("RGB").quantize(PNG_COLOURS).save(small, format="png", optimize=True)
    return small.getvalue()


def table(frame: pd.DataFrame, formats: Mapping[str, str] | None = None, *, blank: str = "–") -> HTML:
    """A table as the book shows it: no index, rounded numbers with the signs of `formats`, text to the left.

    Each cell names its column, so that a phone can set the rows of a table that is too wide for it as cards.

    Parameters
    ----------
    frame : DataFrame
        Text columns come first; those after a number are set like numbers.
    formats : mapping, optional
        Column -> format specification of its numbers, to which thousands apart are added; default one decimal, and
        none for whole numbers.
    blank : str
        Stands where there is no value.

    Examples
    --------
    >>> text = table(pd.DataFrame({"token": ["A", "B"], "return, %": [-1.234, None]})).data
    >>> '<td data-label="return, %">−1.2</td>' in text, ">–</td>" in text
    (True, True)
    """
    given = dict.fromkeys(frame.select_dtypes("float"), ".1f") | dict.fromkeys(frame.select_dtypes("int"), "d")
    given |= dict(formats or {})
    given = {name: UNGROUPED.sub(r"\1,", spec, count=1) for name, spec in given.items()}
    written = {name: lambda x, spec=spec: signs(f"{x:{spec}}") for name, spec in given.items()}
    words = frame.select_dtypes("str").columns.difference(list(given))
    written |= dict.fromkeys(words, str)  # else Pandas spells line breaks out
    text = frame.columns.isin(frame.select_dtypes("str").columns)
    leading = int(text.argmin()) if not text.all() else len(text)
    classes = ["plain", f"text-{leading}"]
    plain = frame.to_html(index=False, border=0, na_rep=blank, formatters=written, classes=classes)
    return HTML(_for_phones(plain, [str(name) for name in frame.columns], leading))


def _for_phones(table: str, columns: Sequence[str], leading: int) -> str:
    """Name each cell's column, and add the class "wide" where the table is wider than a phone."""
    cells = [html.unescape(cell) for cell in CELL.findall(table)]
    width = sum(_characters(cells[i :: len(columns)], wraps=i < leading) + GAP for i in range(len(columns)))
    if width > PHONE_LINE:
        table = table.replace('class="dataframe plain', 'class="dataframe plain wide', 1)
    labels = cycle(html.escape(name, quote=True) for name in columns)
    return re.sub("<td>", lambda _: f'<td data-label="{next(labels)}">', table)


def _characters(column: Sequence[str], *, wraps: bool) -> int:
    """Least width of a column, its header first; a header wraps, and so do words."""
    header, *cells = column
    longest = max(map(len, cells), default=0)
    if wraps:
        longest = max([min(longest, WORDS), *(len(word) for cell in cells for word in _breakable(cell))])
    return max([longest, *map(len, _breakable(header))])


def _breakable(text: str) -> list[str]:
    """Pieces between which a line may break: unlike `str.split`, not at a space that does not break."""
    return re.split(r"[ \n]+", text)
