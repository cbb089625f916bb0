"""What AI agents hold, what they earned, and what they did on a chain."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data import columns as c

#: Quantity -> whether it is a stock, which has a date, or a flow, which accumulates.
KIND_OF = {
    "value held": "stock",
    "token capitalisation": "stock",
    "volume": "flow",
    "revenue": "flow",
    "gains": "flow",
}
DESIGNS = ("contest", "population", "single agent", "benchmark", "backtest", "no agents")
#: Columns in which the parts of a figure may differ.
OWN_TO_A_PART = ("part", "product", "low", "value", "high", "remark")
TRIMMED = pa.Check.str_matches(r"^(\S(.*\S)?)?$", error="a text without space before or after it")


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """The figure that each row names in same_money_as, its parts added up; blank cells where none is named."""
    whole = frame.groupby("figure_id", sort=False).first()
    return whole.reindex(frame["same_money_as"]).set_axis(frame.index)


def _within(frame: pd.DataFrame) -> pd.Series:
    """Whether a row and the figure that it names are of one protocol."""
    return _named(frame)["protocol"] == frame["protocol"]


AGENT_VALUES = c.Table(
    name="agent_values",
    columns={
        "figure_id": c.text("identifier of the published figure"),
        "part": c.text("part of the figure; blank where it has one", blank=True),
        "protocol": c.text("whose agents; all for a total", c.FILLED, TRIMMED),
        "product": c.text("what was counted"),
        "chain": c.text("where it sits"),
        "on_chain": c.flag("whether it sits on a public chain"),
        "scope": c.choice("what the figure covers", ("protocol", "agent", "total")),
        "tier": c.choice("in which sense an agent has it", ("agent-held", "delegated", "ecosystem")),
        "quantity": c.choice("what was measured", KIND_OF),
        "kind": c.choice("whether it has a date or accumulates", ("stock", "flow")),
        "unit": c.choice("unit of low, value and high", ("USD",)),
        **c.span("observed", "that the date of the figure allows", "that it allows"),
        "low": c.number("lower end, where a range or a bound was published", None, c.NOT_NEGATIVE, blank=True),
        "value": c.number("the figure", None, c.NOT_NEGATIVE),
        "high": c.number("upper end, where a range was published", None, c.NOT_NEGATIVE, blank=True),
        "same_money_as": c.text("figure of the same money under another name", blank=True),
        "relation": c.choice("how the two relate", ("none", "net of", "part of")),
        "other_holder": c.text("who else holds the money, where the two are of one protocol", TRIMMED),
        "reliability": c.choice("what the source is", ("primary", "secondary", "promotional")),
        "vendor": c.flag("whether it comes from who runs or sells it"),
        "remark": c.text("what to know of it", blank=True),
        **c.SOURCED,
    },
    key=("figure_id", "part"),
)
AgentValues = Annotated[pd.DataFrame, AGENT_VALUES]


@AGENT_VALUES.rule("low on or below value, and value on or below high")
def _ordered(frame: pd.DataFrame) -> pd.Series:
    return ~(frame["low"] > frame["value"]) & ~(frame["value"] > frame["high"]) & ~(frame["low"] > frame["high"])


@AGENT_VALUES.rule(
    "a stock or a flow as its quantity is: "
    + "; ".join(f"{quantity} is a {kind}" for quantity, kind in KIND_OF.items())
)
def _kind_as_quantity(frame: pd.DataFrame) -> pd.Series:
    expected = frame["quantity"].map(KIND_OF)
    return (frame["kind"] == expected) | expected.isna()  # of an unknown quantity the column's own rule speaks


@AGENT_VALUES.rule(f"one figure: rows with its figure_id differ in more than {', '.join(OWN_TO_A_PART)}")
def _one_figure(frame: pd.DataFrame) -> pd.Series:
    shared = [name for name in frame.columns if name not in (*OWN_TO_A_PART, "figure_id")]
    different = frame.groupby("figure_id")[shared].nunique(dropna=False).gt(1).any(axis=1)
    return ~frame["figure_id"].map(different)


@AGENT_VALUES.rule("same_money_as another figure of this table exactly where relation is not none")
def _relation_of_another(frame: pd.DataFrame) -> pd.Series:
    alone = (frame["relation"] == "none") & (frame["same_money_as"] == "")
    other = frame["same_money_as"].isin(set(frame["figure_id"])) & (frame["same_money_as"] != frame["figure_id"])
    return alone | ((frame["relation"] != "none") & other)


@AGENT_VALUES.rule("same_money_as a figure that is not itself the money of another")
def _of_a_plain_figure(frame: pd.DataFrame) -> pd.Series:
    return _named(frame)["relation"].fillna("none") == "none"


@AGENT_VALUES.rule("same_money_as a figure of a protocol, with the same tier, quantity and unit")
def _of_a_like_figure(frame: pd.DataFrame) -> pd.Series:
    named = _named(frame)
    like = pd.Series(True, index=frame.index)
    for name in ("scope", "tier", "quantity", "unit", "on_chain"):
        like &= (named[name] == frame[name]) | named[name].isna()
    return like & ((frame["relation"] == "none") | (frame["scope"] == "protocol"))


@AGENT_VALUES.rule("net of a figure of its own protocol")
def _net_within(frame: pd.DataFrame) -> pd.Series:
    return (frame["relation"] != "net of") | _named(frame)["protocol"].isna() | _within(frame)


@AGENT_VALUES.rule("same_money_as a figure whose dates overlap with its own")
def _same_time(frame: pd.DataFrame) -> pd.Series:
    named = _named(frame)
    apart = (frame["observed_from"] > named["observed_to"]) | (frame["observed_to"] < named["observed_from"])
    return ~apart


@AGENT_VALUES.rule("no more than the figure in same_money_as")
def _no_more_than_the_whole(frame: pd.DataFrame) -> pd.Series:
    size = frame.groupby("figure_id")["value"].sum()
    related = frame[frame["relation"] != "none"].drop_duplicates("figure_id")
    own = related["figure_id"].map(size)
    taken = own.groupby([related["same_money_as"], related["relation"], _within(frame)[related.index]]).transform("sum")
    sums = dict(zip(related["figure_id"], taken, strict=True))
    return ~(frame["figure_id"].map(sums) > frame["same_money_as"].map(size) * (1 + 1e-9))


@AGENT_VALUES.rule("the only figure net of the one in same_money_as, without parts of it beside it")
def _one_net(frame: pd.DataFrame) -> pd.Series:
    inside = frame[_within(frame)].drop_duplicates("figure_id")
    count = inside.groupby("same_money_as")["relation"].agg(["size", lambda names: (names == "net of").sum()])
    crowded = count.index[(count.iloc[:, 1] > 1) | ((count.iloc[:, 1] == 1) & (count.iloc[:, 0] > 1))]
    return ~(frame["same_money_as"].isin(crowded) & _within(frame))


@AGENT_VALUES.rule("in one direction between two protocols")
def _one_direction(frame: pd.DataFrame) -> pd.Series:
    pairs = list(zip(frame["protocol"], _named(frame)["protocol"], strict=True))
    across = {(one, other) for one, other in pairs if isinstance(other, str) and one != other}
    return pd.Series([(other, one) not in across for one, other in pairs], index=frame.index)


@AGENT_VALUES.rule("other_holder, another than the protocol, exactly where the two are of one protocol")
def _holder_named(frame: pd.DataFrame) -> pd.Series:
    filled = frame["other_holder"] != ""
    return (filled == _within(frame)) & (frame["other_holder"] != frame["protocol"])


@AGENT_VALUES.rule("one spelling of each protocol")
def _one_spelling(frame: pd.DataFrame) -> pd.Series:
    names = pd.concat([frame["protocol"], frame["other_holder"]]).drop_duplicates()
    plain = names.str.casefold().str.replace(r"[^\w]", "", regex=True)
    doubled = set(names[plain.duplicated(keep=False)])
    return ~(frame["protocol"].isin(doubled) | frame["other_holder"].isin(doubled))


AGENT_RESULTS = c.Table(
    name="agent_results",
    columns={
        "result_id": c.text("identifier"),
        "who": c.text("who traded"),
        "design": c.choice("kind of evidence", DESIGNS),
        "strategy": c.choice("strategy, in the report's terms", ("MEV", "arbitrage", "liquidity provision", "other")),
        "on_chain": c.flag("whether it traded on a public chain"),
        "real_money": c.flag("whether money was at stake"),
        "net_of_costs": c.choice("whether costs are taken off", c.STATED),
        **c.span("record", "of the record"),
        "participants": c.number("how many it was picked from", "count", c.AT_LEAST_ONE, blank=True),
        "sample": c.number("observations behind it", "count", c.AT_LEAST_ONE, blank=True),
        "sample_of": c.text("what they are", blank=True),
        "result": c.number("the outcome", blank=True),
        "unit": c.choice("unit of result", ("none", "%", "USD")),
        "result_of": c.text("what the outcome is; blank without one", blank=True),
        "alternative": c.text("what it is compared with", blank=True),
        "human_managed": c.flag("whether the alternative is managed by people, more than mere holding"),
        "beat_alternative": c.choice("whether it did better", c.STATED),
        "information_ratio": c.number("annual, of the excess return", "per root year", blank=True),
        "vendor": c.flag("whether it comes from who runs or sells it"),
        "remark": c.text("what to know of it", blank=True),
        **c.SOURCED,
    },
)
AgentResults = Annotated[pd.DataFrame, AGENT_RESULTS]


@AGENT_RESULTS.rule("a unit, and what it is, exactly where there is a result")
def _result_said(frame: pd.DataFrame) -> pd.Series:
    given = frame["result"].notna()
    return ((frame["unit"] != "none") == given) & ((frame["result_of"] != "") == given)


AGENT_CASES = c.Table(
    name="agent_cases",
    columns={
        "case_id": c.text("identifier"),
        "framework": c.choice("framework that the agent is built with", ("Virtuals", "Autonolas", "ElizaOS")),
        "activity": c.choice("what it did", ("DeFi positions", "trades", "governing DAOs", "other")),
        "agent": c.text("which agent"),
        "chain": c.text("where"),
        "doing": c.choice("what the source shows", ("done", "described", "done by people", "not known who")),
        "shown_by": c.choice("by what", ("transaction", "contract", "independent account", "maker")),
        "through_delegate": c.flag("whether it voted with delegated power"),
        **c.span("done", "that the source allows", "that it allows"),
        "statement": c.text("what was seen, in our words"),
        "vendor": c.flag("whether the source is the maker"),
        **c.SOURCED,
    },
)
AgentCases = Annotated[pd.DataFrame, AGENT_CASES]
