"""The same job on simulated and on observed interruptions, to see where the closed form holds and where it does not.

The simulation draws runs and waits from exponential distributions, as the closed form assumes. The replay takes them in
their order from an observed trace, started at random times and closed to a circle. Both bill running hours only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from analysis.compute.interruptions.closed_form import ROUNDING, Job, require_rate, running_hours, stretches, wall_hours
from analysis.engine.inference.resampling import SEED, at_least
from analysis.tables.interruptions import SpotRuns

#: Columns of `spot_runs` that name a trace.
TRACE = ["trace_start", "zone", "gpu_model", "gpus_per_node"]
#: A simulation that would need more expected runs than this for one stretch is refused.
MOST_RUNS = 1e5
STARTS = 2000
#: Level at which a test of run lengths rejects.
SIGNIFICANCE = 0.05
RESAMPLES = 999
#: Shares of replays below the ends of a range that is shown.
RANGE = (0.05, 0.95)


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """Alternating runs of a node that was there and was not, closed to a circle.

    Attributes
    ----------
    up, down : ndarray, shape (runs,)
        Hours of each run with a node, and of the one without that follows it; the last is followed by the first.

    Raises
    ------
    ValueError
        If there are no runs, not as many of both, or one is not above 0.

    Examples
    --------
    >>> trace = Trace(np.array([3.0, 1.0]), np.array([1.0, 1.0]))
    >>> trace.rate, trace.wait_hours, round(trace.available, 3)
    (0.5, 1.0, 0.667)
    """

    up: np.ndarray
    down: np.ndarray

    def __post_init__(self) -> None:
        if not (len(self.up) == len(self.down) > 0 and min(self.up.min(), self.down.min()) > 0):
            raise ValueError(
                "a trace needs as many runs with a node as without, one at least, each longer than 0 hours"
            )

    @property
    def rate(self) -> float:
        """Interruptions per hour of running."""
        return len(self.up) / float(self.up.sum())

    @property
    def wait_hours(self) -> float:
        """Mean hours until a node is there again."""
        return float(self.down.mean())

    @property
    def available(self) -> float:
        """Share of the time in which a node was there."""
        return float(self.up.sum() / (self.up.sum() + self.down.sum()))


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """Jobs that were worked through.

    Attributes
    ----------
    running, wall : ndarray, shape (jobs,)
        Hours billed, and hours from asking for a node to the end; infinite where the job never ends.
    """

    running: np.ndarray
    wall: np.ndarray


def closed(lengths: np.ndarray, available: np.ndarray) -> Trace:
    """A trace from alternating runs, hours; where it begins and ends alike, the last run is joined to the first.

    Raises
    ------
    ValueError
        If the runs do not alternate, or are all of one kind.

    Examples
    --------
    >>> closed(np.array([1.0, 2.0, 4.0]), np.array([True, False, True])).up
    array([5.])
    """
    lengths, available = np.asarray(lengths, dtype=float), np.asarray(available, dtype=bool)
    if len(lengths) < 2 or (available[1:] == available[:-1]).any():
        raise ValueError("runs of a trace alternate between a node and none, and there are two at least")
    if available[0] == available[-1]:
        lengths, available = np.append(lengths[1:-1], lengths[0] + lengths[-1]), available[1:]
    shift = int(not available[0])
    turned = np.roll(lengths, -shift)
    return Trace(turned[::2], turned[1::2])


def traces(spot_runs: SpotRuns) -> pd.Series:
    """Every `Trace` of a table, indexed by `TRACE` in ascending order."""
    ordered = spot_runs.sort_values([*TRACE, "run_start_hours"], kind="stable")
    found = {
        key: closed(runs["run_length_hours"].to_numpy(), runs["available"].to_numpy())
        for key, runs in ordered.groupby(TRACE)
    }
    return pd.Series(list(found.values()), index=pd.MultiIndex.from_tuples(found, names=TRACE), dtype=object)


def replay(job: Job, trace: Trace, *, starts: int, rng: np.random.Generator) -> Outcomes:
    """Work a job through an observed trace from starting times drawn evenly over it.

    Spread over starts is not error of sampling: all of them see the same few hundred runs. Outcomes are infinite where
    a whole round of the trace brings no stretch to its end. The job has a fixed checkpoint interval.

    Examples
    --------
    >>> always_four = Trace(np.array([4.0]), np.array([1.0]))
    >>> replay(Job(2.0, 5.0, 3.0), always_four, starts=3, rng=np.random.default_rng(0)).running
    array([inf, inf, inf])
    """
    edges = np.cumsum(np.column_stack([trace.up, trace.down]).ravel())
    at = rng.uniform(0, edges[-1], starts)
    period = np.searchsorted(edges, at, side="right")
    left, waiting = edges[period] - at, period % 2 == 1
    position = (period // 2 + waiting) % len(trace.up)
    first = np.where(waiting, trace.up[position], left)

    def following(jobs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        waits = trace.down[position[jobs]]
        position[jobs] = (position[jobs] + 1) % len(trace.up)
        return waits, trace.up[position[jobs]]

    return _work_through(job, np.where(waiting, left, 0.0), first, following, patience=len(trace.up) + 1)


def simulate(job: Job, rate: float, wait_hours: float, *, jobs: int, rng: np.random.Generator) -> Outcomes:
    """Work a job with a fixed checkpoint interval through exponential runs and waits, begun at a random time.

    Parameters
    ----------
    rate : float
        Interruptions per hour of running, above 0.
    wait_hours : float
        Mean wait.

    Raises
    ------
    ValueError
        If the rate is 0, or so high that a stretch would take more than `MOST_RUNS` runs.
    """
    longest = job.restart_hours + job.checkpoint_hours + min(job.hours, job.checkpoint_every_hours or job.hours)
    if require_rate(rate) == 0 or rate * longest > np.log(MOST_RUNS):
        raise ValueError(f"a rate of {rate:g} per hour cannot be simulated: it is 0, or a stretch hardly ever succeeds")
    waiting = rng.random(jobs) < rate * wait_hours / (1 + rate * wait_hours)

    def following(active: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return rng.exponential(wait_hours, len(active)), rng.exponential(1 / rate, len(active))

    first_wait = np.where(waiting, rng.exponential(wait_hours, jobs), 0.0)
    return _work_through(job, first_wait, rng.exponential(1 / rate, jobs), following, patience=np.inf)


def _work_through(
    job: Job,
    wait: np.ndarray,
    up: np.ndarray,
    following: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]],
    *,
    patience: float,
) -> Outcomes:
    """All jobs at once, a run a step; a job that makes no progress in `patience` runs never ends."""
    full, last = stretches(job)
    stretch, tail = job.checkpoint_every_hours + job.checkpoint_hours, last + job.checkpoint_hours if last else 0.0
    running, wall = np.zeros(len(up)), np.array(wait, dtype=float)
    to_do, idle, active, restart = np.full(len(up), float(full)), np.zeros(len(up)), np.arange(len(up)), 0.0
    while len(active):
        usable = up - restart
        done = np.clip(np.floor(usable / stretch + ROUNDING), 0, to_do[active])
        ends = (done == to_do[active]) & (usable - done * stretch >= tail - ROUNDING)
        used = np.where(ends, restart + done * stretch + tail, up)
        running[active] += used
        wall[active] += used
        to_do[active] -= done
        idle[active] = np.where(done > 0, 0, idle[active] + 1)
        stuck = ~ends & (idle[active] > patience)
        running[active[stuck]] = wall[active[stuck]] = np.inf
        active, restart = active[~ends & ~stuck], job.restart_hours
        waits, up = following(active)
        wall[active] += waits
    return Outcomes(running, wall)


def renewal_running_hours(job: Job, up: np.ndarray) -> float:
    """Running hours of a long job on runs of these lengths in random order: what the distribution alone does.

    A run of length L completes floor((L - restart) / (interval + checkpoint)) stretches, if it is not shorter than the
    restart. In the long run a job needs mean(L) running hours for each mean number of stretches. With exponential
    lengths this is `running_hours`, exactly. Infinite where no run is long enough.

    Examples
    --------
    >>> renewal_running_hours(Job(10.0, 1.0), np.array([2.0, 0.5]))
    12.5
    """
    every = job.checkpoint_every_hours
    done = np.clip(np.floor((up - job.restart_hours) / (every + job.checkpoint_hours) + ROUNDING), 0, None)
    return float(job.hours / every * up.mean() / done.mean()) if done.any() else np.inf


def geometric_test(looks: np.ndarray, *, resamples: int, rng: np.random.Generator) -> tuple[float, float]:
    """Test whether runs end at a constant rate, where they were seen only every so often.

    Runs that end at a constant rate are exponential, and their lengths in looks are geometric. The statistic is the
    largest distance between the observed and the fitted distribution function. Since the fit uses the same runs, its
    null distribution is drawn: geometric lengths with the fitted mean, each fitted anew, as Lilliefors did for the
    exponential. The runs are taken as independent of one another.

    Returns
    -------
    distance, p_value : float

    Raises
    ------
    ValueError
        If there are no runs, or one is shorter than a look.

    References
    ----------
    Lilliefors (1969), "On the Kolmogorov-Smirnov test for the exponential distribution with mean unknown", Journal of
    the American Statistical Association 64(325), 387-389.
    """
    looks = np.asarray(looks)
    if not len(looks) or (looks < 1).any() or (looks % 1 != 0).any():
        raise ValueError("run lengths are whole numbers of looks, 1 or more, and there is one at least")
    observed = _distances(looks[None, :])[0]
    drawn = _distances(rng.geometric(1 / looks.mean(), (resamples, len(looks))))
    return float(observed), at_least(drawn, float(observed))


def _distances(looks: np.ndarray) -> np.ndarray:
    """Kolmogorov's distance of each row to the geometric distribution with its mean."""
    rows, runs = looks.shape
    longest = int(looks.max())
    cells = (np.arange(rows)[:, None] * (longest + 1) + looks).astype(np.int64)
    counts = np.bincount(cells.ravel(), minlength=rows * (longest + 1)).reshape(rows, longest + 1)
    stays = 1 - 1 / looks.mean(axis=1, keepdims=True)
    fitted = 1 - stays ** np.arange(longest + 1)
    return np.abs(np.cumsum(counts, axis=1) / runs - fitted).max(axis=1)


def run_lengths(spot_runs: SpotRuns, *, resamples: int = RESAMPLES, seed: int = SEED) -> pd.DataFrame:
    """How often each trace was interrupted, how long one waited, and whether its runs are exponential.

    Parameters
    ----------
    resamples, seed : int
        Of `geometric_test`. A look is the shortest run of the trace; looks were not quite evenly spaced in all traces,
        and the lengths are rounded to whole ones. Runs cut by the trace's ends are left out of the test.

    Returns
    -------
    DataFrame
        Indexed by `TRACE`: runs, rate (per hour of running), wait_hours, available (share of time), variation
        (standard deviation over mean of the run lengths; 1 if exponential), distance, p_value, and p_holm, which allows
        for there being as many tests as traces.
    """
    found, rows = traces(spot_runs), []
    for (key, trace), rng in zip(found.items(), np.random.default_rng(seed).spawn(len(found)), strict=True):
        own = spot_runs[(spot_runs[TRACE] == list(key)).all(axis=1)].sort_values("run_start_hours").iloc[1:-1]
        whole = own.loc[own["available"], "run_length_hours"].to_numpy()
        looks = np.round(whole / whole.min())
        distance, p_value = geometric_test(looks, resamples=resamples, rng=rng)
        variation = whole.std(ddof=1) / whole.mean()
        rows.append((len(trace.up), trace.rate, trace.wait_hours, trace.available, variation, distance, p_value))
    columns = ["runs", "rate", "wait_hours", "available", "variation", "distance", "p_value"]
    table = pd.DataFrame(rows, index=found.index, columns=columns)
    return table.assign(p_holm=multipletests(table["p_value"], method="holm")[1])


def beside_closed_form(spot_runs: SpotRuns, job: Job, *, starts: int = STARTS, seed: int = SEED) -> pd.DataFrame:
    """A job replayed on every trace, beside the closed form with the trace's own rate and mean wait.

    Returns
    -------
    DataFrame
        Indexed by `TRACE`: as from `agreement`, where the Monte Carlo errors are for the one observed trace; and
        renewal_running, from the lengths of the runs in random order; wall_low and wall_high (`RANGE` of the starts);
        all in hours. unfinished: share of starts from which the job never ends; the means are then infinite.
    """
    found = traces(spot_runs)
    rows = []
    for trace, rng in zip(found, np.random.default_rng(seed).spawn(len(found)), strict=True):
        outcomes = replay(job, trace, starts=starts, rng=rng)
        low, high = np.quantile(outcomes.wall, RANGE, method="inverted_cdf")
        more = {"wall_low": low, "wall_high": high, "unfinished": 1 - np.isfinite(outcomes.wall).mean()}
        more["renewal_running"] = renewal_running_hours(job, trace.up)
        rows.append(_beside(job, trace.rate, trace.wait_hours, outcomes) | more)
    return pd.DataFrame(rows, index=found.index)


def agreement(
    job: Job, rates: Sequence[float], *, wait_hours: float, jobs: int = STARTS, seed: int = SEED
) -> pd.DataFrame:
    """Closed form and simulation side by side where the assumptions hold, for rates above 0.

    Returns
    -------
    DataFrame
        rate, and for running and wall: the closed form (closed_…), the mean (…), its Monte Carlo standard error
        (…_error) and how many of these they differ by (…_z).
    """
    rows = [
        _beside(job, rate, wait_hours, simulate(job, rate, wait_hours, jobs=jobs, rng=rng))
        for rate, rng in zip(rates, np.random.default_rng(seed).spawn(len(rates)), strict=True)
    ]
    return pd.DataFrame(rows)


def _beside(job: Job, rate: float, wait_hours: float, outcomes: Outcomes) -> dict[str, float]:
    """Closed form, mean, its error and how many of these they differ by, of the hours billed and of all."""
    row = {"rate": rate}
    closed = {"running": running_hours(job, rate), "wall": wall_hours(job, rate, wait_hours)}
    for what, expected in closed.items():
        values = getattr(outcomes, what)
        mean = values.mean()
        error = values.std(ddof=1) / np.sqrt(len(values)) if np.isfinite(mean) else np.nan
        row |= {f"closed_{what}": expected, what: mean, f"{what}_error": error, f"{what}_z": (mean - expected) / error}
    return row


#: Rates at which the closed form is drawn, and simulated, per hour.
DRAWN_RATES, SIMULATED_RATES = (0.01, 2.0), (0.01, 0.03, 0.1, 0.3, 0.8)


@dataclass(frozen=True, slots=True, eq=False)
class AgainstRates:
    """Closed form, simulation and replay of some jobs, in hours an hour of computing.

    Attributes
    ----------
    curves : DataFrame
        job, rate, closed.
    simulated : DataFrame
        job, rate, closed, running, error.
    replayed : DataFrame
        job, `TRACE`, rate, closed, renewal, running, error, closed_wall, wall, wall_low, wall_high.
    """

    curves: pd.DataFrame
    simulated: pd.DataFrame
    replayed: pd.DataFrame


def against_rates(
    spot_runs: SpotRuns, jobs: Mapping[str, Job], *, starts: int = STARTS, seed: int = SEED
) -> AgainstRates:
    """What `beside_closed_form` and `agreement` give for some named jobs, over rates, each for an hour of computing."""
    curves, simulated, replayed = [], [], []
    hours = {"closed_running": "closed", "renewal_running": "renewal", "running": "running", "running_error": "error"}
    hours |= {name: name for name in ("closed_wall", "wall", "wall_low", "wall_high")}
    rates = np.geomspace(*DRAWN_RATES, 60)
    for name, job in jobs.items():
        closed = [running_hours(job, rate) / job.hours for rate in rates]
        curves.append(pd.DataFrame({"job": name, "rate": rates, "closed": closed}))
        points = agreement(job, SIMULATED_RATES, wait_hours=0.0, jobs=starts, seed=seed)
        replays = beside_closed_form(spot_runs, job, starts=starts, seed=seed).reset_index()
        for table, into in ((points, simulated), (replays, replayed)):
            own = table.filter([*TRACE, "rate"]).join(table.filter(list(hours)).rename(columns=hours) / job.hours)
            into.append(own.assign(job=name))
    return AgainstRates(*(pd.concat(tables, ignore_index=True) for tables in (curves, simulated, replayed)))
