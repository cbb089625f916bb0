"""The totals of A1 again, from the file and by plain loops, sharing no code with `analysis.agents`."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path
from statistics import median

ON = date(2026, 1, 22)


def figures(folder: Path) -> dict[str, dict]:
    """Parts added up; only value held on chains by protocols."""
    found: dict[str, dict] = {}
    with (folder / "agent_values.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (row["on_chain"], row["scope"], row["quantity"]) != ("True", "protocol", "value held"):
                continue
            one = found.setdefault(row["figure_id"], row | {"sum": 0.0, "least": 0.0, "most": 0.0})
            value = float(row["value"])
            one["sum"] += value
            one["least"] += float(row["low"] or value)
            one["most"] += float(row["high"] or value)
    return found


def away(row: dict) -> int:
    """Days to the furthest day that the date allows."""
    first, last = date.fromisoformat(row["observed_from"]), date.fromisoformat(row["observed_to"])
    return max(abs((ON - first).days), abs((ON - last).days))


def once(found: dict[str, dict], every: dict[str, dict]) -> dict[str, dict]:
    """Net: money that two holders in the sum report stays with one of them."""
    present = {(r["tier"], r["protocol"]) for r in found.values() if not r["other_holder"] and r["most"] > 0}
    kept = {i: dict(row) for i, row in found.items() if not row["other_holder"]}
    for i, row in found.items():
        if row["relation"] == "none":
            continue
        holder = row["other_holder"] or every[row["same_money_as"]]["protocol"]
        if (row["tier"], holder) not in present:
            continue
        if not row["other_holder"]:
            kept[i] |= {"sum": 0.0, "least": 0.0, "most": 0.0}
        elif row["relation"] == "net of":
            kept.pop(row["same_money_as"], None)
            kept[i] = dict(row)
        elif row["same_money_as"] in kept:
            whole = kept[row["same_money_as"]]
            whole["sum"] = max(0.0, whole["sum"] - row["sum"])
            whole["least"], whole["most"] = (
                max(0.0, whole["least"] - row["most"]),
                max(0.0, whole["most"] - row["least"]),
            )
    return kept


def totals(folder: Path, *, net: bool, within: int | None) -> dict[str, tuple[float, float, float]]:
    """Tier -> (value, low, high)."""
    every = figures(folder)
    found = {i: row for i, row in every.items() if within is None or away(row) <= within}
    found = once(found, every) if net else {i: row for i, row in found.items() if not row["other_holder"]}
    groups = defaultdict(list)
    for row in found.values():
        groups[row["tier"], row["protocol"]].append(row)
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for (tier, _), rows in groups.items():
        least = min(map(away, rows))
        best = [row["sum"] for row in rows if away(row) == least]
        for i, amount in enumerate((median(best), min(r["least"] for r in rows), max(r["most"] for r in rows))):
            sums[tier][i] += amount
    return {tier: tuple(found) for tier, found in sums.items()}
