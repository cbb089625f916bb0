"""Every number in the prose has a source: the ledger, the code, a cell, or a cited work.

The rule, for each page and each markdown cell. A digit (any character that Unicode counts as a numeral) may stand only

* in a role that the build resolves: ``{claim}`R1:estimate` `` from the ledger, ``{constant}`module:NAME` `` from the
  code; the target, but not the words, of ``{term}``, ``{ref}`` and their like;
* in the sentence that carries a ``{cite}`` role: the cited source then answers for it;
* in code (a command, a file, a column, a name; not in a span that begins with a number), in the address of a link, in a
  comment, and in what numbers a list or a footnote;
* as part of a name: a claim's id, one of `NAMES`, or a calendar year as the name of a period ("in 2025"), but neither a
  date nor a month with its year.

What remains is reported with file, line and context. Numbers in words are outside this test. So is what a directive
draws from the ledger or the tables. Markdown is read by the parser that builds the book, so that nesting hides nothing;
a directive that is not known here is read as prose.
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

from analysis.claims import load_claims

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*(ROOT / "book").glob("*.md"), *(ROOT / "book").glob("*.ipynb")])
EXTENSIONS = YAML(typ="safe").load(ROOT / "_config.yml")["parse"]["myst_enable_extensions"]
PARSER = create_md_parser(MdParserConfig(enable_extensions=set(EXTENSIONS)), DocutilsRenderer)
CLAIMS = frozenset(load_claims(ROOT / "data"))

#: Names with a digit in them, each in full.
NAMES = ("SHA-256", "GPT-2")
#: Roles whose whole text the build replaces.
RESOLVED = ("claim", "constant")
#: Roles whose target the build resolves; words before it are prose.
POINTING = ("term", "ref", "numref", "doc", "download")
#: Directives that hold no prose: code, or what is drawn from ledger and tables, or a picture's path.
DRAWN = (
    "scoreboard",
    "verdict-strip",
    "claim-card",
    "coverage",
    "systems",
    "data-catalogue",
    "changes",
    "bibliography",
)
#: Directives whose argument is an address.
PATHS = ("figure", "image")
#: Stands for what has a source, and for the source of a sentence.
SOURCED, CITED = "\N{WHITE SQUARE}", "\N{BLACK SQUARE}"

SENTENCE = re.compile(r"(?<=[.!?])[)\]”’\"'*_]*\s+")
PERIOD = re.compile(
    r"(?i:\b(?:in|of|for|since|from|to|and|or|until|by|during|over|between|before|after|than|year|years|early|late))\s"
    r"(20[0-3][0-9])(?![\w%°/–-]|[.,:]\d|\s*[%°]|\s[A-Z]{3}\b|\s(?!is|was|has)[a-z]+s\b)"
)
NAME = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, [*NAMES, *CLAIMS]))})(?![\w%-])")
ATTRIBUTE = re.compile(r"""\b(?:alt|title|aria-label|placeholder)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
MARKUP = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)


def read(text: str) -> list[Token]:
    """Tokens of some markdown, as the book's own parser sees it."""
    return PARSER.parse(text)


def html_words(text: str) -> str:
    """What a reader sees or hears of some HTML."""
    spoken = " ".join(a or b for a, b in ATTRIBUTE.findall(text))
    return unescape(f"{MARKUP.sub(' ', text)} {spoken}")


def role_words(token: Token) -> str:
    """What a role adds to the prose."""
    name = token.meta["name"]
    if name.startswith("cite"):
        return CITED
    if name in RESOLVED:
        return SOURCED
    if name in POINTING:
        return token.content.rpartition("<")[0] or SOURCED
    return token.content


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
            begins_with_number = not re.match(r"[^\W\d]|[^\w\s]+[^\W\d]|\s*$", token.content)
            words.append(token.content if begins_with_number else SOURCED)
        elif token.type == "myst_role":
            words.append(role_words(token))
        elif token.type == "html_inline":
            words.append(html_words(token.content))
        elif token.children:
            words.append(inline_words(token.children))
        else:
            words.append(token.content)
        words += [str(token.attrGet("title"))] if token.attrGet("title") else []
    return "".join(words)


def blocks(text: str, line: int = 1) -> Iterator[tuple[int, str]]:
    """Every block of prose in some markdown, with the line that it begins on."""
    here = line
    for token in read(text):
        here = line + token.map[0] if token.map else here
        if token.type == "inline":
            yield here, inline_words(token.children)
        elif token.type == "html_block":
            yield here, html_words(token.content)
        elif token.type in ("fence", "colon_fence") and token.info.strip().startswith("{"):
            yield from directive_blocks(token, here)
        elif token.type not in ("fence", "colon_fence", "code_block", *SILENT):
            yield here, token.content


#: Blocks without prose; a colon fence without a directive's name is code.
SILENT = ("front_matter", "myst_line_comment", "myst_block_break", "myst_target")


def directive_blocks(token: Token, line: int) -> Iterator[tuple[int, str]]:
    """Prose of a directive: its title and what it holds, without its options."""
    name, _, title = token.info.strip().removeprefix("{").partition("}")
    if name in DRAWN or name.startswith("code"):
        return
    if name not in PATHS:
        yield from blocks(title.strip(), line)
    rows = token.content.split("\n")
    start = 0
    if rows[0].strip() == "---" and "---" in [row.strip() for row in rows[1:]]:
        start = [row.strip() for row in rows].index("---", 1) + 1
    while start < len(rows) and re.match(r":[\w-]+:", rows[start]):
        start += 1
    yield from blocks("\n".join(rows[start:]), line + 1 + start)


def loose(text: str) -> list[str]:
    """Numbers of one block that have no source, each with what stands around it."""
    found = []
    for sentence in SENTENCE.split(text):
        if CITED in sentence:
            continue
        rest = NAME.sub(SOURCED, sentence)
        rest = PERIOD.sub(lambda match: match[0].replace(match[1], SOURCED), rest)
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
        for settings in (cell["metadata"].get(name, {}) for name in ("mystnb", "render")):
            yield f"{page.name}, caption of cell {number}", settings.get("figure", {}).get("caption", "")


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
}
LET_THROUGH = {
    "ledger": "It fell by {claim}`R1:estimate` ({claim}`R1:interval`).",
    "constant": "After {constant}`analysis.verdicts:INDIRECT_AFTER_DAYS` days.",
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
    "year at the end": "What others published for 2025",
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


def test_the_caption_of_a_cell_is_prose(tmp_path):
    cell = {"cell_type": "code", "metadata": {"mystnb": {"figure": {"caption": "It fell by 80 %."}}}, "source": ""}
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": [cell]}), "utf-8")
    assert [found_in(text) for _, text in markdown_of(tmp_path / "a.ipynb")] == [["line 1: … It fell by 80 %. …"], []]
