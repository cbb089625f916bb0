"""The totals of A1 again, from the file and by plain loops, sharing no code with `analysis.agents`."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path
from statistics import median

ON = date(2026, 1, 22)
RANK = ("primary", "secondary", "promotional")


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
    first, last = date.fromisoformat(row["observed_from"]), date.fromisoformat(row["observed_to"])
    return 0 if first <= ON <= last else min(abs((ON - first).days), abs((ON - last).days))


def width(row: dict) -> int:
    return (date.fromisoformat(row["observed_to"]) - date.fromisoformat(row["observed_from"])).days


def totals(folder: Path, *, net: bool, within: int | None) -> dict[str, tuple[float, float, float]]:
    """Tier -> (value, low, high)."""
    found = figures(folder)
    if net:
        for row in list(found.values()):
            if row["relation"] == "net of":
                del found[row["same_money_as"]]
            elif row["relation"] == "part of":
                whole = found[row["same_money_as"]]
                whole["sum"] -= row["sum"]
                whole["least"] -= row["most"]
                whole["most"] -= row["least"]
    found = {i: row for i, row in found.items() if row["relation"] != "part of" and (net or row["relation"] == "none")}
    groups = defaultdict(list)
    for row in found.values():
        if within is None or away(row) <= within:
            groups[row["tier"], row["protocol"]].append(row)
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for (tier, _), rows in groups.items():
        key = min((away(r), width(r), RANK.index(r["reliability"])) for r in rows)
        best = [r["sum"] for r in rows if (away(r), width(r), RANK.index(r["reliability"])) == key]
        for i, amount in enumerate((median(best), min(r["least"] for r in rows), max(r["most"] for r in rows))):
            sums[tier][i] += amount
    return {tier: tuple(found) for tier, found in sums.items()}
