"""The one description of every table: columns, types, units, constraints, references, how it was compiled.

The reader, `check`, ``datapackage.json`` and the book's data catalogue are all derived from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
import pandera.pandas as pa

VERTICALS = ("network", "compute", "data", "agents", "verifiable", "benchmark")
MEMBERSHIPS = ("core", "broad", "meme", "benchmark")
BASES = ("dated", "look-ahead")
#: Tables that a declared correction may name.
CORRECTABLE = (
    "token_prices",
    "market_prices",
    "token_supplies",
    "token_turnover",
    "published_returns",
    "zk_published",
    "zk_proofs",
    "zk_circuits",
    "machine_prices",
    "tokens",
    "sources",
)
PRODUCTS = ("token", "index", "basket", "commodity")
STATISTICS = ("gsadf", "bsadf")
MULTIPLIERS = ("rademacher", "normal")
FAMILIES = ("perceptron", "transformer")
#: How the weights enter a proof: in the circuit, hidden, hidden behind a commitment in the proof, or behind a public
#: hash. Private ones are bound to nothing: whoever proves may take any weights of the shape.
WEIGHTS = ("fixed", "private", "committed", "hashed")
#: Stages of a proof, each in a process of its own, in their order.
ZK_STAGES = {
    "settings": "settings",
    "calibrate": "calibration",
    "compile": "compiling",
    "witness": "the witness",
    "srs": "making the reference string, blank where one was at hand",
    "setup": "making both keys",
    "prove": "proving",
    "verify": "verifying",
}
#: Made on the measuring machine, which anybody could forge proofs with, or by a public ceremony.
REFERENCE_STRINGS = ("local", "ceremony")
TRIED = ("yes", "no", "not tried")
STATED = ("yes", "no", "not stated")
PRECISIONS = ("day", "month", "year")
#: Parameters of a model of GPT-2's size, from and to, in the sense of claims V1 and V2.
GPT2_PARAMS = (100e6, 200e6)
SCALES = ("smaller", "gpt2", "larger", "not stated")
PROVED = ("one_pass", "distilled", "part", "per_token", "projection", "overhead", "unfinished")
RUN_BY = ("authors", "vendor", "others")
PRICE_TYPES = ("on-demand", "spot")
CLOUDS = ("hyperscaler", "specialist")
#: Separates several source ids in one cell.
SEPARATOR = "|"
#: Bitcoin's first block: nothing in these tables is older.
FIRST_DAY = pd.Timestamp("2009-01-03")

#: Column types, by their Frictionless names, and the pandas types that they become.
DATE, NUMBER, INTEGER, TEXT, FLAG = "date", "number", "integer", "string", "boolean"
PANDAS = {DATE: "datetime64[us]", NUMBER: "float64", INTEGER: "int64", FLAG: "bool", TEXT: "str"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table and all that is known of it.

    Attributes
    ----------
    name : str
        File name without ending.
    title, description : str
        What it holds, in a phrase and in a sentence or two.
    rules : tuple of str
        How it was compiled from the sources, precise enough to be done again.
    schema : pandera.DataFrameSchema
        Columns with type, unit, description and constraints; `schema.unique` is the primary key.
    references : mapping
        Column -> (other table, its column): every value (every part, for cells that hold several) must occur there.
    licence : str
        Remark on rights.
    """

    name: str
    title: str
    description: str
    rules: tuple[str, ...]
    schema: pa.DataFrameSchema
    references: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    licence: str = "Facts compiled from public sources; licences as stated by each source are in the table of sources."


def column(
    kind: str, description: str, *checks: pa.Check, unit: str | None = None, nullable: bool = False
) -> pa.Column:
    """A pandera column with its type, description and unit; dates must lie between Bitcoin's first block and today.

    Examples
    --------
    >>> column(NUMBER, "closing price", unit="USD").metadata
    {'type': 'number', 'unit': 'USD'}
    """
    if kind == DATE:
        today = pd.Timestamp.now(tz="UTC").tz_localize(None).normalize()
        checks = (pa.Check.in_range(FIRST_DAY, today, error=f"a date from {FIRST_DAY:%Y-%m-%d} to today"), *checks)
    metadata = {"type": kind, "unit": unit}
    # pandera knows dates only in nanoseconds, which end in 2262, and text by its storage; the reader types both
    dtype = None if kind in (DATE, TEXT) else PANDAS[kind]
    return pa.Column(dtype, checks=list(checks), nullable=nullable, description=description, metadata=metadata)


def choice(options: tuple[str, ...]) -> pa.Check:
    """One of the given options.

    Examples
    --------
    >>> choice(("a", "b")).error
    'one of a, b'
    """
    return pa.Check.isin(options, error=f"one of {', '.join(options)}")


POSITIVE = pa.Check.gt(0, error="greater than 0")
FILLED = pa.Check.str_length(min_value=1, error="a text that is not empty")
NOT_NEGATIVE = pa.Check.ge(0, error="0 or more")
PRICE = pa.Check.in_range(1e-12, 1e9, error="greater than 0 and a price (1e-12 to 1e9)")
SHARE = pa.Check.in_range(0, 1, include_max=False, error="0 or more and below 1")
AT_LEAST_ONE = pa.Check.ge(1, error="1 or more")
INSTANT = pa.Check.str_matches(
    r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+00:00$", error="an instant YYYY-MM-DDThh:mm:ss+00:00"
)


def _sources_counted(frame: pd.DataFrame) -> pd.Series:
    return frame["source_ids"].str.count(rf"\{SEPARATOR}") + 1 == frame["n_sources"]


def _spread_iff_several(frame: pd.DataFrame) -> pd.Series:
    return frame["relative_spread"].isna() == (frame["n_sources"] == 1)


def _in_order(first: str, last: str) -> pa.Check:
    return pa.Check(
        lambda frame: ~(frame[first] > frame[last]),
        error=f"{first} on or before {last}",
        name=f"{first}_before_{last}",
    )


TOKEN_PRICES = Table(
    name="token_prices",
    title="Consensus closes of AI and benchmark tokens",
    description="One row per UTC day and token: the median close over the independent sources that had one that day.",
    rules=(
        "Close: last price of the UTC day. Sources that stamp the next midnight are dated one day back.",
        "Sources that copy one feed count once: coingecko_tr before coingecko_ng, binance_perp before its one-minute "
        "copy, Yahoo before CoinMarketCap's own snapshots (Yahoo shows CoinMarketCap's closes).",
        "close_usd is the median over feeds, to ten significant digits; relative_spread is the largest relative "
        "distance of a feed from it, and blank, not zero, where there was one feed.",
        "CoinGecko's first tick is dropped where it repeats the second (it does for 5 tokens).",
        "Prices derived from a market cap and intraday snapshots are left out. Nothing is interpolated.",
        "USDT quotations are taken as USD: the sources quoted in USDT and in USD differ by 0.1 % in the median.",
    ),
    schema=pa.DataFrameSchema(
        {
            "date": column(DATE, "UTC day of the close"),
            "symbol": column(TEXT, "token", FILLED),
            "close_usd": column(NUMBER, "median close over independent sources", PRICE, unit="USD"),
            "n_sources": column(INTEGER, "independent sources with a close that day", AT_LEAST_ONE, unit="count"),
            "relative_spread": column(
                NUMBER,
                "largest relative distance of a source from close_usd",
                SHARE,
                unit="fraction",
                nullable=True,
            ),
            "source_ids": column(TEXT, f"the sources, separated by {SEPARATOR}", FILLED),
        },
        checks=[
            pa.Check(_sources_counted, error="as many source_ids as n_sources", name="sources_counted"),
            pa.Check(_spread_iff_several, error="relative_spread blank exactly where n_sources is 1", name="spread"),
        ],
        unique=["date", "symbol"],
        strict=True,
    ),
    references={"symbol": ("tokens", "symbol"), "source_ids": ("sources", "source_id")},
    licence="Facts compiled from public sources; licences as stated by each source are in the table of sources. "
    "Rows with coinmetrics_csv in source_ids: CC BY-NC 4.0.",
)

MARKET_PRICES = Table(
    name="market_prices",
    title="Closes of the rest of the market",
    description="Daily closes of every other perpetual contract of one venue that was still trading on 2026-03-19.",
    rules=(
        "All contracts of the venue's file except those of symbols in the table of tokens.",
        "Survivors only: contracts delisted before 2026-03-19 are absent, so that returns from it are biased upward.",
        "product marks what is not a token: BTCDOM is an index, ALL a basket of all contracts, PAXG follows gold. "
        "A prefix such as 1000 in a symbol is the number of tokens in one contract unit; returns do not depend on it.",
    ),
    schema=pa.DataFrameSchema(
        {
            "date": column(DATE, "UTC day of the close"),
            "symbol": column(TEXT, "contract without its USDT ending", FILLED),
            "close_usd": column(NUMBER, "last trade of the UTC day, in USDT taken as USD", PRICE, unit="USD"),
            "product": column(TEXT, "what the contract follows", choice(PRODUCTS)),
            "source_id": column(TEXT, "source", FILLED),
        },
        unique=["date", "symbol"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
)

TOKENS = Table(
    name="tokens",
    title="Tokens",
    description="Every token that the book uses or misses, with its vertical and its membership in the category.",
    rules=(
        "core: AI is the stated purpose (compute for AI, data for AI, agents, models, or proofs of them). "
        "broad: AI is one use among others, or the link is contested. meme: a meme token with an AI theme. "
        "benchmark: a large coin outside AI. The reason stands on the row; the judgement is ours.",
        "first_observed and last_observed are the first and last day in token_prices, not the listing date.",
        "A migration carries the earliest and latest day on which it can have taken place.",
    ),
    schema=pa.DataFrameSchema(
        {
            "symbol": column(TEXT, "ticker used in this book", FILLED),
            "name": column(TEXT, "project", FILLED),
            "vertical": column(TEXT, "part of the market", choice(VERTICALS)),
            "membership": column(TEXT, "membership in the category", choice(MEMBERSHIPS)),
            "membership_reason": column(TEXT, "why", FILLED),
            "has_series": column(FLAG, "whether token_prices holds any close of it"),
            "first_observed": column(DATE, "first day with a close", nullable=True),
            "last_observed": column(DATE, "last day with a close", nullable=True),
            "migrated_to": column(TEXT, "successor token"),
            "migration_ratio": column(
                NUMBER, "successor tokens per old token", POSITIVE, unit="tokens per token", nullable=True
            ),
            "migration_earliest": column(DATE, "earliest day of the migration", nullable=True),
            "migration_latest": column(DATE, "latest day of the migration", nullable=True),
            "coingecko_id": column(TEXT, "identifier at CoinGecko, where known"),
            "source_id": column(TEXT, "source", FILLED),
        },
        checks=[_in_order("first_observed", "last_observed"), _in_order("migration_earliest", "migration_latest")],
        unique=["symbol"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
    licence="Own compilation, CC BY 4.0.",
)

SOURCES = Table(
    name="sources",
    title="Sources",
    description="Where each observation comes from, at which version, under which licence as stated there.",
    rules=("feed is the same for sources that carry the same observations; a feed counts once in a consensus.",),
    schema=pa.DataFrameSchema(
        {
            "source_id": column(TEXT, "identifier used in the other tables", FILLED),
            "feed": column(TEXT, "independent feed that it carries", FILLED),
            "title": column(TEXT, "what it is", FILLED),
            "address": column(TEXT, "where it is"),
            "path": column(TEXT, "file inside it"),
            "commit": column(TEXT, "version"),
            "licence_as_stated": column(TEXT, "licence as the source states it", FILLED),
            "first_observed": column(DATE, "first day used", nullable=True),
            "last_observed": column(DATE, "last day used", nullable=True),
            "retrieved": column(DATE, "day of retrieval"),
            "remarks": column(TEXT, "what to know before using it"),
        },
        checks=[_in_order("first_observed", "last_observed")],
        unique=["source_id"],
        strict=True,
    ),
    licence="Own compilation, CC BY 4.0.",
)

CORRECTIONS = Table(
    name="corrections",
    title="Declared corrections",
    description="Bad observations that are kept in their table and corrected on reading.",
    rules=(
        "row names the key, as in 'date=2023-03-04; symbol=TAO'. A blank corrected value drops the row.",
        "Guard: where the table no longer says what source_said says, reading fails: the source may have been mended.",
    ),
    schema=pa.DataFrameSchema(
        {
            "correction_id": column(TEXT, "identifier", FILLED),
            "table": column(TEXT, "table corrected", choice(CORRECTABLE)),
            "row": column(
                TEXT, "key of the row", pa.Check.str_matches(r"^\w+=[^;]+(; \w+=[^;]+)*$", error="key=value; key=value")
            ),
            "column": column(TEXT, "column corrected", FILLED),
            "source_said": column(TEXT, "value in the table", FILLED),
            "corrected": column(TEXT, "value used instead; blank drops the row"),
            "reason": column(TEXT, "why", FILLED),
            "source_id": column(TEXT, "source", FILLED),
            "declared_on": column(DATE, "day of the declaration"),
        },
        unique=["correction_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
    licence="Own compilation, CC BY 4.0.",
)

TOKEN_SUPPLIES = Table(
    name="token_supplies",
    title="Circulating supply of tokens",
    description="Dated circulating supplies, for weights without look-ahead and for dilution, and one later snapshot.",
    rules=(
        "dated: CoinMarketCap's monthly snapshots (first of the month, top 200) before its weekly ones (Mondays, top "
        "100); rows are matched by symbol and name, since tickers repeat; RNDR counts as RENDER.",
        "look-ahead: one CoinGecko snapshot of March to May 2026 per token, for days without a dated supply; a "
        "weight from it looks ahead and every result that uses it says so.",
        "Known conflicts between sources: VIRTUAL on 2025-01-01 (1,000 million here, about 656 million elsewhere) and "
        "GRASS.",
    ),
    schema=pa.DataFrameSchema(
        {
            "date": column(DATE, "day of the snapshot"),
            "symbol": column(TEXT, "token", FILLED),
            "circulating_supply": column(NUMBER, "tokens in circulation", POSITIVE, unit="tokens"),
            "basis": column(TEXT, "whether it was known at the time", choice(BASES)),
            "source_id": column(TEXT, "source", FILLED),
        },
        unique=["date", "symbol"],
        strict=True,
    ),
    references={"symbol": ("tokens", "symbol"), "source_id": ("sources", "source_id")},
)

TOKEN_TURNOVER = Table(
    name="token_turnover",
    title="Daily turnover of AI tokens, each on one venue",
    description="Traded value per UTC day on one perpetual venue per token, November 2024 to January 2026.",
    rules=(
        "One venue per token, so that a change of venue is no jump: the one with a value on 2024-12-31, binance_perp "
        "before bybit_perp.",
        "It is that venue's turnover, not the market's: AGI, AIOZ, ATH and CARV are of the smaller venue, whose series "
        "ends on 2025-11-12, so that they are underweighted; tokens on no venue have none.",
    ),
    schema=pa.DataFrameSchema(
        {
            "date": column(DATE, "UTC day"),
            "symbol": column(TEXT, "token", FILLED),
            "turnover_usd": column(NUMBER, "value traded, USDT taken as USD", POSITIVE, unit="USD per day"),
            "source_id": column(TEXT, "source", FILLED),
        },
        unique=["date", "symbol"],
        strict=True,
    ),
    references={"symbol": ("tokens", "symbol"), "source_id": ("sources", "source_id")},
)

PUBLISHED_RETURNS = Table(
    name="published_returns",
    title="Returns that others published",
    description="What others said that categories and tokens returned, with period and method where they are known.",
    rules=("A single figure stands in both low_pct and high_pct. Most figures come through secondary copies.",),
    schema=pa.DataFrameSchema(
        {
            "published_id": column(TEXT, "identifier", FILLED),
            "publisher": column(TEXT, "who said it", FILLED),
            "subject": column(TEXT, "of what", FILLED),
            "quantity": column(TEXT, "kind of figure", FILLED),
            "low_pct": column(NUMBER, "figure, or lower end of a range", unit="%"),
            "high_pct": column(NUMBER, "figure, or upper end of a range", unit="%"),
            "period_start": column(DATE, "last day before the period"),
            "period_end": column(DATE, "last day of the period"),
            "address": column(TEXT, "where it was read", FILLED),
            "remark": column(TEXT, "method, as far as it is known"),
            "source_id": column(TEXT, "source", FILLED),
        },
        checks=[_in_order("low_pct", "high_pct"), _in_order("period_start", "period_end")],
        unique=["published_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
    licence="Own compilation, CC BY 4.0.",
)

GSADF_CRITICAL_VALUES = Table(
    name="gsadf_critical_values",
    title="Critical values of the test for explosive episodes",
    description="Wild-bootstrap quantiles of GSADF and BSADF for the weekly logarithm of the core category's index.",
    rules=(
        "Made by the function in the column simulator with the seed and the number of simulations on the row; the same "
        "call gives the same values.",
        "The index is equal-weighted over the core tokens then observed, rebalanced monthly, at the ends of the weeks "
        "from 2023-01-01 to 2026-03-15.",
        "A wild bootstrap multiplies each weekly change by a draw, here +1 or -1, so the values belong to this one "
        "series: where observations, last week or rms_change differ, they are simulated afresh.",
        "bsadf: pointwise, by the last week of the windows. gsadf: of the largest over all weeks, dated on the last.",
    ),
    schema=pa.DataFrameSchema(
        {
            "statistic": column(TEXT, "statistic", choice(STATISTICS)),
            "date": column(DATE, "end of the last week of its windows"),
            "level": column(NUMBER, "share of the simulated values at or below", POSITIVE, unit="fraction"),
            "critical_value": column(NUMBER, "quantile of the statistic"),
            "simulator": column(TEXT, "function that made it", FILLED),
            "multiplier": column(TEXT, "draws that the weekly changes are multiplied by", choice(MULTIPLIERS)),
            "simulations": column(INTEGER, "simulated series", AT_LEAST_ONE, unit="count"),
            "seed": column(INTEGER, "seed of the random numbers", NOT_NEGATIVE),
            "observations": column(INTEGER, "weeks in the series, T", AT_LEAST_ONE, unit="weeks"),
            "minimum_window": column(INTEGER, "smallest window", AT_LEAST_ONE, unit="weeks"),
            "r0": column(NUMBER, "smallest window as a share of T, before rounding down", POSITIVE, unit="fraction"),
            "rms_change": column(
                NUMBER, "root mean square of the series' weekly changes of the logarithm", POSITIVE, unit="fraction"
            ),
        },
        unique=["statistic", "date", "level"],
        strict=True,
    ),
    licence="Own computation, CC BY 4.0.",
)


def _scale_fits(frame: pd.DataFrame) -> pd.Series:
    low, high = GPT2_PARAMS
    params = frame["params"]
    scale = params.where(params.isna(), "gpt2").mask(params < low, "smaller").mask(params > high, "larger")
    return scale.fillna("not stated") == frame["scale"]


def _prefix(low: str, value: str, high: str) -> pa.Check:
    return pa.Check(
        lambda frame: ~((frame[low] > frame[value]) | (frame[value] > frame[high])),
        error=f"{low} <= {value} <= {high}",
        name=f"{value}_in_its_precision",
    )


def _of_stages() -> dict[str, pa.Column]:
    """Seconds, processor seconds and peak memory of every stage; blank where one was not recorded."""
    always = ("setup_s", "prove_s", "verify_s", "prove_cpu_s")
    kinds = {"s": ("wall time", "s"), "cpu_s": ("processor time", "s"), "peak_gib": ("peak memory", "GiB")}
    columns = {}
    for suffix, (what, unit) in kinds.items():
        for stage, doing in ZK_STAGES.items():
            name = f"{stage}_{suffix}"
            rule = NOT_NEGATIVE if suffix == "s" and name not in always else POSITIVE
            columns[name] = column(NUMBER, f"{what}: {doing}", rule, unit=unit, nullable=name not in always)
    return columns


ZK_PROOFS = Table(
    name="zk_proofs",
    title="Proofs that we made and verified",
    description="One row per proof of a network's inference made with EZKL, with the time of every stage.",
    rules=(
        "Written by `python -m analysis measure-zkml`; rows of source zk_ladder_recorded are of an earlier ladder on "
        "one shared machine, which tried no tampering and recorded processor time and memory of few stages.",
        "Every stage runs in a process of its own: seconds are wall time, cpu_s user and system time of all threads, "
        "peak_gib the largest resident memory. Wall times of a shared machine vary twofold; processor time repeats "
        "within about 10 %.",
        "prove_s includes loading the proving key. The reference string is made locally, which is for measuring only.",
        "weights: fixed in the circuit; private, bound to nothing, so that one key serves all weights; committed, "
        "which is private with a commitment to them in the proof; hashed, which is private behind a public hash.",
        "A tampered proof or output counts as rejected where no altered copy was accepted and at least one was read "
        "and refused, not merely unreadable.",
        "inference_1thread_s and inference_2threads_s are medians of up to 2,000 runs within a second.",
    ),
    schema=pa.DataFrameSchema(
        {
            "run_id": column(TEXT, "identifier: model, variant, repeat", FILLED),
            "model": column(TEXT, "family and shape: widths of the layers, or T tokens, d width, h heads", FILLED),
            "family": column(TEXT, "kind of network", choice(FAMILIES)),
            "params": column(INTEGER, "parameters", AT_LEAST_ONE, unit="count"),
            "macs": column(INTEGER, "multiply-accumulates of one inference", AT_LEAST_ONE, unit="count"),
            "tokens": column(INTEGER, "positions of the input; 1 for a perceptron", AT_LEAST_ONE, unit="count"),
            "repeat": column(INTEGER, "which repeat of the same circuit", NOT_NEGATIVE),
            "scale": column(INTEGER, "bits of the fixed-point numbers", NOT_NEGATIVE, unit="bits"),
            "inner_columns": column(INTEGER, "columns of the main gate", AT_LEAST_ONE, unit="count"),
            "weights": column(TEXT, "how the weights enter", choice(WEIGHTS)),
            "freivalds": column(FLAG, "whether matrix products are checked at a random point"),
            "threads": column(INTEGER, "threads of the prover", AT_LEAST_ONE, unit="count"),
            "decomp_base": column(INTEGER, "base in which values are decomposed for range checks", AT_LEAST_ONE),
            "decomp_legs": column(INTEGER, "digits of that decomposition", AT_LEAST_ONE, unit="count"),
            "k": column(INTEGER, "binary logarithm of the circuit's rows", AT_LEAST_ONE),
            "rows": column(INTEGER, "rows in use", AT_LEAST_ONE, unit="count"),
            "assignments": column(INTEGER, "assigned cells", AT_LEAST_ONE, unit="count"),
            "constants": column(INTEGER, "constants", NOT_NEGATIVE, unit="count"),
            "lookup_low": column(INTEGER, "lower end of the lookup range"),
            "lookup_high": column(INTEGER, "upper end of the lookup range"),
            "srs": column(TEXT, "where the reference string is from", choice(REFERENCE_STRINGS)),
            **_of_stages(),
            "verified": column(FLAG, "whether the proof was accepted"),
            "tampered_proof_rejected": column(TEXT, "whether an altered proof was refused", choice(TRIED)),
            "tampered_output_rejected": column(TEXT, "whether an altered output was refused", choice(TRIED)),
            "proof_bytes": column(INTEGER, "size of the proof", AT_LEAST_ONE, unit="bytes"),
            "pk_bytes": column(INTEGER, "size of the proving key", AT_LEAST_ONE, unit="bytes"),
            "vk_bytes": column(INTEGER, "size of the verifying key", AT_LEAST_ONE, unit="bytes"),
            "inference_1thread_s": column(
                NUMBER, "the same inference without proof, one thread", POSITIVE, unit="s", nullable=True
            ),
            "inference_2threads_s": column(NUMBER, "and on two threads", POSITIVE, unit="s", nullable=True),
            "max_abs_error": column(
                NUMBER, "largest difference of the proved output from the plain one", NOT_NEGATIVE, nullable=True
            ),
            "processor": column(TEXT, "processor of the machine", FILLED),
            "cores": column(INTEGER, "processors that it shows", AT_LEAST_ONE, unit="count"),
            "memory_gib": column(NUMBER, "its memory", POSITIVE, unit="GiB"),
            "versions": column(TEXT, "libraries and their versions", FILLED),
            "measured_at": column(TEXT, "end of the measurement, UTC", INSTANT),
            "source_id": column(TEXT, "source", FILLED),
        },
        unique=["run_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
    licence="Own measurement, CC BY 4.0.",
)

ZK_CIRCUITS = Table(
    name="zk_circuits",
    title="Circuits that were compiled, not proved",
    description="Rows of transformer circuits up to two blocks of GPT-2's width, from settings and calibration alone.",
    rules=(
        "EZKL, scale 7, two inner columns, calibrated for resources; `python -m analysis measure-zkml --only rows` "
        "writes such a table.",
        "The input is a vector for each token. A network whose name ends in v and a number has an output layer of so "
        "many outputs, without bias, behind the last normalisation; the others end there.",
        "k is what calibration chose; the default decomposition puts a floor of 15 under it.",
    ),
    schema=pa.DataFrameSchema(
        {
            "run_id": column(TEXT, "identifier: model, configuration, repeat", FILLED),
            "model": column(
                TEXT, "shape: T tokens, d width, h heads, L blocks (one where not said), v outputs", FILLED
            ),
            "family": column(TEXT, "kind of network", choice(FAMILIES)),
            "params": column(INTEGER, "parameters", AT_LEAST_ONE, unit="count"),
            "macs": column(INTEGER, "multiply-accumulates of one inference", AT_LEAST_ONE, unit="count"),
            "tokens": column(INTEGER, "positions of the input", AT_LEAST_ONE, unit="count"),
            "weights": column(TEXT, "how the weights enter", choice(WEIGHTS)),
            "decomp_base": column(INTEGER, "base in which values are decomposed for range checks", AT_LEAST_ONE),
            "decomp_legs": column(INTEGER, "digits of that decomposition", AT_LEAST_ONE, unit="count"),
            "k": column(INTEGER, "binary logarithm of the circuit's rows", AT_LEAST_ONE),
            "rows": column(INTEGER, "rows in use", AT_LEAST_ONE, unit="count"),
            "assignments": column(INTEGER, "assigned cells", AT_LEAST_ONE, unit="count"),
            "constants": column(INTEGER, "constants", NOT_NEGATIVE, unit="count"),
            "dynamic_lookups": column(INTEGER, "dynamic lookups", NOT_NEGATIVE, unit="count"),
            "shuffles": column(INTEGER, "shuffles", NOT_NEGATIVE, unit="count"),
            "settings_s": column(NUMBER, "settings", NOT_NEGATIVE, unit="s"),
            "calibrate_s": column(NUMBER, "calibration", NOT_NEGATIVE, unit="s"),
            "peak_gib": column(NUMBER, "peak memory", POSITIVE, unit="GiB"),
            "versions": column(TEXT, "libraries and their versions", FILLED),
            "source_id": column(TEXT, "source", FILLED),
        },
        unique=["run_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
    licence="Own measurement, CC BY 4.0.",
)

ZK_INFERENCE = Table(
    name="zk_inference",
    title="Plain inference of GPT-2's shape, measured here",
    description="One row per run of a network of GPT-2's exact shape with random weights, without any proof.",
    rules=(
        "At least 20 runs of each input length and number of threads after 3 that are not counted, as "
        "`python -m analysis measure-zkml --only inference` makes 30; every run of both sessions is kept.",
        "V3 rests on the session of least mean load: wall time of an overloaded machine is not the inference's.",
        "onnxruntime on the processor, float32, all logits of all positions; the embedding and the output layer are "
        "part of it. Where the graph departs from GPT-2 (quick-GELU) it costs no more.",
        "Other programs ran on the machine: load is the mean number of runnable processes over the last minute, our "
        "own among them; processor time is less disturbed than wall time.",
    ),
    schema=pa.DataFrameSchema(
        {
            "run_id": column(TEXT, "identifier: network, session, threads, run", FILLED),
            "session": column(INTEGER, "which session", AT_LEAST_ONE),
            "model": column(TEXT, "shape: T tokens, d width, h heads, L blocks, v vocabulary, c context", FILLED),
            "params": column(INTEGER, "parameters", AT_LEAST_ONE, unit="count"),
            "tokens": column(INTEGER, "positions of the input", AT_LEAST_ONE, unit="count"),
            "threads": column(INTEGER, "processor threads", AT_LEAST_ONE, unit="count"),
            "run": column(INTEGER, "which run", AT_LEAST_ONE),
            "seconds": column(NUMBER, "wall time of one inference", POSITIVE, unit="s"),
            "cpu_seconds": column(NUMBER, "processor time of one inference", NOT_NEGATIVE, unit="s"),
            "load": column(NUMBER, "load of the machine, last minute", NOT_NEGATIVE, unit="processes"),
            "measured_at": column(TEXT, "end of the run, UTC", INSTANT),
            "processor": column(TEXT, "processor of the machine", FILLED),
            "cores": column(INTEGER, "processors that it shows", AT_LEAST_ONE, unit="count"),
            "memory_gib": column(NUMBER, "its memory", POSITIVE, unit="GiB"),
            "versions": column(TEXT, "libraries and their versions", FILLED),
            "source_id": column(TEXT, "source", FILLED),
        },
        unique=["run_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
    licence="Own measurement, CC BY 4.0.",
)

ZK_PUBLISHED = Table(
    name="zk_published",
    title="Proving times that others published",
    description="One row per published result: system, model, what was proved, seconds, and the machine as stated.",
    rules=(
        "Most figures come through secondary transcriptions; sentences of the sources were left. What a source does "
        "not say is blank or 'not stated'.",
        "published_on is the first day of what published_precision says. A re-run by others has the date of its own "
        "publication.",
        "what is our reading. one_pass: one complete forward pass in one proof, of as many tokens as stated; "
        "distilled: the same of a distilled model; part: a part of a model; per_token: an average over a long "
        "sequence; projection: estimated or partly so; overhead: a ratio without a time; unfinished: it failed before.",
        "prove_low_s and prove_high_s hold what the stated digits allow, half a unit of the last on each side.",
        "derived marks times that follow from two stated figures, such as a speed-up and a time; the remark tells.",
        "vcpus, memory_gb, gpu_model and gpus are of the machine as stated: threads or cores as vcpus, the size of a "
        "named instance by its type. peak_gb is what the prover is said to have used.",
        "by: authors of the system, a vendor of it, or others who ran or cite it.",
        "scale: gpt2 from 100 to 200 million parameters, by params.",
    ),
    schema=pa.DataFrameSchema(
        {
            "published_id": column(TEXT, "identifier", FILLED),
            "system": column(TEXT, "proving system", FILLED),
            "by": column(TEXT, "who published it", choice(RUN_BY)),
            "published_on": column(DATE, "publication, to the precision of the next column"),
            "published_precision": column(TEXT, "how far the date is known", choice(PRECISIONS)),
            "model": column(TEXT, "network", FILLED),
            "transformer": column(TEXT, "whether the network is a transformer", choice(STATED)),
            "params": column(NUMBER, "parameters", POSITIVE, unit="count", nullable=True),
            "macs": column(NUMBER, "multiply-accumulates of one inference", POSITIVE, unit="count", nullable=True),
            "scale": column(TEXT, "size beside GPT-2", choice(SCALES)),
            "what": column(TEXT, "what was proved", choice(PROVED)),
            "tokens": column(NUMBER, "positions of the input in one proof", AT_LEAST_ONE, unit="count", nullable=True),
            "derived": column(FLAG, "whether the time follows from other stated figures"),
            "prove_s": column(NUMBER, "proving", POSITIVE, unit="s", nullable=True),
            "prove_low_s": column(NUMBER, "least that the stated digits allow", POSITIVE, unit="s", nullable=True),
            "prove_high_s": column(NUMBER, "most that they allow", POSITIVE, unit="s", nullable=True),
            "verify_s": column(NUMBER, "verifying", POSITIVE, unit="s", nullable=True),
            "proof_bytes": column(NUMBER, "size of the proof", POSITIVE, unit="bytes", nullable=True),
            "cost_usd": column(NUMBER, "cost as its publisher states it", POSITIVE, unit="USD", nullable=True),
            "overhead_low": column(NUMBER, "stated overhead, lower end", POSITIVE, unit="ratio", nullable=True),
            "overhead_high": column(NUMBER, "stated overhead, upper end", POSITIVE, unit="ratio", nullable=True),
            "hardware": column(TEXT, "machine as stated", FILLED),
            "vcpus": column(NUMBER, "its processors", POSITIVE, unit="count", nullable=True),
            "memory_gb": column(NUMBER, "its memory", POSITIVE, unit="GB", nullable=True),
            "gpu_model": column(TEXT, "its GPU"),
            "gpus": column(NUMBER, "GPUs", POSITIVE, unit="count", nullable=True),
            "peak_gb": column(NUMBER, "memory that the prover used", POSITIVE, unit="GB", nullable=True),
            "hides_weights": column(TEXT, "whether the proof hides the weights", choice(STATED)),
            "tampering_refused": column(TEXT, "whether an altered proof or output was refused", choice(STATED)),
            "interactive": column(TEXT, "whether the verifier takes part in the proof", choice(STATED)),
            "remark": column(TEXT, "what to know before using it"),
            "source_id": column(TEXT, "source", FILLED),
        },
        checks=[
            pa.Check(_scale_fits, error="the scale that params give", name="scale_fits"),
            _prefix("prove_low_s", "prove_s", "prove_high_s"),
            _in_order("overhead_low", "overhead_high"),
        ],
        unique=["published_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
)

MACHINE_PRICES = Table(
    name="machine_prices",
    title="Prices of rented machines",
    description="List prices per hour of whole instances of clouds, in US regions where the region is known.",
    rules=(
        "Hyperscalers, GPU instances, on demand: AWS us-east-1, Azure in eight US regions, Google Cloud in us-central1 "
        "and us-east4, at the last date before, the nearest and the next after 2026-01-22 that the sources have; none "
        "of Azure lies between 2025-06-03 and 2026-04-02.",
        "Hyperscalers, without GPU: AWS us-east-1 on 2026-01-19 alone, x86 families c5a to x2iedn without local disk, "
        "metal and burstable ones; processors and memory by the instance type. Azure and Google Cloud have none here.",
        "Spot: Google Cloud on the same dates; AWS by availability zone, undated.",
        "Specialist clouds: earliest observation of each machine, July or August 2026; they state no processors, "
        "memory or region.",
        "gpu_model is 'none' where gpus is 0. A blank is not known.",
    ),
    schema=pa.DataFrameSchema(
        {
            "provider": column(TEXT, "who rents it out", FILLED),
            "kind": column(TEXT, "kind of cloud", choice(CLOUDS)),
            "instance": column(TEXT, "instance type"),
            "region": column(TEXT, "region, or zone for a spot price"),
            "price_type": column(TEXT, "kind of price", choice(PRICE_TYPES)),
            "observed_on": column(DATE, "day of the price; blank where it is undated", nullable=True),
            "vcpus": column(NUMBER, "virtual processors", POSITIVE, unit="count", nullable=True),
            "memory_gib": column(NUMBER, "memory", POSITIVE, unit="GiB", nullable=True),
            "gpu_model": column(TEXT, "GPU, with its memory and form", FILLED),
            "gpus": column(NUMBER, "GPUs", NOT_NEGATIVE, unit="count"),
            "usd_per_hour": column(NUMBER, "price of the whole instance", POSITIVE, unit="USD per hour"),
            "remark": column(TEXT, "what to know before using it"),
            "source_id": column(TEXT, "source", FILLED),
        },
        unique=[
            "provider",
            "instance",
            "region",
            "price_type",
            "observed_on",
            "gpu_model",
            "gpus",
            "source_id",
        ],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
)

_ALL = (
    TOKEN_PRICES,
    MARKET_PRICES,
    TOKEN_SUPPLIES,
    TOKEN_TURNOVER,
    PUBLISHED_RETURNS,
    GSADF_CRITICAL_VALUES,
    ZK_PROOFS,
    ZK_CIRCUITS,
    ZK_INFERENCE,
    ZK_PUBLISHED,
    MACHINE_PRICES,
    TOKENS,
    SOURCES,
    CORRECTIONS,
)
TABLES: dict[str, Table] = {table.name: table for table in _ALL}


def read_with(name: str) -> tuple[str, ...]:
    """Tables that reading a table reads: itself, what it refers to, and the declared corrections.

    Examples
    --------
    >>> read_with("tokens")
    ('corrections', 'sources', 'tokens')
    """
    found, waiting = set(), [name, "corrections"]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [other for other, _ in TABLES[name].references.values()]
    return tuple(sorted(found))
