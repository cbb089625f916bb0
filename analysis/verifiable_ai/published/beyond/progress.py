"""How published proving times fell, and when the asserted one described the best public system."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.engine.claims import Claim
from analysis.engine.data.register import Sources
from analysis.engine.inference.resampling import CONFIDENCE
from analysis.engine.multiverse import inside
from analysis.tables.proving import ZkPublished
from analysis.verifiable_ai.published.literature import alone, full_passes, hidden


@dataclass(frozen=True, slots=True)
class Trend:
    """Line through the logarithm of published proving times by date of publication.

    Attributes
    ----------
    n : int
        Results; the line has n − 2 degrees of freedom.
    factor_per_year, low, high : float
        By what the time is multiplied in a year, with a 95 % interval.
    """

    n: int
    factor_per_year: float
    low: float
    high: float


def publications(
    zk_published: ZkPublished,
    *,
    what: Sequence[str] = ("one_pass",),
    reruns: bool = False,
    sources: Sources | None = None,
) -> pd.DataFrame:
    """Authors' own results at GPT-2's size, each publication of a system once, by date.

    Parameters
    ----------
    what : sequence of str
        As in `full_passes`.
    reruns : bool
        Whether others' re-runs count too, each of these once.
    sources : DataFrame, optional
        A result whose date is rough was published by the date of its source.

    Returns
    -------
    DataFrame
        Rows of `full_passes` and `day`: the middle of the days on which it can have been published. Of several inputs
        in one publication the shortest.
    """
    rows = full_passes(zk_published, what=what)
    rows = rows[(rows["by"] != "others") | reruns]
    if sources is not None:  # what is public was published: by the date of its source, else by that of its retrieval
        dates = sources.set_index("source_id")
        seen = rows["source_id"].map(dates["last_observed"].fillna(dates["retrieved"]))
        seen = seen.clip(lower=rows["published_on"])
        rows = rows.assign(last_day=rows["last_day"].where(~(seen < rows["last_day"]), seen))
    rows = rows.assign(
        day=rows["published_on"] + (rows["last_day"] - rows["published_on"]) / 2,
        order=rows["tokens"].fillna(np.inf),
        rerun=rows["by"] == "others",
    )
    rows = rows.sort_values(["published_on", "order", "prove_s", "published_id"], kind="stable")
    rows = rows.drop_duplicates(["system", "published_on", "rerun"]).drop(columns=["order", "rerun"])
    return rows.sort_values(["day", "published_id"]).reset_index(drop=True)


def trend(rows: pd.DataFrame) -> Trend | None:
    """Fall of proving times in `publications`; None with fewer than three results or dates.

    Notes
    -----
    Ordinary least squares of log seconds on years. The interval has the standard error HC3 and Student's t with n − 2
    degrees of freedom; with as few results it is wide, and their choice is not random.

    References
    ----------
    MacKinnon and White (1985), Journal of Econometrics 29, 305–325, for HC3.

    Examples
    --------
    >>> days = pd.to_datetime(["2024-01-01", "2025-01-01", "2025-07-01", "2026-01-01"])
    >>> round(trend(pd.DataFrame({"day": days, "prove_s": [1000.0, 110.0, 30.0, 10.0]})).factor_per_year, 1)
    0.1
    """
    if len(rows) < 3 or rows["day"].nunique() < 3:
        return None
    from statsmodels.regression.linear_model import OLS
    from statsmodels.tools import add_constant

    years = (rows["day"] - rows["day"].min()).dt.total_seconds().to_numpy() / (365.25 * 86_400)
    fit = OLS(np.log(rows["prove_s"].to_numpy()), add_constant(years)).fit(cov_type="HC3", use_t=True)
    low, high = fit.conf_int(alpha=1 - CONFIDENCE)[1]
    with np.errstate(over="ignore"):  # from three results the interval can reach beyond all numbers
        return Trend(len(rows), *(float(np.exp(end)) for end in (fit.params[1], low, high)))


def best_by_date(rows: pd.DataFrame) -> pd.DataFrame:
    """The best of `publications` at each date: a step down wherever a faster result came.

    Returns
    -------
    DataFrame, by date
        since, until (NaT for the one that still is the best), system, prove_s, source_id; since_earliest,
        until_earliest; until_system and until_precision, whose result came next and how far its date is known. A result
        counts from the last day on which it can have been published; the earliest days are the first ones.

    Examples
    --------
    >>> days = pd.to_datetime(["2024-01-01", "2025-01-01", "2026-01-01"])
    >>> table = pd.DataFrame({"last_day": days, "system": list("ABC"), "prove_s": [600.0, 700.0, 20.0]})
    >>> table = table.assign(published_on=days, published_precision="day", source_id="s")
    >>> best_by_date(table)[["system", "prove_s"]].values.tolist()
    [['A', 600.0], ['C', 20.0]]
    """
    rows = rows.sort_values(["last_day", "prove_s"], kind="stable")
    better = rows[rows["prove_s"] < rows["prove_s"].cummin().shift(fill_value=np.inf)]
    better = better.drop_duplicates("last_day").rename(columns={"last_day": "since", "published_on": "since_earliest"})
    after = better.shift(-1)
    return better.assign(
        until=after["since"],
        until_earliest=after["since_earliest"],
        until_system=after["system"],
        until_precision=after["published_precision"],
    )[BEST].reset_index(drop=True)


#: Columns of `best_by_date`.
BEST = [
    "since", "until", "system", "prove_s", "since_earliest", "until_earliest", "until_system", "until_precision",
    "source_id",
]  # fmt: skip


#: Sets of results in which the best public system is sought: label -> kinds, and which of them.
SETS: Mapping[str, tuple[tuple[str, ...], Callable[[pd.DataFrame], pd.Series] | None]] = {
    "any full model": (("one_pass",), None),
    "non-interactive": (("one_pass",), alone),
    "weights hidden": (("one_pass",), hidden),
    "distilled models too": (("one_pass", "distilled"), None),
    "distilled models too, non-interactive": (("one_pass", "distilled"), alone),
}


def spells(claim: Claim, zk_published: ZkPublished, sources: Sources | None = None) -> pd.DataFrame:
    """When the time that V1 asserts described the best public system: by set of results, from when until when.

    Returns
    -------
    DataFrame, one row per spell, or one without dates per set that has none
        set, results (n), and the columns of `best_by_date`.
    """
    out = []
    for label, (what, kept) in SETS.items():
        rows = publications(zk_published, what=what, sources=sources)
        rows = rows if kept is None else rows[kept(rows)]
        best = best_by_date(rows)
        spell = best[inside(claim.regions[0])(best["prove_s"].to_numpy())]
        if spell.empty:
            spell = pd.DataFrame([{"since": pd.NaT, "until": pd.NaT, "system": "never"}])
        out.append(spell.assign(set=label, results=len(rows)))
    return pd.concat(out, ignore_index=True).reindex(columns=["set", "results", *BEST])
