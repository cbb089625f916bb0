"""Published proving times by date, and how many times as long a proof takes as the inference."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num

from analysis.engine.claims import Claim
from analysis.engine.words.axes import DOTTED, MARK, log_axis
from analysis.engine.words.figures import PALETTE, Drawn
from analysis.engine.words.formats import day, interval, many, number, period, power, quantity
from analysis.verifiable_ai.figure_labels import COLOUR, DIAMOND, drawing, label_points, time_axis
from analysis.verifiable_ai.published.beyond import overhead, progress

#: Who published: marker. A vendor sells what it measures; others ran somebody else's system.
MARKERS = {"authors": "o", "vendor": "s", "others": "^"}
TIMELINE_KEY = (
    "circles: authors; squares: vendors; triangles: run by others;\n"
    "hollow: a distilled, smaller model; bars: date known to the month or year"
)
#: Columns of what the timeline draws.
DRAWN = [
    "system", "by", "what", "model", "tokens", "published_on", "published_precision", "last_day", "prove_s", "hardware",
    "source_id",
]  # fmt: skip
BASES = {"measured": "EZKL,\nmeasured here", "two machines": "published time,\nour inference", "stated": "as stated"}
#: Published overheads have a name; ours are a network each.
NAMED = ("two machines", "stated")


def timeline_figure(rows: pd.DataFrame, best: pd.DataFrame, trend: progress.Trend | None, *, claim: Claim) -> Drawn:
    """Published proofs at GPT-2's size by date, with the region of V1, the trend and the best public system.

    Parameters
    ----------
    rows, best : DataFrame
        From `publications` and `best_by_date` of `analysis.verifiable_ai.published.beyond.progress`.
    """
    as_of = pd.Timestamp(claim.as_of)
    days = [rows["published_on"].min(), rows["last_day"].max()]
    limits = (days[0] - pd.Timedelta(days=70), days[1] + pd.Timedelta(days=100))
    steps = [(row.since, row.prove_s) for row in best.itertuples()]
    with drawing((5.2, 4.3), (0.11, 0.185, 0.88, 0.745)) as (fig, ax):
        _time_by_date(ax, rows["prove_s"], claim, limits)
        _draw_report(ax, claim, as_of)
        if steps:
            xs, ys = zip(*steps, (limits[1], steps[-1][1]), strict=True)
            ax.step(xs, ys, where="post", color=PALETTE["ink"], linewidth=1.2, zorder=2)
        if trend is not None:
            _draw_trend(ax, rows, trend, limits)
        _draw_proofs(ax, rows)
        labels = [f"{row.system} {quantity(row.prove_s, 's')}" for row in rows.itertuples()]
        lines = _lines(ax, rows, steps, as_of, claim.asserted.value)
        label_points(ax, date2num(rows["day"]), rows["prove_s"], labels, avoid=lines)
        ax.set_title("Time to prove one inference at GPT-2's size, log scale", x=-0.12)
        ax.set_xlabel(f"date of publication; stepped: the best full model so far\n{TIMELINE_KEY}", loc="left")
    return Drawn(fig, _in_words(rows, best, trend, claim), rows[DRAWN])


def _in_words(rows: pd.DataFrame, best: pd.DataFrame, trend: progress.Trend | None, claim: Claim) -> str:
    words = {"authors": "", "vendor": ", vendor", "others": ", run by others"}
    points = "; ".join(
        f"{r.system}{words[r.by]}{', distilled model' if r.what == 'distilled' else ''}, "
        f"{period(pd.Period(r.published_on, freq='Y' if r.published_precision == 'year' else 'M'))}, "
        f"{quantity(r.prove_s, 's')}"
        for r in rows.itertuples()
    )
    steps = "; ".join(f"{r.system} {quantity(r.prove_s, 's')} from {r.since:%Y-%m-%d}" for r in best.itertuples())
    fall, region = "Too few results for a trend.", claim.regions[0]
    if trend is not None:
        fall = f"Trend: times {number(trend.factor_per_year)} a year ({number(trend.low)} to {number(trend.high)})."
    return (
        f"Proving times by date of publication, log scale: {points or 'none'}. The band is the asserted "
        f"{quantity(claim.asserted.value, 's')} (T: {interval(region.left, region.right, 's')}). Best public full "
        f"model: {steps or 'none'}. {fall}"
    )


def _time_by_date(ax: Axes, seconds: pd.Series, claim: Claim, limits: tuple[pd.Timestamp, pd.Timestamp]) -> None:
    """Axes of time over dates that hold the proofs and the asserted region."""
    region = claim.regions[0]
    ax.set_xlim(*limits)
    time_axis(ax, "y", (min(seconds.min(), region.left) / 2.2, max(seconds.max(), region.right) * 2))
    locator = AutoDateLocator(minticks=3, maxticks=6)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))


def _draw_report(ax: Axes, claim: Claim, as_of: pd.Timestamp) -> None:
    """The asserted region and value, and the day of the report."""
    region, asserted = claim.regions[0], claim.asserted.value
    ax.axhspan(region.left, region.right, color=PALETTE["band"], linewidth=0)
    ax.axhline(asserted, **MARK)
    at = (ax.get_xlim()[0] + 8, region.right * 1.05)
    ax.text(*at, f"asserted: {quantity(asserted, 's')}", va="bottom")
    ax.axvline(as_of, color=PALETTE["soft"], linewidth=0.8)
    top = {"xycoords": ax.get_xaxis_transform(), "textcoords": "offset points", "va": "top", "fontsize": 8}
    ax.annotate("the report", (date2num(as_of), 1), (4, -3), **top)


def _draw_proofs(ax: Axes, rows: pd.DataFrame) -> None:
    """A mark for each proof, on a bar over the days on which it may have been published."""
    for row in rows.itertuples():
        face = PALETTE["paper"] if row.what == "distilled" else COLOUR
        ax.plot([row.published_on, row.last_day], [row.prove_s] * 2, color=COLOUR, linewidth=1.4, zorder=2)
        look = {"markersize": 6.5, "color": face, "markeredgecolor": PALETTE["ink"], "markeredgewidth": 0.7}
        ax.plot(row.day, row.prove_s, MARKERS[row.by], **look, zorder=4)


def _lines(ax: Axes, rows: pd.DataFrame, steps: list[tuple], as_of: pd.Timestamp, asserted: float) -> list[tuple]:
    """What labels should not cross: the steps, the bars of dates, the report's date and its figure."""
    bottom, top = ax.get_ylim()
    left, right = ax.get_xlim()
    lines = [(date2num(as_of), bottom, date2num(as_of), top), (left, asserted, right, asserted)]
    lines += [(date2num(r.published_on), r.prove_s, date2num(r.last_day), r.prove_s) for r in rows.itertuples()]
    days = [*(date2num(since) for since, _ in steps), right]
    levels = [seconds for _, seconds in steps]
    lines += [(a, level, b, level) for a, b, level in zip(days, days[1:], levels, strict=False)]
    lines += [(x, low, x, high) for x, high, low in zip(days[1:], levels, levels[1:], strict=False)]
    return lines


def _draw_trend(ax: Axes, rows: pd.DataFrame, trend: progress.Trend, limits: tuple[pd.Timestamp, pd.Timestamp]) -> None:
    """The line, which passes through the mean of its points, and the fan that the interval of its slope allows."""
    own = rows[(rows["by"] != "others") & (rows["what"] == "one_pass")]
    middle, level = own["day"].mean(), float(np.exp(np.log(own["prove_s"]).mean()))
    ends = pd.DatetimeIndex([own["day"].min(), middle, own["day"].max()])
    years = (ends - middle).total_seconds().to_numpy() / (365.25 * 86_400)
    with np.errstate(divide="ignore", over="ignore"):
        line, low, high = (level * factor**years for factor in (trend.factor_per_year, trend.low, trend.high))
    bottom, top = np.clip([np.minimum(low, high), np.maximum(low, high)], *ax.get_ylim())
    ax.fill_between(ends, bottom, top, color=COLOUR, alpha=0.1, linewidth=0, zorder=0.5)
    ax.plot(ends, line, color=PALETTE["soft"], linewidth=1.4, linestyle=DOTTED, zorder=2)


def overhead_figure(table: pd.DataFrame, summary: overhead.Overhead) -> Drawn:
    """Proving over plain inference by system and size, with the geometric mean and the range of the systems.

    `table` is from `analysis.verifiable_ai.published.beyond.overhead.overheads`.
    """
    bases = [basis for basis in BASES if (table["basis"] == basis).any()]
    with drawing((5.2, 0.62 * len(bases) + 1.6), (0.2, 0.24, 0.79, 0.62)) as (fig, ax):
        least, most = table["overhead"].min(), table["overhead"].max()
        exponents = range(int(np.log10(least)), int(np.ceil(np.log10(most))) + 1)
        limits = (least / 2.5, most * 2.5)
        log_axis(ax, "x", {power(10, e): 10.0**e for e in exponents}, limits)
        ax.set_ylim(len(bases) - 0.4, -1.0)
        ax.axvspan(summary.low, summary.high, color=COLOUR, alpha=0.18, linewidth=0)
        ax.plot([summary.low, summary.high], [-0.6, -0.6], color=PALETTE["ink"], linewidth=2.2)
        ax.plot(summary.mean, -0.6, **DIAMOND, zorder=4)
        mean, low, high = (number(float(f"{x:.2g}")) for x in (summary.mean, summary.low, summary.high))
        look = {"textcoords": "offset points", "ha": "right", "va": "center", "fontweight": "bold", "fontsize": 8.5}
        ax.annotate(f"geometric mean × {mean}\nrange {low} to {high}", (summary.low, -0.6), (-6, 0), **look)
        heights = table["basis"].map(bases.index).astype(float)
        ax.plot(table["overhead"], heights, "o", color=COLOUR, markeredgecolor=PALETTE["ink"], markeredgewidth=0.6)
        named = table[table["basis"].isin(NAMED)]
        label_points(ax, named["overhead"], heights[named.index], named["system"].tolist())
        ax.set_yticks(range(len(bases)), [BASES[basis] for basis in bases])
        ax.tick_params(axis="y", length=0)
        ax.set_xlabel(f"proving over plain inference, log scale\nlook again on {day(summary.expires)}", loc="left")
        ax.set_title("How many times as long a proof takes", x=-0.25)
    parts = "; ".join(
        f"{BASES[basis].replace(chr(10), ' ')}: {len(some)}, from {number(round(some['overhead'].min()))} to "
        f"{number(round(some['overhead'].max()))}"
        for basis, some in table.groupby("basis", sort=False)
    )
    alt = (
        f"Dots of proving over plain inference on a log scale: {parts}. Geometric mean {number(round(summary.mean))}, "
        f"range of {many(summary.n, 'system')} {number(round(summary.low))} to {number(round(summary.high))}, which "
        f"covers their median with probability {number(summary.covers)}; look again on {day(summary.expires)}."
    )
    return Drawn(fig, alt, table.round(1))
