"""Every number in the prose has a source: the ledger, the code, a cell, or a cited work.

The rule, for each page and each markdown cell. A digit (any character that Unicode counts as a numeral) may stand only

* in a role that the build resolves: ``{claim}`R1:estimate` `` from the ledger, ``{constant}`module:NAME` `` from the
  code; the target, but not the words, of ``{term}``, ``{ref}`` and their like;
* in the sentence that carries a ``{cite}`` role: one citation answers for every number of its sentence, and whether the
  cited source holds them is for the reader of the review to see;
* in code: a block, or a span that looks like a path, an option, a command, an identifier or a file's name, or a formula
  whose only number is a one in brackets; in the address of a link, in a comment, and in what numbers a list or a
  footnote;
* as part of a name: a claim's id, one of `NAMES`, or a calendar year as the name of a period ("in 2025"), but neither a
  date nor a month with its year. A year is one after a word that leads to a period, unless it counts what follows;
  beside another year; at the beginning of a sentence; and at the end of a heading or of a table's header.

What remains is reported with file, line and context. Numbers in words are outside this test. So is what a directive
draws from the ledger or the tables; titles, captions and alternative texts among its options are not, nor are those in
the settings of a cell and in front matter. Markdown is read by the parser that builds the book, so that nesting hides
nothing; a directive that is not known here is read as prose.
"""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.mdit_to_docutils.base import DocutilsRenderer
from myst_parser.parsers.mdit import create_md_parser
from ruamel.yaml import YAML

from analysis.engine.claims import load_claims

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*(ROOT / "book").glob("*.md"), *(ROOT / "book").glob("*.ipynb")])
EXTENSIONS = YAML(typ="safe").load(ROOT / "_config.yml")["parse"]["myst_enable_extensions"]
PARSER = create_md_parser(MdParserConfig(enable_extensions=set(EXTENSIONS)), DocutilsRenderer)
CLAIMS = frozenset(load_claims(ROOT / "data"))

#: Names with a digit in them, each in full.
NAMES = ("SHA-256", "GPT-2", "CR2")
#: Roles whose whole text the build replaces.
RESOLVED = ("claim", "constant")
#: Roles whose target the build resolves; words before it are prose.
POINTING = ("term", "ref", "numref", "doc", "download")
#: Directives that hold no prose: code, or what is drawn from ledger and tables.
DRAWN = (
    "scoreboard",
    "verdict-strip",
    "claim-card",
    "coverage",
    "systems",
    "data-catalogue",
    "what-changed",
    "bibliography",
)
#: Directives whose argument is an address.
PATHS = ("figure", "image")
#: Options, attributes and settings whose value is shown or read out.
SPOKEN = ("alt", "caption", "title", "aria-label", "placeholder", "substitutions")
#: Stand for what has a source, for the source of a sentence, and for a year as a period: characters that no text holds.
SOURCED, CITED, NAMED = MARKS = "\ue000", "\ue001", "\ue002"

SENTENCE = re.compile(r"(?<=[.!?])[)\]”’\"'*_]*\s+")
YEAR = r"20[0-3][0-9](?![\w%°/–-]|[.,:]\d|\s*[%°])"
#: What may follow a year that counts nothing: an end, a mark, or a word that is no noun.
UNCOUNTING = (
    r"(?=[^\w\s]|\s*$|\s[^\w\s]|\s(?:above|after|against|alone|already|also|and|are|as|at|been|before|but|by|can|could|did|"
    r"do|does|for|from|had|has|have|held|if|in|into|is|it|may|nor|not|of|on|once|only|or|over|so|still|than|that|the|"
    r"their|then|there|these|they|this|to|together|until|was|were|what|when|where|which|while|who|whose|will|with|"
    r"would|we)\b)"
)
PERIOD = re.compile(
    rf"\b(?i:in|since|until|during|after|before)\s({YEAR}){UNCOUNTING}"
    rf"|\b(?i:from)\s({YEAR}){UNCOUNTING}(?!\sto\s(?!{YEAR}))"
    rf"|\b(?i:(?:days?|months?|quarter|year|end|beginning|start|half|course|rest|snapshot|returns?|prices)\sof)"
    rf"\s({YEAR}){UNCOUNTING}"
    rf"|(?<={NAMED})(?:,|\s(?:and|or|to)|,\s(?:and|or))\s({YEAR}){UNCOUNTING}"
    rf"|^\W*({YEAR})(?=\s(?:is|was|has|had|brought|saw|began|ended)\b)"
)
#: At the end of a heading or of a table's header, or all of it.
TITLE_YEAR = re.compile(rf"(?:^|\s)({YEAR})\W*$")
NAME = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, [*NAMES, *CLAIMS]))})(?![\w%-])")
ATTRIBUTE = re.compile(r"""\b(?:alt|title|aria-label|placeholder)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
MARKUP = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
#: What a span of code with a digit may be.
CODE = re.compile(
    r"(?:[\w./~*{}<>-]*/)?(?=[\w.:*-]*[^\W\d])[^\W\d][\w*-]*(?:[.:][\w*-]+)*(?:\[\w+\])?(?::\w+)?/?"  # path, name
    r"|--?[A-Za-z][\w-]*(?:[ =][\w./-]+)?"  # option
    r"|(?:python[\d.]*|make|git|pip|uv|head|tail|cd|cp|sha256sum|curl|gunzip)"  # command
    r"(?: (?:--?[A-Za-z][\w-]*[ =]\d+|[\w./:@~*=-]*[^\W\d][\w./:@~*=-]*|\|))+"
    r"|[^\d%°]*\(1 [+−-] [a-z]\)[^\d%°]*"  # formula
)


def read(text: str) -> list[Token]:
    """Tokens of some markdown, as the book's own parser sees it."""
    return PARSER.parse(text)


def unmarked(text: str) -> str:
    """A text without the characters that mean something here."""
    return text.translate(dict.fromkeys(map(ord, MARKS)))


def spoken(settings: object, *, told: bool = False) -> Iterator[str]:
    """Texts that are shown or read out, at any depth of some settings."""
    if isinstance(settings, dict):
        for key, value in settings.items():
            yield from spoken(value, told=told or key in SPOKEN)
    elif isinstance(settings, list):
        for value in settings:
            yield from spoken(value, told=told)
    elif told and settings is not None:
        yield str(settings)


def html_words(text: str) -> str:
    """What a reader sees or hears of some HTML."""
    attributes = " ".join(a or b for a, b in ATTRIBUTE.findall(text))
    return unmarked(unescape(f"{MARKUP.sub(' ', text)} {attributes}"))


def role_words(token: Token) -> str:
    """What a role adds to the prose."""
    name = token.meta["name"]
    if name.startswith("cite"):
        return CITED
    if name in RESOLVED:
        return SOURCED
    words = token.content.rpartition("<")[0]
    if name in POINTING and (words or name != "term"):  # a term without a target is shown as it stands
        return unmarked(words) or SOURCED
    return unmarked(token.content)


def inline_words(tokens: list[Token]) -> str:
    """Prose of a paragraph, a heading, a cell of a table; what has a source is replaced."""
    words, auto = [], False
    for token in tokens:
        if token.type == "link_open":
            auto = token.info == "auto"
        elif token.type == "link_close":
            auto = False
        elif auto or token.type in ("footnote_ref", "footnote_anchor"):
            words.append(SOURCED)
        elif token.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif token.type == "code_inline":
            is_code = CODE.fullmatch(token.content) or not any(sign.isnumeric() for sign in token.content)
            words.append(SOURCED if is_code else unmarked(token.content))
        elif token.type == "myst_role":
            words.append(role_words(token))
        elif token.type == "html_inline":
            words.append(html_words(token.content))
        elif token.children:
            words.append(inline_words(token.children))
        else:
            words.append(unmarked(token.content))
        words += [f" {unmarked(text)} " for text in spoken(token.attrs)]
    return "".join(words)


def blocks(text: str, line: int = 1) -> Iterator[tuple[int, str]]:
    """Every block of prose in some markdown, with the line that it begins on."""
    here, title = line, False
    for token in read(text):
        here = line + token.map[0] if token.map else here
        if token.type != "inline":
            title = token.type in ("heading_open", "th_open")
            yield from ((here, unmarked(text)) for text in spoken(token.attrs))
        if token.type == "inline":
            words = inline_words(token.children)
            yield here, TITLE_YEAR.sub(NAMED, words) if title else words
        elif token.type == "front_matter":
            yield from settings_blocks(token.content, here)
        elif token.type == "html_block":
            yield here, html_words(token.content)
        elif token.type in ("fence", "colon_fence") and token.info.strip().startswith("{"):
            yield from directive_blocks(token, here)
        elif token.type not in ("fence", "colon_fence", "code_block", *SILENT):
            yield here, unmarked(token.content)


def settings_blocks(text: str, line: int) -> Iterator[tuple[int, str]]:
    """What is shown of settings in YAML, each text as a block of prose."""
    for value in spoken(YAML(typ="safe").load(text)):
        yield from ((line, words) for _, words in blocks(value))


#: Blocks without prose; a colon fence without a directive's name is code.
SILENT = ("myst_line_comment", "myst_block_break", "myst_target")


def directive_blocks(token: Token, line: int) -> Iterator[tuple[int, str]]:
    """Prose of a directive: its title, what it holds, and those of its options that are shown or read out."""
    name, _, title = token.info.strip().removeprefix("{").partition("}")
    rows = token.content.split("\n")
    start, options = 0, []
    if rows[0].strip() == "---" and "---" in [row.strip() for row in rows[1:]]:
        start = [row.strip() for row in rows].index("---", 1) + 1
        options = rows[1 : start - 1]
    while start < len(rows) and re.match(r":[\w-]+:", rows[start]):
        options.append(rows[start][1:])
        start += 1
    yield from settings_blocks("\n".join(options), line + 1)
    if name in DRAWN or name.startswith("code"):
        return
    if name not in PATHS:
        yield from blocks(title.strip(), line)
    yield from blocks("\n".join(rows[start:]), line + 1 + start)


def loose(text: str) -> list[str]:
    """Numbers of one block that have no source, each with what stands around it."""
    found = []
    for sentence in SENTENCE.split(text):
        if CITED in sentence:
            continue
        rest = NAME.sub(SOURCED, sentence)
        while (named := PERIOD.sub(lambda match: re.sub(YEAR, NAMED, match[0]), rest)) != rest:
            rest = named  # a year beside one that names a period names one too
        for match in re.finditer(r"\S+", rest):
            if any(sign.isnumeric() for sign in match[0]):
                around = rest[max(0, match.start() - 30) : match.end() + 30]
                found.append(" ".join(around.split()))
    return found


def markdown_of(page: Path) -> Iterator[tuple[str, str]]:
    """Parts of a page that are prose: the whole page, or the markdown and the captions of a notebook's cells."""
    if page.suffix == ".md":
        yield page.name, page.read_text("utf-8")
        return
    for number, cell in enumerate(json.loads(page.read_text("utf-8"))["cells"], start=1):
        if cell["cell_type"] == "markdown":
            yield f"{page.name}, cell {number}", "".join(cell["source"])
        for text in spoken(cell["metadata"]):
            yield f"{page.name}, settings of cell {number}", text


def found_in(text: str) -> list[str]:
    """All numbers without a source in some markdown, with their lines."""
    return [f"line {line}: … {around} …" for line, words in blocks(text) for around in loose(words)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_number_in_the_prose_has_a_source(page):
    found = [f"{where}, {what}" for where, text in markdown_of(page) for what in found_in(text)]
    assert not found, "\n".join(["numbers from neither the ledger, the code, a cell nor a cited source:", *found])


CAUGHT = {
    "plain": "It fell by 80 %.",
    "bold": "It fell by **80 %**.",
    "link text": "It fell [by 80 %](methods.md).",
    "title of a link": 'It [fell](methods.md "by 80 %").',
    "heading": "## The 13 tokens",
    "table cell": "| a | b |\n|---|---|\n| x | 13 |",
    "list item": "1. First\n2. of 13 tokens",
    "nested list": "- a\n  - b\n    - 13 tokens",
    "quotation": "> It fell by 80 %.",
    "footnote": "It fell.[^note]\n\n[^note]: By 80 %.",
    "definition": "fall\n: by 80 %",
    "words of an image": "![A line that falls by 80 %](_static/line.png)",
    "figure caption": "```{figure} _static/line.png\n:name: line\nIt fell by 80 %.\n```",
    "figure caption after options between rules": "```{figure} x.png\n---\nname: line\n---\nIt fell by 80 %.\n```",
    "admonition": ":::{note}\nIt fell by 80 %.\n:::",
    "title of an admonition": "```{admonition} By 80 %\nIt fell.\n```",
    "unknown directive": "```{surprise}\nIt fell by 80 %.\n```",
    "glossary": "```{glossary}\nfall\n  By 80 % or more.\n```",
    "html": "It fell by <b>80</b> %.",
    "block of html": "<div>It fell by 80 %.</div>",
    "attribute that is read out": '<img src="x.png" alt="A fall by 80 %">',
    "html entity": "It fell by &#56;&#48; %.",
    "fraction": "It fell by ½.",
    "superscript": "Equal to 1 part in 10¹².",
    "superscript alone": "Of the order of x².",
    "full-width digits": "It fell by ８０ %.",
    "arabic digits": "It fell by ٨٠ %.",
    "circled digit": "Case ① holds.",
    "roman numeral sign": "Case Ⅳ holds.",
    "chinese numeral": "It fell by 三.",
    "full date": "On 31 December 2024 it stood.",
    "ISO date": "On 2024-12-31 it stood.",
    "month with year": "It began in January 2025.",
    "day of a month": "It began on January 3.",
    "year as a count": "They hold 2025 tokens.",
    "year as a count after a word of time": "The mean of 2025 tokens.",
    "year as a percentage": "A rise of 2025 %.",
    "year with decimals": "A price of 2025.5 in all.",
    "year with its thousands": "A rise to 2024,000 in all.",
    "year as an amount": "It cost, all in all, a sum of 2025 USD.",
    "far year": "A sample of 2600 drawn.",
    "range of years by stroke": "In 2024/25 it fell.",
    "decade": "In the 2010s it rose.",
    "unknown claim": "Claim R7 holds.",
    "claim id in another word": "R1000 tokens.",
    "claim id and a percentage": "R1% of them.",
    "name in another name": "GPT-22 is another.",
    "name that is not listed": "An H100 is dear.",
    "code that is a number": "It fell by `80 %`.",
    "code that is a negative number": "It fell by `-80`.",
    "words of a term": "The {term}`95 % interval <interval>`.",
    "words of a reference": "See {ref}`the 13 tokens <tokens>`.",
    "role that only sets type": "CO{sub}`2`, 10{sup}`12`.",
    "formula": "About {math}`10^{12}` of them.",
    "citation in the sentence before": "As {cite:t}`ammann2022` find. It fell by 80 %.",
    "citation in the sentence after": "It fell by 80 %. {cite:t}`ammann2022` agree.",
    "citation in the cell beside": "| a | b |\n|---|---|\n| {cite:p}`ammann2022` | 13 |",
    "citation behind a bold sentence": "**As {cite:t}`ammann2022` find.** It fell by 80 %.",
    "ledger's value beside another": "It fell by {claim}`R1:estimate`, not by 5 %.",
    "substitution": "{{ 80 }}",
    "value of a substitution": "---\nsubstitutions:\n  fall: by 80 %\n---\n\nIt fell {{ fall }}.",
    "value of a substitution, nested": "---\nmyst:\n  substitutions:\n    fall: by 80 %\n---\n\nIt fell {{ fall }}.",
    "title in front matter": "---\ntitle: A fall by 80 %\n---\n\nText.",
    "alternative text of a figure": "```{figure} x.png\n:alt: a fall by 80 %\nIt fell.\n```",
    "alternative text of an image": "```{image} x.png\n---\nalt: a fall by 80 %\n---\n```",
    "caption of code": "```{code-block} python\n:caption: 80 lines\nx = 5\n```",
    "caption of contents": "```{toctree}\n:caption: The 13 tokens\nmethods\n```",
    "title of a directive that draws": "```{scoreboard}\n:title: All 23 claims\n```",
    "alternative text as an attribute": '![A line](x.png){alt="a fall by 80 %"}',
    "title as an attribute": 'It [fell](methods.md){title="by 80 %"}.',
    "attribute of a block": '{title="by 80 %"}\nIt fell.',
    "year as a bound": "There were more than 2000.",
    "year as an end point": "It fell to 2010.",
    "year as a count of people": "The mean of 2025 people.",
    "year as a count after a word of period": "In 2025 tokens there is one.",
    "year as a count of days": "After 2025 days it fell.",
    "year as a distance": "Over 2025 of them fell.",
    "year beside a number": "From 80 to 2025.",
    "year as a number beside a year": "In 2024 people and 2025 others.",
    "year of an amount": "A price of 2025.",
    "year for something": "It was sold for 2025.",
    "code that is prose": "It fell by `about 80 %`.",
    "code that is a figure": "Among them, `n=80`.",
    "code that is a number with a unit": "It fell by `x80 %`.",
    "code that is a sentence": "It `fell by 80`.",
    "code that is a sentence with a command's word": "They `make 80 tokens`.",
    "code that is a one": "It fell by `about 1 %`.",
    "year as a number beside the ledger's": "It fell by {claim}`R1:estimate` or 2025.",
    "year as a number beside a claim": "Of R1 and 2025.",
    "term that is a number": "The {term}`95 % interval`.",
    "mark of a citation typed by hand": "It fell by 80 % \ue001.",
    "mark of a citation in code": "`\ue001` It fell by 80 %.",
    "mark of a citation as an entity": "It fell by 80 % &#xE001;.",
    "square that was the mark": "It fell by 80 % ■.",
}
LET_THROUGH = {
    "ledger": "It fell by {claim}`R1:estimate` ({claim}`R1:interval`).",
    "constant": "After {constant}`analysis.engine.claims.judge:INDIRECT_AFTER_DAYS` days.",
    "cited": "It raises the average by 50 % {cite:p}`ammann2022`.",
    "cited, over two lines": "{cite:t}`ammann2022` find\nthat it raises the average by 50 %.",
    "term": "The {term}`interval`, or {term}`ends <interval>`.",
    "reference with a digit": "See {ref}`interval-r1`.",
    "command": "Run `python3.13 -m analysis`.",
    "block of code": "```shell\nhead -n 5 data/tokens.csv\n```",
    "block of code that is a directive": "```{code-block} python\nx = 5\n```",
    "indented formula": "So:\n\n    x = (n + 1) / 2",
    "address": "See [the page](https://example.org/2025/12#3) or <https://example.org/2025/12>.",
    "reference of an address": "See [the page][1].\n\n[1]: https://example.org/5",
    "comment": "% 5 tokens\n\n<!-- 5 tokens -->\n\nText <!-- 5 --> goes on.",
    "attribute that is not read out": '<a href="x5.html" class="c3">here</a>',
    "front matter": "---\ndepth: 3\n---\n\nText.",
    "anchor": "(part-2)=\n## Part",
    "numbered list": "1. First\n2. Second\n13. Third",
    "footnote's mark": "It fell.[^1]\n\n[^1]: By much.",
    "claim": "R1 and C1's definition; (R2), V3.",
    "name": "A SHA-256 hash; a GPT-2-scale model.".replace("-scale", " sized"),
    "year of a period": "In 2025 it fell; from 2023 on, in 2023 or 2024, a snapshot of 2026.",
    "year at the end of a heading": "## What others published for 2025",
    "year in a table's header": "| a | 2025 |\n|---|---|\n| x | y |",
    "years beside each other": "In 2023, 2024 and 2025 it fell. From 2023 to 2025, too.",
    "year at the beginning": "2025 was a bad year.",
    "day of a year": "The average day of 2025.",
    "codes": "`data/tokens2.csv`, `x_2.csv`, `--top=5`, `-n 5`, `R1:estimate`, `assess_r1`, `analysis.returns:A[0]`.",
    "codes that are commands": "`python3.13 -m analysis`, `head -n 5 data/tokens.csv`, `git show v0.1:a.csv`.",
    "formula with a one": "Their `close × (1 + s)`.",
    "options that are not shown": "```{figure} x2.png\n---\nwidth: 300\nname: line-2\n---\nIt fell.\n```",
    "options that are shown": "```{figure} x2.png\n:alt: a line that falls\nIt fell.\n```",
    "option of a directive": "```{figure} line2.png\n:width: 300\n:name: line-2\nIt fell.\n```",
    "what is drawn": "```{verdict-strip} R1\n```\n\n```{scoreboard}\n```",
}


@pytest.mark.parametrize("text", CAUGHT.values(), ids=CAUGHT)
def test_a_number_without_a_source_is_caught(text):
    assert found_in(text)


@pytest.mark.parametrize("text", LET_THROUGH.values(), ids=LET_THROUGH)
def test_what_has_a_source_is_let_through(text):
    assert found_in(text) == []


def test_a_report_names_line_and_context():
    assert found_in("# Title\n\nText.\n\n```{note}\n:class: wide\nIt fell by 80 %, they say.\n```\n") == [
        "line 7: … It fell by 80 %, they say. …"
    ]


@pytest.mark.parametrize(
    "settings",
    [
        {"mystnb": {"figure": {"caption": "It fell by 80 %."}}},
        {"render": {"image": {"alt": "It fell by 80 %.", "width": 300}}},
    ],
)
def test_the_caption_and_the_alternative_text_of_a_cell_are_prose(settings, tmp_path):
    cell = {"cell_type": "code", "metadata": settings, "source": ""}
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": [cell]}), "utf-8")
    assert [found_in(text) for _, text in markdown_of(tmp_path / "a.ipynb")] == [["line 1: … It fell by 80 %. …"]]
