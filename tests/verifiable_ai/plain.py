"""A second, plain implementation of V1's choice of systems and V2's costs: loops over the CSV files, no pandas."""

import calendar
import csv
from datetime import date
from pathlib import Path
from statistics import median


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def last_day(row: dict[str, str]) -> date:
    on = date.fromisoformat(row["published_on"])
    if row["published_precision"] == "year":
        return date(on.year, 12, 31)
    if row["published_precision"] == "month":
        return date(on.year, on.month, calendar.monthrange(on.year, on.month)[1])
    return on


def chosen(folder: Path, as_of: date) -> dict[str, dict[str, str]]:
    """The row of each system that V1's definition chooses."""
    best = {}
    for row in rows(folder, "zk_published"):
        if not row["prove_s"] or row["what"] != "one_pass" or row["transformer"] != "yes" or row["by"] == "others":
            continue
        if not (row["params"] and 100e6 <= float(row["params"]) <= 200e6) or last_day(row) > as_of:
            continue
        rank = (-last_day(row).toordinal(), float(row["tokens"] or "inf"), float(row["params"]), row["published_id"])
        if row["system"] not in best or rank < best[row["system"]][0]:
            best[row["system"]] = (rank, row)
    return {system: row for system, (_, row) in best.items()}


def gpu_fits(offered: str, wanted: str) -> bool:
    if not wanted:
        return True
    have, want = offered.split("-"), wanted.split("-")
    if have[0] != want[0]:
        return False
    for part in want[1:]:
        if part.endswith("GB"):
            sizes = [int(p[:-2]) for p in have if p.endswith("GB")]
            if not sizes or sizes[0] < int(part[:-2]):
                return False
        elif part not in have:
            return False
    return True


def hourly(folder: Path, row: dict[str, str], on: date) -> float | None:
    """Cheapest hyperscaler price per hour of an instance that is large enough, each at its date nearest to a day."""
    nearest = {}
    for price in rows(folder, "machine_prices"):
        if price["kind"] != "hyperscaler" or price["price_type"] != "on-demand" or not price["region"]:
            continue
        name = (price["provider"], price["instance"], price["region"], price["gpu_model"], price["gpus"])
        seen = price["observed_on"]
        away = (abs((date.fromisoformat(seen) - on).days), seen) if seen else (10**6, "")
        usd = float(price["usd_per_hour"])
        if name not in nearest or (away, usd) < nearest[name][0]:
            nearest[name] = ((away, usd), price)
    fitting = []
    for (_, usd), price in nearest.values():
        if not gpu_fits(price["gpu_model"], row["gpu_model"]):
            continue
        if row["gpu_model"] and float(price["gpus"]) < float(row["gpus"] or 1):
            continue
        if row["vcpus"] and (not price["vcpus"] or float(price["vcpus"]) < float(row["vcpus"])):
            continue
        if row["memory_gb"]:
            least = float(row["memory_gb"]) * 1e9
            if not price["memory_gib"] or float(price["memory_gib"]) * 2**30 < least:
                continue
        fitting.append(usd)
    return min(fitting) if fitting else None


def cost(folder: Path, row: dict[str, str], on: date) -> float | None:
    if not (row["vcpus"] or row["memory_gb"] or row["gpu_model"] or row["gpus"]) or not row["prove_s"]:
        return None
    price = hourly(folder, row, on)
    return None if price is None else float(row["prove_s"]) / 3600 * price


def v2(folder: Path, as_of: date) -> float:
    found = [cost(folder, row, as_of) for row in chosen(folder, as_of).values()]
    return median(usd for usd in found if usd is not None)
