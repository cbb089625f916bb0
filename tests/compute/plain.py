"""C2's discount written a second time, with loops over dictionaries instead of tables, as a reader would by hand."""

from collections import defaultdict
from datetime import date
from statistics import fmean, median

CLOUDS = ("aws", "azure", "gcp")
AS_OF = date(2026, 1, 22)


def rows_of(frame):
    return frame.to_dict("records")


def days_of(row):
    """First and last day that a price can be of, or None."""
    if row["date_precision"] == "day":
        day = row["observed_on"].date()
        return day, day
    if row["date_precision"] == "year":
        return date(int(row["observed_year"]), 1, 1), date(int(row["observed_year"]), 12, 31)
    return None


def distance(days, day):
    """Days from a day to the nearest and to the furthest day of an interval."""
    first, last = days
    least = 0 if first <= day <= last else min(abs((first - day).days), abs((last - day).days))
    return least, max(abs((first - day).days), abs((last - day).days))


def price_nearest(prices, days):
    """Price of {day: [prices]} at the day nearest to an interval, and the longest gap."""
    least = min(distance(days, day)[0] for day in prices)
    tied = [day for day in prices if distance(days, day)[0] == least]
    return median(median(prices[day]) for day in tied), max(distance(days, day)[1] for day in tied)


def listed(prices, kinds):
    """(cloud, model, form) -> {day: [prices]}."""
    found = defaultdict(lambda: defaultdict(list))
    for row in prices:
        if row["provider"] in CLOUDS and row["price_model"] in kinds and row["date_precision"] == "day":
            key = (row["provider"], row["gpu_model"], row["form_factor"])
            found[key][row["observed_on"].date()].append(row["usd_per_gpu_hour"])
    return found


def specification(models, model, form, column):
    """Figure of a GPU; of a form that is not stated the median over forms."""
    known = [m[column] for m in models if m["gpu_model"] == model and form in (m["form_factor"], "not stated")]
    known = [value for value in known if value == value]
    return median(known) if known else None


def work(runs, model, form):
    """(network, benchmark, rate, output) -> median output per GPU over runs that are not in doubt."""
    forms = defaultdict(lambda: defaultdict(list))
    for run in runs:
        if run["gpu_model"] == model and form in (run["form_factor"], "not stated") and not run["doubtful"]:
            setting = (run["model"], run["benchmark"], str(run["requests_per_s"]), run["output"])
            forms[setting][run["form_factor"]].append(run["output_per_s"] / run["gpu_count"])
    return {setting: median(median(values) for values in each.values()) for setting, each in forms.items()}


def scale(offered, asked, unit, models, runs):
    """Work of the offered GPU over that of the asked one; None where they are not equivalent."""
    (model, form), (other, shape) = offered, asked
    if unit == "GPU-hour":
        return 1.0 if model == other and form in (shape, "not stated") else None
    if unit == "million tokens":
        ours, theirs = work(runs, model, form), work(runs, other, shape)
        ratios = [ours[setting] / theirs[setting] for setting in ours if setting in theirs]
        return median(ratios) if ratios else None
    column = {"PFLOP-hour": "bf16_tflops", "GB/s-hour": "memory_gb_per_s"}[unit]
    ours, theirs = specification(models, model, form, column), specification(models, other, shape, column)
    small, large = specification(models, model, form, "memory_gb"), specification(models, other, shape, "memory_gb")
    central = any(m["data_centre"] for m in models if (m["gpu_model"], m["form_factor"]) == asked)
    if None in (ours, theirs, small, large) or not central or large < small:
        return None
    return ours / theirs


def discount(
    tables, sellers, *, kinds=("on-demand",), asked=("on-demand",), clouds=CLOUDS, within=10**9,
    unit="GPU-hour", every_form=False, data_centre=False, as_of=AS_OF,
):  # fmt: skip
    """C2's estimate, %, or None."""
    prices, models, runs = (rows_of(tables[name]) for name in ("gpu_prices", "gpu_models", "gpu_throughput"))
    reference = listed(prices, asked)
    found = defaultdict(list)
    for row in prices:
        days, form = days_of(row), row["form_factor"]
        if row["provider"] not in sellers or row["price_model"] not in kinds or days is None:
            continue
        if form == "not stated" and not every_form:
            continue
        forms = [m["data_centre"] for m in models if m["gpu_model"] == row["gpu_model"]
                 and form in (m["form_factor"], "not stated")]  # fmt: skip
        if data_centre and not all(forms):
            continue
        each = {}
        for cloud in clouds:
            equal, gaps = [], []
            for (name, model, shape), by_day in reference.items():
                factor = scale((row["gpu_model"], form), (model, shape), unit, models, runs) if name == cloud else None
                if factor is not None:
                    price, gap = price_nearest(by_day, days)
                    equal.append(price * factor)
                    gaps.append(gap)
            if equal and max(gaps) <= within:
                each[cloud] = median(equal)
        if each:
            away = distance(days, as_of)[1]
            saved = 100 * (1 - row["usd_per_gpu_hour"] / median(each.values()))
            found[row["provider"]].append((away, row["gpu_model"], saved))
    per_seller = []
    for rows in found.values():
        nearest = min(away for away, _, _ in rows)
        by_model = defaultdict(list)
        for away, model, saved in rows:
            if away <= 180 or away == nearest:
                by_model[model].append(saved)
        per_seller.append(median(median(values) for values in by_model.values()))
    return fmean(per_seller) if per_seller else None
