"""Made-up tables of agents with known answers."""

import pandas as pd

#: One published figure; a test overrides what it is about.
VALUE = {
    "part": "",
    "product": "wallets",
    "chain": "Base",
    "on_chain": True,
    "scope": "protocol",
    "tier": "delegated",
    "quantity": "value held",
    "kind": "stock",
    "unit": "USD",
    "observed_from": "2026-01-22",
    "observed_to": "2026-01-22",
    "low": float("nan"),
    "value": 1e6,
    "high": float("nan"),
    "same_money_as": "",
    "relation": "none",
    "other_holder": "",
    "reliability": "primary",
    "vendor": False,
    "remark": "",
    "source_id": "s",
}
RESULT = {
    "who": "an agent",
    "design": "single agent",
    "strategy": "arbitrage",
    "on_chain": True,
    "real_money": True,
    "net_of_costs": "yes",
    "record_from": "2016-01-01",
    "record_to": "2025-12-31",
    "participants": float("nan"),
    "sample": float("nan"),
    "sample_of": "",
    "result": 10.0,
    "unit": "%",
    "result_of": "return over the record",
    "alternative": "a fund",
    "human_managed": True,
    "beat_alternative": "yes",
    "information_ratio": 2.0,
    "vendor": False,
    "remark": "",
    "source_id": "s",
}
CASE = {
    "framework": "Virtuals",
    "activity": "trades",
    "agent": "one",
    "chain": "Base",
    "doing": "done",
    "shown_by": "transaction",
    "through_delegate": False,
    "done_from": "2025-06-01",
    "done_to": "2025-06-01",
    "statement": "it did",
    "vendor": False,
    "source_id": "s",
}


def values(*rows: dict) -> pd.DataFrame:
    """Rows of `agent_values`: each needs protocol; figure_id is its number where none is given."""
    table = pd.DataFrame([VALUE | {"figure_id": f"f{i}"} | row for i, row in enumerate(rows)])
    return table.astype(dict.fromkeys(("observed_from", "observed_to"), "datetime64[us]"))


def results(*rows: dict) -> pd.DataFrame:
    """Rows of `agent_results`."""
    table = pd.DataFrame([RESULT | {"result_id": f"r{i}"} | row for i, row in enumerate(rows)])
    return table.astype(dict.fromkeys(("record_from", "record_to"), "datetime64[us]"))


def cases(*rows: dict) -> pd.DataFrame:
    """Rows of `agent_cases`."""
    table = pd.DataFrame([CASE | {"case_id": f"c{i}"} | row for i, row in enumerate(rows)])
    return table.astype(dict.fromkeys(("done_from", "done_to"), "datetime64[us]"))
