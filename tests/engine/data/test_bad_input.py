"""Every way in which a file is known to go wrong, with the message that the reader gets."""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.engine.claims import read_claims
from analysis.engine.claims.coverage import read_coverage
from analysis.engine.data import sealed
from analysis.engine.data.tables import read
from tests.conftest import rewrite

#: A fraction of a second each, and seconds together: left out by make test-fast.
pytestmark = pytest.mark.slow


def cell(table: str, row: int, column: str, value: str) -> Callable[[Path], None]:
    """Put a value into the line `row` of the file (the header is line 1)."""

    def edit(folder: Path) -> None:
        def change(frame: pd.DataFrame) -> pd.DataFrame:
            frame.loc[row - 2, column] = value
            return frame

        rewrite(folder, table, change)

    return edit


def raw(table: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        file = sealed.path(table, folder)
        file.write_bytes(change(file.read_bytes()))

    return edit


def replaced(table: str, old: str, new: str) -> Callable[[Path], None]:
    def change(content: bytes) -> bytes:
        assert old.encode() in content, f"the fixture has no {old!r}"
        return content.replace(old.encode(), new.encode(), 1)

    return raw(table, change)


def scaled(table: str, row: int, column: str, factor: float) -> Callable[[Path], None]:
    """Multiply a number, as a slip in its unit would."""

    def edit(folder: Path) -> None:
        def change(frame: pd.DataFrame) -> pd.DataFrame:
            frame.loc[row - 2, column] = str(factor * float(frame.loc[row - 2, column]))
            return frame

        rewrite(folder, table, change)

    return edit


def remove(table: str) -> Callable[[Path], None]:
    return lambda folder: sealed.path(table, folder).unlink()


P = "token_prices"
G = "gpu_prices"
BAD_TABLES = {
    "impossible month": (
        P,
        cell(P, 3, "date", "2025-13-77"),
        r"token_prices.csv, row 3, column date: '2025-13-77' is not a date YYYY-MM-DD",
    ),
    "day of no month": (P, cell(P, 3, "date", "2025-02-30"), r"row 3, column date: '2025-02-30' is not a date"),
    "short date": (P, cell(P, 3, "date", "2025-1-1"), r"row 3, column date: '2025-1-1' is not a date YYYY-MM-DD"),
    "date with time": (P, cell(P, 3, "date", "2025-01-01 00:00"), r"row 3, column date: .* is not a date YYYY-MM-DD"),
    "future date": (
        P,
        cell(P, 3, "date", "2999-01-01"),
        r"row 3, column date: .*2999.* is not a date from 2009-01-03 to today",
    ),
    "date before Bitcoin": (
        P,
        cell(P, 3, "date", "1999-01-01"),
        r"row 3, column date: .*1999.* is not a date from 2009-01-03",
    ),
    "blank date": (P, cell(P, 3, "date", ""), r"row 3, column date: '' is not filled"),
    "price of zero": (P, cell(P, 4, "close_usd", "0"), r"row 4, column close_usd: 0.0 is not greater than 0"),
    "negative price": (P, cell(P, 4, "close_usd", "-3.5"), r"row 4, column close_usd: -3.5 is not greater than 0"),
    "price in words": (
        P,
        cell(P, 4, "close_usd", "twelve"),
        r"row 4, column close_usd: 'twelve' is not a finite number",
    ),
    "price with its unit": (
        P,
        cell(P, 4, "close_usd", "$1.20"),
        r"row 4, column close_usd: '\$1.20' is not a finite number",
    ),
    "thousands separator": (
        P,
        cell(P, 4, "close_usd", "1,200.5"),
        r"row 4, column close_usd: '1,200.5' is not a finite number",
    ),
    "infinite price": (P, cell(P, 4, "close_usd", "inf"), r"row 4, column close_usd: 'inf' is not a finite number"),
    "NaN price": (P, cell(P, 4, "close_usd", "NaN"), r"row 4, column close_usd: 'NaN' is not a finite number"),
    "blank price": (P, cell(P, 4, "close_usd", ""), r"row 4, column close_usd: '' is not filled"),
    "half a source": (P, cell(P, 4, "n_sources", "1.5"), r"row 4, column n_sources: '1.5' is not a whole number"),
    "no source": (P, cell(P, 4, "n_sources", "0"), r"row 4, column n_sources: 0 is not 1 or more"),
    "sources miscounted": (P, cell(P, 4, "n_sources", "9"), r"row 4: not as many source_ids as n_sources"),
    "negative spread": (
        P,
        cell(P, 4, "relative_spread", "-0.1"),
        r"row 4, column relative_spread: -0.1 is not 0 or more",
    ),
    "spread lost": (
        P,
        cell(P, 4, "relative_spread", ""),
        r"row 4: not relative_spread blank exactly where n_sources is 1",
    ),
    "unknown symbol": (
        P,
        cell(P, 4, "symbol", "NOPE"),
        r"row 4, column symbol: 'NOPE' is not in the column symbol of tokens",
    ),
    "symbol with a space": (
        P,
        cell(P, 4, "symbol", "TAO "),
        r"row 4, column symbol: 'TAO ' is not in the column symbol of tokens",
    ),
    "unknown source": (
        P,
        replaced(P, "yahoo_mm", "nowhere"),
        r"row \d+, column source_ids: '[^']*nowhere[^']*' is not in the column source_id of sources",
    ),
    "duplicate key": (
        P,
        raw(P, lambda b: b + b.splitlines(keepends=True)[3]),
        r"row \d+, columns date, symbol: the key stands twice",
    ),
    "missing column": (
        P,
        replaced(P, "n_sources", "sources"),
        r"row 1: column n_sources is missing; column sources is not in the schema",
    ),
    "wrong unit": (
        P,
        replaced(P, "close_usd", "close_eur"),
        r"row 1: column close_usd is missing; column close_eur is not in the schema",
    ),
    "extra column": (
        P,
        raw(P, lambda b: re.sub(rb"(?m)$", b",1", b.rstrip(b"\n")).replace(b",1", b",extra", 1)),
        r"row 1: column extra is not in the schema",
    ),
    "repeated column": (
        P,
        replaced(P, "n_sources,relative_spread", "n_sources,n_sources"),
        r"column n_sources stands twice",
    ),
    "semicolons": (
        P,
        raw(P, lambda b: b.replace(b",", b";")),
        r"row 1: one column .*the delimiter must be a comma \(it seems to be ';'\)",
    ),
    "tabs": (P, raw(P, lambda b: b.replace(b",", b"\t")), r"the delimiter must be a comma \(it seems to be '\\t'\)"),
    "short row": (P, raw(P, lambda b: b + b"2025-01-02,TAO\n"), r"row \d+: 2 cells where the header has 6"),
    "blank line inside": (P, replaced(P, "\n2", "\n\n2"), r"row 2: blank line inside the table"),
    "open quotation": (P, raw(P, lambda b: b + b'"2025'), r"row \d+: unexpected end of data"),
    "UTF-16": (P, raw(P, lambda b: b.decode().encode("utf-16")), r"token_prices.csv, row 1: not UTF-8 text"),
    "Latin-1": (
        "sources",
        raw("sources", lambda b: b.replace(b"Bybit", b"B\xfcbit", 1)),
        r"sources.csv, row \d+: not UTF-8 text",
    ),
    "empty file": (P, raw(P, lambda b: b""), r"token_prices.csv: the file is empty"),
    "header alone": (P, raw(P, lambda b: b.splitlines(keepends=True)[0]), r"token_prices.csv: a header but no rows"),
    "missing file": (P, remove(P), r"table token_prices: no file token_prices.csv or token_prices.csv.gz"),
    "file twice": (
        P,
        lambda folder: (folder / "token_prices.csv.gz").write_bytes(b"x"),
        r"table token_prices: both token_prices.csv and token_prices.csv.gz exist",
    ),
    "cut gzip": (
        "market_prices",
        raw("market_prices", lambda b: b[:-20]),
        r"market_prices.csv.gz: not a complete gzip file",
    ),
    "spoilt gzip": (
        "market_prices",
        raw("market_prices", lambda b: b[:60] + b"0" * 40 + b[100:]),
        r"market_prices.csv.gz: not a complete gzip file",
    ),
    "date with a space": (P, cell(P, 3, "date", "2025-12- 1"), r"row 3, column date: .* is not a date YYYY-MM-DD"),
    "price with spaces": (
        P,
        cell(P, 4, "close_usd", " 1.0 "),
        r"row 4, column close_usd: ' 1.0 ' is not a finite number",
    ),
    "price beyond reason": (
        P,
        cell(P, 4, "close_usd", "1e308"),
        r"row 4, column close_usd: 1e\+308 is not greater than 0 and",
    ),
    "count beyond reason": (
        P,
        cell(P, 4, "n_sources", "1e30"),
        r"row 4, column n_sources: '1e30' is not a whole number",
    ),
    "spread of everything": (
        P,
        cell(P, 4, "relative_spread", "1"),
        r"row 4, column relative_spread: 1.0 is not 0 or more and below 1",
    ),
    "correction of no table": (
        "corrections",
        cell("corrections", 2, "table", "nope"),
        r"row 2, column table: 'nope' is not one of token_prices",
    ),
    "correction by another key": (
        P,
        cell("corrections", 2, "row", "close_usd=0.1263040006"),
        r"correction K1: the key of token_prices is date, symbol, not close_usd",
    ),
    "not gzip": (
        "market_prices",
        raw("market_prices", lambda b: b"date,symbol\n"),
        r"market_prices.csv.gz: not a complete gzip file",
    ),
    "unknown product": (
        "market_prices",
        cell("market_prices", 2, "product", "share"),
        r"row 2, column product: 'share' is not one of token, index",
    ),
    "unknown vertical": (
        "tokens",
        cell("tokens", 2, "vertical", "gaming"),
        r"tokens.csv, row 2, column vertical: 'gaming' is not one of network",
    ),
    "unknown membership": (
        "tokens",
        cell("tokens", 2, "membership", "inner"),
        r"row 2, column membership: 'inner' is not one of core",
    ),
    "flag in words": (
        "tokens",
        cell("tokens", 2, "has_series", "yes"),
        r"row 2, column has_series: 'yes' is not True or False",
    ),
    "ends before it begins": (
        "tokens",
        cell("tokens", 2, "last_observed", "2010-01-01"),
        r"row 2: not first_observed on or before last_observed",
    ),
    "source mended": (
        P,
        replaced(P, "0.1263040006", "93.1"),
        r"correction K1: .*, column close_usd now says '93.1', not '0.1263040006'; the source may have been mended",
    ),
    "correction of no row": (
        "token_prices",
        cell("corrections", 2, "row", "date=2023-03-04; symbol=XYZ"),
        r"correction K1: 0 rows of token_prices match",
    ),
    "correction of no column": (
        "token_prices",
        cell("corrections", 2, "column", "close"),
        r"correction K1: token_prices has no column close",
    ),
    "correction without key": (
        "corrections",
        cell("corrections", 2, "row", "TAO"),
        r"row 2, column row: 'TAO' is not key=value",
    ),
    "size that is not that of the parameters": (
        "zk_published",
        cell("zk_published", 2, "scale", "gpt2"),
        r"zk_published.csv, row 2: not the scale that params give",
    ),
    "time outside its precision": (
        "zk_published",
        cell("zk_published", 2, "prove_low_s", "1e6"),
        r"zk_published.csv, row 2: not prove_low_s <= prove_s <= prove_high_s",
    ),
    "proving time of zero": (
        "zk_published",
        cell("zk_published", 2, "prove_s", "0"),
        r"row 2, column prove_s: 0.0 is not greater than 0",
    ),
    "unknown kind of result": (
        "zk_published",
        cell("zk_published", 2, "what", "guess"),
        r"row 2, column what: 'guess' is not one of one_pass",
    ),
    "answer left blank": (
        "zk_published",
        cell("zk_published", 2, "hides_weights", ""),
        r"row 2, column hides_weights: '' is not one of yes, no, not stated",
    ),
    "unknown source of a proof": (
        "zk_published",
        cell("zk_published", 2, "source_id", "hearsay"),
        r"row 2, column source_id: 'hearsay' is not in the column source_id of sources",
    ),
    "answer to what was not tried": (
        "zk_proofs",
        cell("zk_proofs", 2, "tampered_proof_rejected", "maybe"),
        r"row 2, column tampered_proof_rejected: 'maybe' is not one of yes, no, not tried",
    ),
    "instant without a zone": (
        "zk_proofs",
        cell("zk_proofs", 2, "measured_at", "2026-11-22 12:14:02"),
        r"row 2, column measured_at: .* is not an instant YYYY-MM-DDThh:mm:ss\+00:00",
    ),
    "same run twice": (
        "zk_proofs",
        raw("zk_proofs", lambda b: b + b.splitlines(keepends=True)[1]),
        r"zk_proofs.csv, row \d+, columns run_id: the key stands twice",
    ),
    "circuit without rows": (
        "zk_circuits",
        cell("zk_circuits", 2, "rows", "0"),
        r"zk_circuits.csv, row 2, column rows: 0 is not 1 or more",
    ),
    "machine for nothing": (
        "machine_prices",
        cell("machine_prices", 2, "usd_per_hour", "0"),
        r"row 2, column usd_per_hour: 0.0 is not greater than 0",
    ),
    "unknown kind of price": (
        "machine_prices",
        cell("machine_prices", 2, "price_type", "reserved"),
        r"row 2, column price_type: 'reserved' is not one of on-demand, spot",
    ),
    "free GPU": (
        G,
        cell(G, 9, "usd_per_gpu_hour", "0"),
        r"gpu_prices.csv, row 9, column usd_per_gpu_hour: 0.0 is not greater",
    ),
    "negative GPU price": (
        G,
        cell(G, 9, "usd_per_gpu_hour", "-2.5"),
        r"row 9, column usd_per_gpu_hour: -2.5 is not greater",
    ),
    "GPU price a thousand times too high": (
        G,
        scaled(G, 9, "usd_per_gpu_hour", 1000),
        r"row 9: not a price of 0.001 to 1.0",
    ),
    "GPU price a thousand times too low": (
        G,
        scaled(G, 9, "usd_per_gpu_hour", 0.001),
        r"row 9: not a price of 0.001 to 1.0",
    ),
    "GPU price in another currency": (
        G,
        cell(G, 9, "usd_per_gpu_hour", "2.10 EUR"),
        r"row 9, column usd_per_gpu_hour: '2.10 EUR' is not a finite number",
    ),
    "GPU prices in another currency": (
        G,
        replaced(G, "usd_per_gpu_hour", "eur_per_gpu_hour"),
        r"row 1: column usd_per_gpu_hour is missing; column eur_per_gpu_hour is not in the schema",
    ),
    "unknown GPU": (
        G,
        cell(G, 9, "gpu_model", "H1000-80GB"),
        r"row 9, column gpu_model: 'H1000-80GB' is not in the column",
    ),
    "no GPU in the machine": (G, cell(G, 9, "gpu_count", "0"), r"row 9, column gpu_count: 0.0 is not 1 or more"),
    "unknown type of provider": (
        G,
        cell(G, 9, "provider_type", "cloud"),
        r"row 9, column provider_type: 'cloud' is not one of hyperscaler, specialist, marketplace, network",
    ),
    "unknown provider": (
        G,
        cell(G, 9, "provider", "acme"),
        r"row 9, column provider: 'acme' is not in the column provider",
    ),
    "GPU price with a made-up day": (
        G,
        cell(G, 9, "date_precision", "year"),
        r"row 9: not observed_on filled exactly where date_precision is day",
    ),
    "throughput of zero": (
        "gpu_throughput",
        cell("gpu_throughput", 9, "output_per_s", "0"),
        r"gpu_throughput.csv, row 9, column output_per_s: 0.0 is not greater than 0",
    ),
    "more tokens out than in and out": (
        "gpu_throughput",
        cell("gpu_throughput", 20, "output_per_s", "1e7"),
        r"row 20: not total_tokens_per_s at least output_per_s",
    ),
    "median latency above its tail": (
        "gpu_throughput",
        cell("gpu_throughput", 20, "ttft_p50_ms", "1e7"),
        r"row 20: not ttft_p50_ms on or before ttft_p99_ms",
    ),
    "throughput in words": (
        "gpu_throughput",
        cell("gpu_throughput", 9, "output", "images"),
        r"row 9, column output: 'images' is not one of tokens, samples",
    ),
    "throughput of an unknown GPU": (
        "gpu_throughput",
        cell("gpu_throughput", 9, "gpu_model", "H1000-80GB"),
        r"row 9, column gpu_model: 'H1000-80GB' is not in the column",
    ),
    "throughput with a made-up day": (
        "gpu_throughput",
        cell("gpu_throughput", 20, "date_precision", "year"),
        r"row 20: not observed_on filled exactly where date_precision is day",
    ),
}


@pytest.mark.parametrize(("table", "edit", "message"), BAD_TABLES.values(), ids=BAD_TABLES.keys())
def test_bad_table_is_refused_with_place_and_rule(small_data, table, edit, message):
    edit(small_data)
    with pytest.raises(sealed.DataError, match=message):
        read(table, small_data)


HARMLESS = {
    "byte-order mark": raw(P, lambda b: b"\xef\xbb\xbf" + b),
    "Windows line ends": raw(P, lambda b: b.replace(b"\n", b"\r\n")),
    "trailing blank lines": raw(P, lambda b: b + b"\n\n"),
    "no final line end": raw(P, lambda b: b.rstrip(b"\n")),
    "columns in another order": lambda folder: rewrite(folder, P, lambda t: t[t.columns[::-1]]),
}


@pytest.mark.parametrize("edit", HARMLESS.values(), ids=HARMLESS.keys())
def test_harmless_differences_are_read_alike(small_data, edit):
    before = read(P, small_data)
    edit(small_data)
    pd.testing.assert_frame_equal(read(P, small_data), before)


def test_plain_and_gzip_are_read_alike(small_data):
    before = read("market_prices", small_data)
    packed = sealed.path("market_prices", small_data)
    plain = pd.read_csv(packed, dtype=str)
    packed.unlink()
    plain.to_csv(small_data / "market_prices.csv", index=False)
    pd.testing.assert_frame_equal(read("market_prices", small_data), before)


def replaced_text(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{file.name} has no {old!r}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_last_correction_can_be_removed(small_data):
    before = len(read(P, small_data))
    rewrite(small_data, "corrections", lambda t: t.iloc[:0])
    assert len(read(P, small_data)) == before + 1


BAD_CLAIMS = {
    "unknown field": ("  kind: bound", "  kind: bound\n  colour: red", r"claims.yml, claim R1, field colour: "),
    "unknown kind": ("  kind: bound", "  kind: bond", r"claim R1, field kind: "),
    "unknown unit": ('unit: "%"', "unit: per cent", r"claim R1, field asserted.unit: "),
    "impossible date": ("as_of: 2025-12-31", "as_of: 2025-13-77", r"claim R1, field as_of: "),
    "repeated key": ("  kind: bound", "  kind: bound\n  kind: bound", r"claims.yml: .*duplicate key"),
    "T off the rule": (
        'T: "(280, inf)"',
        'T: "(200, inf)"',
        r"claim R1, field T: T and T_minor must be \(280.0, inf\)",
    ),
    "T closed where open": ('T: "(280, inf)"', 'T: "[280, inf)"', r"claim R1, field T: T and T_minor must be"),
    "T no interval": ('T: "(280, inf)"', 'T: "more"', r"claim R1, field T: 'more' is not an interval"),
    "T_minor missing": (
        'T_minor: "(252, inf)"',
        "T_minor: null",
        r"claim R1, field T_minor: T and T_minor are both given",
    ),
    "id that is no text": (
        "- id: R1",
        "- id: [R1]",
        r"claims.yml: must be a list of claims, each with an id that is text",
    ),
    "id twice": ("- id: R2", "- id: R1", r"claim R1: the id stands twice"),
    "tab": ("  kind: bound", "\tkind: bound", r"claims.yml: "),
}


@pytest.mark.parametrize(("old", "new", "message"), BAD_CLAIMS.values(), ids=BAD_CLAIMS.keys())
def test_bad_claim_is_refused_with_claim_and_field(small_data, old, new, message):
    replaced_text(small_data / "claims.yml", old, new)
    with pytest.raises(sealed.DataError, match=f"(?s){message}"):
        read_claims(small_data)


BAD_COVERAGE = {
    "unknown claim": ("claims: [F1,", "claims: [Z9, F1,", r"coverage.yml, sentence 2.1: no claim Z9"),
    "claim not at its place": (
        "sentence: 2\n    gist: Gives the category",
        "sentence: 20\n    status: opinion\n    reason: none\n    gist: Gives the category",
        r"coverage.yml: claim R1 is at sentence 1\.2, which is not listed",
    ),
    "reason missing": (
        "    status: opinion\n    reason:",
        "    status: opinion\n    gist2:",
        r"coverage.yml, sentences\.\d+\.gist2: ",
    ),
    "unknown status": ("status: opinion", "status: nonsense", r"coverage.yml, sentences\.\d+\.status: "),
    "sentence twice": ("    sentence: 2\n", "    sentence: 1\n", r"coverage.yml, sentence 0.1: stands twice"),
    "unknown chapter": ("chapter: compute}", "chapter: memory}", r"coverage.yml, system Render, field chapter: "),
}


@pytest.mark.parametrize(("old", "new", "message"), BAD_COVERAGE.values(), ids=BAD_COVERAGE.keys())
def test_bad_coverage_is_refused_with_its_place(small_data, old, new, message):
    replaced_text(small_data / "coverage.yml", old, new)
    with pytest.raises(sealed.DataError, match=message):
        read_coverage(small_data)
