"""Data marketplaces: what they earn and have, by which rules they pay, what was seen of them, priced comparables."""

from typing import Annotated

import pandas as pd

from analysis.engine.data import columns as c

PROJECTS = ("Ocean Protocol", "Grass", "Vana")
#: A stock is held on a day, a flow adds up over a period, a parameter is written in a rule.
STOCK, FLOW, PARAMETER = KINDS = ("stock", "flow", "parameter")
#: What was observed -> its unit and its kind.
METRICS = {
    "active_nodes": ("nodes", STOCK),
    "browser_extensions": ("nodes", STOCK),
    "users": ("users", STOCK),
    "revenue": ("USD", FLOW),
    "revenue_per_year": ("USD per year", FLOW),
    "traffic": ("TB", FLOW),
    "market_cap": ("USD", STOCK),
    "fully_diluted_value": ("USD", STOCK),
    "circulating_supply": ("tokens", STOCK),
    "maximum_supply": ("tokens", STOCK),
    "tokens_staked": ("tokens", STOCK),
    "tokens_locked": ("tokens", STOCK),
    "tokens_not_converted": ("tokens", STOCK),
    "staking_yield": ("share per year", FLOW),
    "tokens_to_contributors": ("tokens", FLOW),
    "token_rewards": ("tokens", FLOW),
    "funding": ("USD", FLOW),
    "transactions": ("transactions", FLOW),
    "weight_access_fees": ("share", PARAMETER),
    "weight_token_volume": ("share", PARAMETER),
    "weight_contributors": ("share", PARAMETER),
    "fees_to_pool": ("share", PARAMETER),
    "reward_pool_floor": ("share of supply per year", PARAMETER),
    "reward_pool_cap": ("share of supply per year", PARAMETER),
}
UNITS = {metric: unit for metric, (unit, _) in METRICS.items()}
KIND_OF = {metric: kind for metric, (_, kind) in METRICS.items()}
#: What rows with one figure_id differ in: they are parts of that figure.
OWN_TO_A_PART = ("part", "value", "low", "high", "remark")
#: Who says it: the project itself, somebody who holds its token or promotes it, anybody else.
BY = ("project", "holder", "others")
RELIABILITIES = ("primary", "analyst", "secondary", "tertiary", "promotional", "estimate")
#: Where a payment to contributors comes from.
PAYERS = ("buyers", "emissions", "both", "not stated")
#: Stands for a payer on rows that are not on payment.
NO_PAYMENT = "not a payment"
#: Whether a rule is proposed or in use, or a payment was made.
DRAFT, ADOPTED, PAYMENT = STATUSES = ("draft", "adopted", "payment")
#: How payment goes with contribution.
PROPORTIONS = ("in proportion", "rising", "by something else", "not stated")
DEAL_KINDS = (
    "licence",
    "licence revenue",
    "unit price",
    "proxy",
    "datacentre proxy",
    "supplier payment",
    "record price",
    "crawl cost",
    "settlement",
    "funding",
    "company revenue",
)
DEAL_UNITS = (
    "USD per year",
    "USD in total",
    "USD in the period",
    "USD per GB",
    "USD per image",
    "USD per video",
    "USD per hour of film",
    "USD per minute of video",
    "USD per word",
    "USD per 1000 records",
    "USD per 1000 pages",
)
#: Kinds of deals that are priced by volume carried.
PER_GB = ("proxy", "datacentre proxy", "supplier payment")

DATES = c.dated("that the date allows, or of the period", calendar=True)


MARKETPLACE_FIGURES = c.Table(
    name="marketplace_figures",
    columns={
        "figure_id": c.text("identifier of the published figure"),
        "part": c.text("part of the figure; blank where it has one", blank=True),
        "project": c.choice("marketplace", PROJECTS),
        "metric": c.choice("what was observed", METRICS),
        **DATES,
        **c.figure(
            UNITS,
            c.within([metric for metric, unit in UNITS.items() if unit.startswith("share")], 0, 1),
            c.within([metric for metric, unit in UNITS.items() if not unit.startswith("share")], 0, 1e12),
        ),
        "kind": c.choice(
            "whether it is held, adds up, or is a rule's", KINDS, between=c.of_metric(KIND_OF, what="kind")
        ),
        "bound": c.choice("whether it is the figure or a bound", ("exact", "at least", "over", "up to", "about")),
        "derived": c.flag("whether it follows from other stated figures"),
        "reliability": c.choice("kind of source", RELIABILITIES),
        "by": c.choice("who says it", BY),
        **c.REMARKED,
    },
    key=("figure_id", "part"),
    dated="date_to",
)
MarketplaceFigures = Annotated[pd.DataFrame, MARKETPLACE_FIGURES]


@MARKETPLACE_FIGURES.rule(
    f"one figure: rows with its figure_id are amounts, and only differ in {', '.join(OWN_TO_A_PART)}"
)
def _one_figure(frame: pd.DataFrame) -> pd.Series:
    said = frame[["value", "low", "high"]].notna().astype(int).dot([1, 2, 4])
    shared = frame.drop(columns=[*OWN_TO_A_PART, "figure_id"]).assign(said=said)
    different = shared.groupby(frame["figure_id"]).nunique(dropna=False).gt(1).any(axis=1)
    alone = ~frame["figure_id"].duplicated(keep=False) | ~frame["unit"].str.startswith("share")
    return ~frame["figure_id"].map(different) & alone


@MARKETPLACE_FIGURES.rule("one row for each project and parameter of a rule")
def _one_rule(frame: pd.DataFrame) -> pd.Series:
    return (frame["kind"] != PARAMETER) | ~frame.duplicated(["project", "metric"], keep=False)


MARKETPLACE_PROPERTIES = c.Table(
    name="marketplace_properties",
    columns={
        "property_id": c.text("identifier"),
        "project": c.choice("marketplace", PROJECTS),
        "property": c.choice("what it bears on", ("transparent", "programmable", "paid")),
        "statement": c.text("what was observed, in our words"),
        "bearing": c.choice("for or against the property", ("supports", "contradicts", "neutral")),
        "payer": c.choice("where a payment comes from", (*PAYERS, NO_PAYMENT)),
        **DATES,
        "by": c.choice("who says it", BY),
        **c.SOURCED,
    },
    dated="date_to",
)
MarketplaceProperties = Annotated[pd.DataFrame, MARKETPLACE_PROPERTIES]


@MARKETPLACE_PROPERTIES.rule(f"payer {NO_PAYMENT} exactly on rows that are not on payment")
def _payer_of_payment(frame: pd.DataFrame) -> pd.Series:
    return (frame["payer"] != NO_PAYMENT) == (frame["property"] == "paid")


PAYMENT_RULES = c.Table(
    name="payment_rules",
    columns={
        "rule_id": c.text("identifier"),
        "project": c.choice("marketplace", PROJECTS),
        "statement": c.text("the rule or payment, in our words"),
        "payer": c.choice("where the money comes from", PAYERS),
        "receiver": c.text("who receives it by the rule"),
        "to_contributors": c.flag("whether those are the contributors of data"),
        "status": c.choice("draft, adopted rule or payment", STATUSES),
        "unit": c.text("the rule's own unit of contribution; blank where there is none", blank=True),
        "proportion": c.choice("how payment goes with contribution", PROPORTIONS),
        "contributors_paid": c.number("contributors shown to have received money", "count", c.NOT_NEGATIVE, blank=True),
        **DATES,
        "by": c.choice("who says it", BY),
        **c.SOURCED,
    },
    dated="date_to",
)
PaymentRules = Annotated[pd.DataFrame, PAYMENT_RULES]


@PAYMENT_RULES.rule(f"status {PAYMENT} exactly where contributors were paid")
def _payment_of_paid(frame: pd.DataFrame) -> pd.Series:
    return (frame["status"] == PAYMENT) == (frame["contributors_paid"] != 0)


DATA_DEALS = c.Table(
    name="data_deals",
    columns={
        "deal_id": c.text("identifier"),
        "buyer": c.text("who pays; blank where not stated", blank=True),
        "seller": c.text("who is paid"),
        "kind": c.choice("kind of figure", DEAL_KINDS),
        "low": c.number("figure, or lower end of a range", None, c.POSITIVE, blank=True),
        "high": c.number("figure, or upper end of a range", None, c.POSITIVE, blank=True, after="low"),
        "unit": c.choice("unit of low and high", DEAL_UNITS),
        "years": c.number("length of the deal or period", "years", c.POSITIVE, blank=True),
        **DATES,
        "address": c.text("where it was read", blank=True),
        **c.REMARKED,
    },
    dated="date_to",
)
DataDeals = Annotated[pd.DataFrame, DATA_DEALS]


@DATA_DEALS.rule("low and high both filled or both blank")
def _priced(frame: pd.DataFrame) -> pd.Series:
    return frame["low"].isna() == frame["high"].isna()


@DATA_DEALS.rule("USD per GB exactly for proxies and payments to suppliers")
def _per_gb(frame: pd.DataFrame) -> pd.Series:
    return frame["kind"].isin(PER_GB) == (frame["unit"] == "USD per GB")
