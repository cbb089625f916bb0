"""The built site in a browser: every page, light and dark, wide and narrow, with nothing from another host."""

import csv
import json
import os
import posixpath
import re
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from analysis.engine.claims import load_claims
from analysis.engine.data import sealed
from analysis.engine.data.chapters import load_chapters
from analysis.engine.data.tables import schemas
from analysis.engine.words.figures import LEAST_TEXT

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"
PAGES = sorted(page.name for page in SITE.glob("*.html")) or ["index.html"]
#: Pages of one kind, many of each: a few are seen at every width in both themes, the others once, turn by turn.
MANY = sorted(
    str(page.relative_to(SITE).as_posix()) for kind in ("claims", "source") for page in SITE.glob(f"{kind}/*.html")
)
FEW = {"claims/R1.html", "claims/V4.html", "source/analysis.returns.category.html"} & set(MANY)
WIDTHS = (1280, 390)
THEMES = ("light", "dark")
LOOKS = [(theme, width) for width in WIDTHS for theme in THEMES]
#: Every page that is the only one of its kind, and a few of each kind.
KINDS = [*PAGES, *sorted(FEW)]
SEEN = [(name, *look) for name in KINDS for look in LOOKS]
SEEN += [(name, *LOOKS[i % len(LOOKS)]) for i, name in enumerate(sorted(set(MANY) - FEW))]
PAGES += MANY
SERIOUS = ("serious", "critical")
#: What axe looks for: everything in the light, and in the dark what colours decide.
RULES = {"light": {}, "dark": {"runOnly": ["color-contrast", "link-in-text-block"]}}
#: A third of the 0.1 that Web Vitals call good; on a loaded machine a page was seen at 0.0102.
LARGEST_SHIFT = 0.03
SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value; }))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 50);
})"""

pytestmark = [pytest.mark.site, pytest.mark.slow]


def missing(what: str, remedy: str) -> None:
    """Skip for want of something, or fail where it must be there."""
    text = f"{what}: {remedy}"
    pytest.fail(text) if os.environ.get("CI") == "true" else pytest.skip(text)


@pytest.fixture(scope="module")
def site() -> Path:
    if not (SITE / "index.html").is_file():
        missing("no built site in _build/html", "run `make book`")
    return SITE


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
    if found is None:
        missing("no Chromium or Chrome on the path", "install one, on Debian with `apt-get install chromium`")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@dataclass
class Watched:
    """A page of the browser with all that it said and asked for since the last visit."""

    page: object
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _hear(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _failed(self, request) -> None:
        if request.failure != "net::ERR_ABORTED":  # what was still under way when the test left the page
            self.complaints.append(f"failed, {request.failure}: {request.url}")

    def _answered(self, response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")

    def visit(self, url: str) -> None:
        """Open a page and wait until it is at rest."""
        self.complaints.clear()
        self.requests.clear()
        self.page.goto(url, wait_until="load")


@pytest.fixture(scope="module")
def watched(browser) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 900}, reduced_motion="reduce")
    yield Watched(context.new_page())
    context.close()


@pytest.fixture(scope="module")
def axe() -> str:
    package = pytest.importorskip("axe_playwright_python")
    return (Path(package.__file__).parent / "axe.min.js").read_text("utf-8")


def described(page) -> list[tuple[str, str]]:
    """Each picture of a page with its text alternative."""
    return page.eval_on_selector_all(
        "img, svg[role=img]",
        "all => all.map(e => [e.outerHTML.slice(0, 90), e.getAttribute('alt') ?? e.getAttribute('aria-label') ?? ''])",
    )


@pytest.mark.parametrize(("name", "theme", "width"), SEEN)
def test_page(name: str, theme: str, width: int, address: str, watched: Watched, axe: str):
    page = watched.page
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)
    watched.visit(f"{address}/{name}")
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(SHIFT) <= LARGEST_SHIFT
    assert [p for p, alt in described(page) if not re.search(r"\d", alt) or alt.endswith((".png", ".svg"))] == []
    assert watched.complaints == []
    assert [url for url in watched.requests if not url.startswith((address, "data:"))] == []
    if width == WIDTHS[0] and (name in KINDS or name.startswith("claims/")):
        page.evaluate(axe)
        options = {"preload": False, "resultTypes": ["violations"]} | RULES[theme]
        found = page.evaluate("options => axe.run(options)", options)["violations"]
        assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found if v["impact"] in SERIOUS] == []


@pytest.mark.parametrize("name", KINDS)
def test_page_opened_as_a_file_with_the_network_off(name: str, site: Path, watched: Watched):
    watched.page.context.set_offline(True)
    watched.visit((site / name).as_uri())
    watched.page.context.set_offline(False)
    assert watched.complaints == []
    assert [url for url in watched.requests if not url.startswith(("file:", "data:"))] == []


def test_search_works_on_files(site: Path, watched: Watched):
    watched.visit(f"{(site / 'search.html').as_uri()}?q=median")
    watched.page.wait_for_selector("#search-results li a")
    assert watched.complaints == []


def test_every_kind_of_page_can_be_read_without_scripts(site: Path, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": WIDTHS[1], "height": 900})
    page = context.new_page()
    for name in KINDS:
        page.goto((site / name).as_uri())
        assert page.locator("article h1, .bd-search-container h1").first.is_visible(), name
    page.goto((site / "index.html").as_uri())
    assert page.locator(".scoreboard td.id").count() == len(load_claims())
    context.close()


def test_menus_open_with_the_keyboard_on_a_phone(address: str, watched: Watched):
    page = watched.page
    page.set_viewport_size({"width": WIDTHS[1], "height": 900})
    watched.visit(f"{address}/index.html")
    page.focus(".primary-toggle")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.bd-sidebar-primary').contains(document.activeElement)")
    assert page.locator(".bd-sidebar-primary").is_visible()
    page.keyboard.press("Escape")
    page.focus(".theme-switch-button")
    before = page.evaluate("document.documentElement.dataset.mode")
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.dataset.mode") != before
    page.evaluate("localStorage.clear()")


def test_buttons_have_a_name_and_show_the_focus(address: str, watched: Watched):
    page = watched.page
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    watched.visit(f"{address}/returns.html")
    page.wait_for_selector(".copybtn", state="attached")
    names = page.eval_on_selector_all(".copybtn", "all => all.map(e => e.ariaLabel)")
    assert set(names) == {"Copy code"}
    page.keyboard.press("Tab")  # from here on the focus is the keyboard's
    for name in (".search-button-field", ".bd-header-article .theme-switch-button"):
        page.focus(name)
        assert page.eval_on_selector(name, "e => getComputedStyle(e).outlineStyle") == "solid", name


@pytest.mark.parametrize("name", sorted({f"{chapter}.html" for chapter in load_chapters()} & set(PAGES)))
def test_figures_can_be_read_on_a_phone_and_say_where_they_scroll(name: str, address: str, watched: Watched):
    page = watched.page
    page.set_viewport_size({"width": WIDTHS[1], "height": 900})
    watched.visit(f"{address}/{name}")
    seen = page.eval_on_selector_all(
        "figure.plot",
        """all => all.map(e => {
          const svg = e.querySelector("svg"), box = e.querySelector(".sideways"), hint = e.querySelector(".hint");
          const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
          const sizes = [...svg.querySelectorAll("text")].map(t => parseFloat(getComputedStyle(t).fontSize) * scale);
          return [Math.min(...sizes), box.scrollWidth > box.clientWidth, hint.getBoundingClientRect().height > 9];
        })""",
    )
    assert seen
    assert min(size for size, _, _ in seen) >= LEAST_TEXT - 0.05
    assert [hint for _, _, hint in seen] == [scrolls for _, scrolls, _ in seen]
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[1]


def test_dates_in_tables_stay_on_one_line_on_a_phone(address: str, watched: Watched):
    page = watched.page
    page.set_viewport_size({"width": WIDTHS[1], "height": 900})
    watched.visit(f"{address}/returns.html")
    dates = "all => all.filter(e => /^[0-9-]{10}$/.test(e.textContent) && e.getClientRects().length)"
    lines = "{ const r = document.createRange(); r.selectNodeContents(e); return r.getClientRects().length; }"
    assert set(page.eval_on_selector_all("td", f"{dates}.map(e => {lines})")) <= {1}


@pytest.mark.parametrize("name", sorted({f"{chapter}.html" for chapter in load_chapters()} & set(PAGES)))
def test_no_table_of_a_chapter_is_wider_than_a_phone(name: str, address: str, watched: Watched):
    page = watched.page
    page.set_viewport_size({"width": WIDTHS[1], "height": 900})
    watched.visit(f"{address}/{name}")
    found = page.eval_on_selector_all(
        "div.cell_output .text_html:has(> table)", "all => all.map(e => [e.innerText, e.scrollWidth - e.clientWidth])"
    )
    assert found
    assert [(text[:80], more) for text, more in found if more > 0] == []


def shown(page) -> list[str]:
    """Ids of the claims whose rows are seen."""
    return page.eval_on_selector_all(
        ".scoreboard tr.claim", "all => all.filter(e => e.checkVisibility()).map(e => e.cells[0].innerText)"
    )


def choose(page, name: str, label: str) -> None:
    """Reach a filter with the Tab key and choose by typing what an option is called."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            break
    page.keyboard.type(label)


def test_claims_are_chosen_with_the_keyboard_alone(address: str, watched: Watched):
    page = watched.page
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    watched.visit(f"{address}/index.html")
    known = load_claims()
    choose(page, "verdict", "not assessed")
    choose(page, "chapter", "agents")
    agents = [claim.id for claim in known.values() if claim.chapter == "agents"]
    unassessed = page.eval_on_selector_all(
        "tr.claim[data-verdict=unassessed]", "all => all.map(e => e.cells[0].innerText)"
    )
    expected = [claim for claim in agents if claim in unassessed]
    assert shown(page) == expected
    said = f"{len(expected) or 'none'} of {len(known)} claims"
    assert page.inner_text("output[role=status]") == said
    assert page.locator("tr.chapter:visible").count() == (1 if expected else 0)
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "reset":
            break
    page.keyboard.press("Enter")
    assert shown(page) == list(known)
    assert page.inner_text("output[role=status]") == f"{len(known)} claims"
    assert "#" not in page.url
    assert watched.complaints == []


def test_a_choice_that_no_claim_fits_says_so(address: str, watched: Watched):
    watched.visit(f"{address}/index.html?empty#chapter=returns&again=later")  # the returns are of a past year
    assert shown(watched.page) == []
    assert watched.page.locator(".nothing").is_visible()
    assert watched.page.inner_text("output[role=status]").startswith("none of")


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_a_choice_is_kept_in_the_address_and_the_back_button_undoes_it(
    scheme: str, address: str, site: Path, watched: Watched
):
    page = watched.page
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    start = f"{address}/index.html" if scheme == "http" else (site / "index.html").as_uri()
    watched.visit(f"{start}?{scheme}")
    everything = shown(page)
    page.select_option("[name=chapter]", "compute")
    page.select_option("[name=again]", "later")
    assert page.url.endswith("#chapter=compute&again=later")
    both = shown(page)
    page.go_back()
    assert page.url.endswith("#chapter=compute")
    assert set(shown(page)) == {claim.id for claim in load_claims().values() if claim.chapter == "compute"}
    page.go_back()
    assert shown(page) == everything
    watched.visit(f"{start}?again#chapter=compute&again=later&verdict=nonsense&other")
    assert shown(page) == both
    assert page.input_value("[name=chapter]") == "compute"
    assert page.input_value("[name=verdict]") == ""
    assert watched.complaints == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["index.html#chapter=compute", "index.html"])
def test_nothing_moves_when_rows_are_chosen_or_flagged_at_load(name: str, width: int, address: str, browser):
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.clock.set_fixed_time("2099-01-01T12:00:00")
    page.goto(f"{address}/{name}", wait_until="load")
    assert page.locator(".again .past:visible").count()
    assert page.evaluate(SHIFT) <= LARGEST_SHIFT
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_claims_past_their_date_are_flagged_by_the_readers_clock(address: str, browser):
    expiries = {claim.id: claim.expires for claim in load_claims().values() if claim.expires}
    first = min(expiries.values())
    context = browser.new_context(timezone_id="Pacific/Kiritimati")
    for day, past in ((first, []), (first + timedelta(days=1), [i for i, e in expiries.items() if e == first])):
        page = context.new_page()
        page.clock.set_fixed_time(f"{day}T12:00:00+14:00")
        page.goto(f"{address}/index.html#again=now", wait_until="load")
        assert shown(page) == past
        assert page.locator(".flag:visible").count() == len(past)
        if past:
            said = " ".join(page.inner_text(".again:has(.past):visible").split())
            assert said == f"look again since {first.day} {first:%b %Y}"
        page.close()
    context.close()


def test_cards_past_their_date_are_flagged_by_the_readers_clock(address: str, browser):
    claim, expires = min(((c.id, c.expires) for c in load_claims().values() if c.expires), key=lambda found: found[1])
    context = browser.new_context(timezone_id="Pacific/Kiritimati")
    for day, said in ((expires, "look again after"), (expires + timedelta(days=1), "look again: past")):
        page = context.new_page()
        page.clock.set_fixed_time(f"{day}T12:00:00+14:00")
        page.goto(f"{address}/claims/{claim}.html", wait_until="load")
        flagged = page.locator(".claim-card .dates [data-expires]")
        assert " ".join(flagged.inner_text().split()) == said
        assert page.locator(".claim-card .past").count() == (said == "look again: past")
        page.close()
    context.close()


def test_on_a_phone_the_choice_is_folded_until_there_is_one(address: str, browser):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{address}/index.html", wait_until="load")
    assert not page.locator(".choose").is_visible()
    assert page.locator("tr.claim .sentence").first.bounding_box()["y"] < 844
    page.locator(".fold summary").click()
    page.select_option("[name=chapter]", "compute")
    page.reload()
    assert page.locator(".choose").is_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{address}/index.html?wide", wait_until="load")
    assert page.locator(".choose").is_visible()
    assert not page.locator(".fold summary").is_visible()
    context.close()


@pytest.mark.parametrize("name", ["index.html", "claims/R1.html", "returns.html", "methods.html"])
def test_a_dark_page_is_printed_in_the_light_set(name: str, address: str, browser):
    context = browser.new_context(viewport={"width": 680, "height": 960}, color_scheme="dark")  # about A4 with margins
    page = context.new_page()
    page.goto(f"{address}/{name}", wait_until="load")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.emulate_media(media="print", color_scheme="dark")
    colours = page.evaluate("""() => {
      const shown = [...document.querySelectorAll("article *")].filter(e => e.checkVisibility());
      const text = shown.filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()));
      return [...new Set(text.map(e => getComputedStyle(e)).map(s => s.fill !== "rgb(0, 0, 0)" ? s.fill : s.color))];
    }""")
    light = [c for c in colours if sum(map(int, re.findall(r"\d+", c)[:3])) > 3 * 170]
    assert light == []
    assert page.locator("article h1").first.is_visible()
    assert not page.locator("#jb-print-docs-body").is_visible()
    assert not page.locator(".choose").is_visible()
    if name == "index.html":
        assert page.eval_on_selector(".scoreboard tr.claim", "e => getComputedStyle(e).display") == "table-row"
        assert page.evaluate("document.querySelector('.scoreboard table').scrollWidth") <= 680
    context.close()


def test_without_scripts_there_is_no_choice_but_everything_is_shown(site: Path, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    assert not page.locator(".choose").is_visible()
    assert page.locator("tr.claim:visible").count() == len(load_claims())
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("which", ["first", "last"])
def test_the_note_of_a_value_opens_with_the_focus_and_goes_with_escape(
    which: str, width: int, address: str, watched: Watched, axe: str
):
    page = watched.page
    page.set_viewport_size({"width": width, "height": 900})
    watched.visit(f"{address}/returns.html")
    value = getattr(page.locator(".claim-value"), which)
    note = value.locator("[role=tooltip]")
    assert not note.is_visible()
    value.locator("a").focus()
    assert note.is_visible()
    assert note.get_attribute("id") == value.locator("a").get_attribute("aria-describedby")
    box, link = note.bounding_box(), value.locator("a").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 900
    assert box["y"] >= link["y"] + link["height"] or box["y"] + box["height"] <= link["y"], "the note hides its value"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(axe)
    found = page.evaluate("axe.run({preload: false, resultTypes: ['violations']})")["violations"]
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found if v["impact"] in SERIOUS] == []
    page.keyboard.press("Escape")
    assert not note.is_visible()
    assert watched.complaints == []


def test_the_note_of_a_value_stays_while_the_pointer_is_on_it(address: str, watched: Watched):
    page = watched.page
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    watched.visit(f"{address}/returns.html")
    value = page.locator(".claim-value").first
    note = value.locator("[role=tooltip]")
    value.locator("a").hover()
    assert note.is_visible()
    note.hover()
    page.wait_for_timeout(500)
    assert note.is_visible()
    page.mouse.move(1, 1)
    note.wait_for(state="hidden")


@pytest.fixture
def touched(browser, address: str) -> Iterator:
    """The chapter on a phone that one touches."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{address}/returns.html", wait_until="load")
    assert page.evaluate("matchMedia('(hover: none)').matches")
    yield page
    context.close()


def test_a_tap_on_a_value_shows_its_note_and_a_second_leads_to_the_card(touched):
    value = touched.locator(".claim-value").first
    value.locator("a").first.tap()
    assert touched.url.endswith("returns.html")
    assert value.locator(".claim-note").is_visible()
    value.locator("a").first.tap()
    touched.wait_for_url("**/claims/R1.html")


def test_a_note_opened_by_touch_leads_to_the_card_and_closes_with_a_tap_elsewhere(touched):
    value = touched.locator(".claim-value").first
    note = value.locator(".claim-note")
    for _ in range(2):  # closed, it opens again instead of following the link
        value.locator("a").first.tap()
        assert note.is_visible()
        touched.touchscreen.tap(200, 30)
        assert not note.is_visible()
    value.locator("a").first.tap()
    card = note.get_by_role("link", name="The card of R1")
    assert card.count() == 1
    card.tap()
    touched.wait_for_url("**/claims/R1.html")


@pytest.fixture(scope="module")
def read(site: Path) -> dict[str, BeautifulSoup]:
    """Every page of the site, parsed."""
    return {name: BeautifulSoup((site / name).read_text("utf-8"), "html.parser") for name in PAGES}


def test_every_link_and_anchor_inside_the_site_resolves(site: Path, read: dict[str, BeautifulSoup]):
    anchors = {name: {e["id"] for e in page.select("[id]")} for name, page in read.items()}
    broken = []
    for name, page in read.items():
        for element in page.select("[href], [src]"):
            target = urlsplit(element.get("href") or element.get("src") or "")
            if target.scheme:
                continue
            file = (
                posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(target.path)))
                if target.path
                else name
            )
            anchor = unquote(target.fragment)
            lost = anchor and file in anchors and anchor not in anchors[file] | {"", "top"}
            if not (site / file).is_file() or lost:
                broken.append((name, target.geturl()))
    assert broken == []


def test_no_page_loads_anything_from_another_host(read: dict[str, BeautifulSoup]):
    loaded = "script[src], link[href]:not([rel=canonical]), img[src], iframe[src], source[src]"
    found = [e.get("src") or e.get("href") for page in read.values() for e in page.select(loaded)]
    assert [address for address in found if urlsplit(address).netloc] == []


def test_ids_are_unique_on_each_page(read: dict[str, BeautifulSoup]):
    for name, page in read.items():
        ids = Counter(element["id"] for element in page.select("[id]"))
        assert [i for i, count in ids.items() if count > 1] == [], name


def test_downloads_are_the_data_byte_for_byte(site: Path, read: dict[str, BeautifulSoup]):
    links = {a["href"] for a in read["data_catalogue.html"].select("a[download]") if a["href"].startswith("data/")}
    package = json.loads((sealed.data_dir() / "datapackage.json").read_text("utf-8"))
    assert links == {f"data/{resource['path']}" for resource in package["resources"]} | {"data/datapackage.json"}
    for link in links:
        assert (site / link).read_bytes() == (sealed.data_dir() / Path(link).name).read_bytes(), link


def test_verdicts_for_machines_agree_with_the_table(site: Path, read: dict[str, BeautifulSoup]):
    records = json.loads((site / "verdicts.json").read_text("utf-8"))
    with (site / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    shown = [cell.get_text() for cell in read["index.html"].select(".scoreboard td.id")]
    assert [record["id"] for record in records] == [row["id"] for row in rows] == shown
    assert [record["verdict"] for record in records] == [row["verdict"] for row in rows]


def test_titles_have_one_form(read: dict[str, BeautifulSoup]):
    title = read["index.html"].title.string.split(" — ")[1]
    assert [name for name, page in read.items() if page.title.string.split(" — ")[1:] != [title]] == []


def test_what_opens_a_cell_is_named_by_its_text(read: dict[str, BeautifulSoup]):
    opens = [summary for page in read.values() for summary in page.select(".cell summary")]
    assert opens
    assert [summary.get("aria-label") for summary in opens if summary.get("aria-label")] == []


def test_every_chapter_page_opens_with_a_strip_and_says_before_it_in_short_what_was_found(
    read: dict[str, BeautifulSoup],
):
    short = 0
    for name in {f"{chapter}.html" for chapter in load_chapters()} & set(PAGES):
        opening = read[name].select("article section#in-short .prose, article .verdict-strip, article figure")
        kinds = [element["class"] for element in opening]
        said = kinds.count(["prose"])
        assert kinds[: said + 1] == [["prose"]] * said + [["verdict-strip"]], name
        short += said
    assert short


def test_the_front_page_says_what_the_book_is_not(read: dict[str, BeautifulSoup]):
    said = read["index.html"].select_one("article").get_text(" ")
    for part in ("not investment advice", "not affiliated", "open an issue"):
        assert part in said


def test_the_catalogue_has_every_table_and_column(read: dict[str, BeautifulSoup]):
    page = read["data_catalogue.html"]
    for name, table in schemas().items():
        section = page.find(id=f"table-{name}")
        shown = [cell.get_text() for cell in section.select("tbody td:first-child code")]
        assert shown == list(table.schema.columns)
