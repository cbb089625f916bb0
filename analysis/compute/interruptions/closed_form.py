"""What a batch job takes where it may be interrupted, in closed form, and the rate at which a discount is gone.

A job needs some hours of computing and saves its state every so often. An interruption loses what was done since the
last checkpoint; once capacity is there again the job restarts, which takes time of its own and may be interrupted too.
Only running hours are billed: waiting for capacity costs time, not money.

Interruptions are a Poisson process in running time, which `analysis.compute.interruptions.replay` puts to the test.
"""

import math
from dataclasses import dataclass, replace
from numbers import Real

import numpy as np
from scipy import optimize, special

#: The job of the chapter's examples: hours of computing, hours between checkpoints (often, and seldom), minutes to save
#: and to restart. Ours, for illustration.
EXAMPLE_HOURS, EXAMPLE_EVERY_HOURS, SELDOM_EVERY_HOURS = 24.0, 1.0, 4.0
EXAMPLE_CHECKPOINT_MINUTES, EXAMPLE_RESTART_MINUTES = 3.0, 6.0
#: Above this, exp(x) - 1 and exp(x) are the same to double precision, and logarithms are taken directly.
LARGE = 50.0
#: Two numbers of segments nearer than this are the same: hours that do not divide in binary.
ROUNDING = 1e-9
#: No job is interrupted more often than this, per hour: once a millisecond.
HIGHEST_RATE = 3.6e6


@dataclass(frozen=True, slots=True)
class Job:
    """A batch job on one node.

    Attributes
    ----------
    hours : float
        Hours of computing that it needs, without any interruption or checkpoint.
    checkpoint_every_hours : float or None
        Hours of computing between checkpoints; the last stretch may be shorter and is saved too. None: as often as is
        best at the rate of interruptions, see `best_interval`.
    checkpoint_hours : float
        Hours that saving one checkpoint takes.
    restart_hours : float
        Hours of running that a restart takes before the job computes again: starting up and loading. The first start is
        not counted, since it is the same everywhere.

    Raises
    ------
    ValueError
        If it cannot exist.

    Examples
    --------
    >>> Job(24.0, 1.0, 0.05, 0.25).restart_hours
    0.25
    >>> Job(24.0, 0.0, 0.05, 0.25)
    Traceback (most recent call last):
    ...
    ValueError: checkpoint_every_hours must be a finite number above 0, or None for the best, not 0.0
    """

    hours: float
    checkpoint_every_hours: float | None = None
    checkpoint_hours: float = 0.0
    restart_hours: float = 0.0

    def __post_init__(self) -> None:
        _require_positive("hours", self.hours)
        if self.checkpoint_every_hours is not None:
            _require_positive("checkpoint_every_hours", self.checkpoint_every_hours, " or None for the best,")
        for name in ("checkpoint_hours", "restart_hours"):
            value = getattr(self, name)
            if not is_number(value) or value < 0:
                raise ValueError(f"{name} must be a finite number, 0 or more, not {value!r}")


def is_number(value: object) -> bool:
    """Whether a value is a finite number; True and False are none."""
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def _require_positive(name: str, value: object, more: str = "") -> None:
    if not is_number(value) or value <= 0:
        raise ValueError(f"{name} must be a finite number above 0,{more} not {value!r}")


EXAMPLE = Job(EXAMPLE_HOURS, EXAMPLE_EVERY_HOURS, EXAMPLE_CHECKPOINT_MINUTES / 60, EXAMPLE_RESTART_MINUTES / 60)
SELDOM = replace(EXAMPLE, checkpoint_every_hours=SELDOM_EVERY_HOURS)


def require_rate(rate: float) -> float:
    """Give an interruption rate back.

    Raises
    ------
    ValueError
        If it is no rate: not finite, below 0, or above `HIGHEST_RATE`.
    """
    if not is_number(rate) or not 0 <= rate <= HIGHEST_RATE:
        raise ValueError(f"an interruption rate is a number from 0 to {HIGHEST_RATE:g} per hour, not {rate!r}")
    return float(rate)


def stretches(job: Job) -> tuple[int, float]:
    """How many full stretches between checkpoints a job has, and the hours of computing of a last, shorter one.

    Raises
    ------
    ValueError
        If the job leaves its interval open.

    Examples
    --------
    >>> stretches(Job(10.0, 4.0))
    (2, 2.0)
    >>> stretches(Job(24.0, 0.1))
    (240, 0.0)
    """
    if job.checkpoint_every_hours is None:
        raise ValueError("the job leaves its checkpoint interval open: fix it with at_best_interval")
    count = job.hours / job.checkpoint_every_hours
    whole = round(count)
    if abs(count - whole) <= ROUNDING * max(count, 1):
        return whole, 0.0
    return math.floor(count), job.hours - math.floor(count) * job.checkpoint_every_hours


def best_interval(rate: float, checkpoint_hours: float) -> float:
    """Hours of computing between checkpoints that make a long job shortest.

    It minimises (exp(rate (interval + checkpoint)) - 1) / interval. Setting the derivative to zero leaves
    (x - 1) exp(x) = -exp(-rate checkpoint) for x = rate interval, which Lambert's function solves.

    Infinite where nothing interrupts; 0 where saving is free.

    References
    ----------
    Young (1974), "A first order approximation to the optimum checkpoint interval", Communications of the ACM 17(9),
    530-531: the square root of 2 checkpoint / rate, which this approaches as rate times checkpoint vanishes. Daly
    (2006), "A higher order estimate of the optimum checkpoint interval for restart dumps", Future Generation Computer
    Systems 22(3), 303-312, which minimises the same by a series; the tests hold its three examples.

    Examples
    --------
    >>> round(60 * best_interval(1 / 24, 5 / 60))  # Daly's first example: 117 minutes
    117
    """
    if require_rate(rate) == 0:
        return math.inf
    if checkpoint_hours == 0:
        return 0.0
    return float(1 + special.lambertw(-math.exp(-1 - rate * checkpoint_hours)).real) / rate


def at_best_interval(job: Job, rate: float) -> Job:
    """The job with the number of equal stretches that is best at a rate.

    Running hours are convex in that number, so that the best is next to the one that `best_interval` gives.

    Raises
    ------
    ValueError
        If saving is free, so that no interval is best, or the rate is none.

    Examples
    --------
    >>> at_best_interval(Job(24.0, None, 1 / 12), 1 / 24).checkpoint_every_hours
    2.0
    """
    if job.checkpoint_hours == 0 and rate > 0:
        raise ValueError("checkpoints that take no time are best made all the time; give an interval")
    wanted = job.hours / best_interval(rate, job.checkpoint_hours)
    counts = [max(1, n) for n in (math.floor(wanted), math.ceil(wanted))]
    fixed = [replace(job, checkpoint_every_hours=job.hours / n) for n in counts]
    return min(fixed, key=lambda one: _log_running(one, rate))


def running_hours(job: Job, rate: float) -> float:
    """Expected hours that a job runs, and that are billed.

    A stretch of a hours, computing and saving, that interruptions at rate r begin anew succeeds with probability
    p = exp(-r a). An attempt takes (1 - p) / r hours on average, and there are 1 / p of them. Each but the first is
    preceded by a restart, which by the same argument takes (exp(r R) - 1) / r hours. In sum that is
    exp(r R) (exp(r a) - 1) / r a stretch; infinite where it is too large for a number.

    Raises
    ------
    ValueError
        If the rate is none.

    References
    ----------
    Daly (2006), as in `best_interval`: the same expectation a stretch. The sum over a shorter last stretch is ours.

    Examples
    --------
    >>> job = Job(24.0, 2.0, 0.1, 0.25)
    >>> round(running_hours(job, 0.0), 3), round(running_hours(job, 0.1), 3)
    (25.2, 28.751)
    """
    with np.errstate(over="ignore"):
        return float(np.exp(_log_running(job, require_rate(rate))))


def _log_running(job: Job, rate: float) -> float:
    """Logarithm of `running_hours`, which a high rate does not overflow."""
    if job.checkpoint_every_hours is None:
        if job.checkpoint_hours == 0:  # saved all the time, so that only restarts cost
            return math.log(job.hours) + rate * job.restart_hours
        job = at_best_interval(job, rate)
    full, last = stretches(job)
    terms = []
    if full:
        terms.append(math.log(full) + _log_stretch(rate, job.checkpoint_every_hours + job.checkpoint_hours))
    if last:
        terms.append(_log_stretch(rate, last + job.checkpoint_hours))
    return rate * job.restart_hours + float(special.logsumexp(terms))


def _log_stretch(rate: float, length: float) -> float:
    """Logarithm of (exp(rate length) - 1) / rate, which is the length at rate 0."""
    x = rate * length
    grown = x - math.log(x) if x > LARGE else math.log(special.exprel(x))
    return math.log(length) + grown


def wall_hours(job: Job, rate: float, wait_hours: float) -> float:
    """Expected hours from asking for a node at a random time to the end of the job.

    A job of E running hours is interrupted rate E times (Wald's identity), and waits each time. At a random time there
    is no capacity with probability rate wait / (1 + rate wait); the wait that is left then is a whole one on average,
    if waits are exponential too.

    Parameters
    ----------
    job : Job
    rate : float
        Interruptions per hour of running.
    wait_hours : float
        Mean hours until capacity is there again.

    Raises
    ------
    ValueError
        If the rate is none, or the wait is below 0 or not finite.

    Examples
    --------
    >>> round(wall_hours(Job(24.0, 2.0, 0.1, 0.25), 0.1, 0.5), 3)
    30.213
    """
    if not is_number(wait_hours) or wait_hours < 0:
        raise ValueError(f"a mean wait is a finite number of hours, 0 or more, not {wait_hours!r}")
    short = require_rate(rate) * wait_hours
    return running_hours(job, rate) * (1 + short) + wait_hours * short / (1 + short)


def relative_cost(job: Job, rate: float, *, price: float, reference: float) -> float:
    """Cost of a job that may be interrupted, over its cost where nothing interrupts and nothing is saved.

    Prices are USD per hour of running where the job may be interrupted, and, the reference, where it is not.

    Raises
    ------
    ValueError
        If the rate is none or a price is not above 0.

    Examples
    --------
    >>> round(relative_cost(Job(10.0, 10.0), 0.0, price=1.0, reference=4.0), 3)
    0.25
    """
    return running_hours(job, rate) / job.hours * _ratio(price, reference)


def _ratio(price: float, reference: float) -> float:
    _require_positive("the price", price)
    _require_positive("the reference", reference)
    return price / reference


def break_even_rate(job: Job, *, price: float, reference: float) -> float:
    """Interruptions per hour of running at which a discount is gone: both places then cost the same.

    Prices as in `relative_cost`. NaN where there is no discount even without an interruption, since saving alone costs
    as much; infinite where interruptions cost nothing, because saving and restarting are free.

    Raises
    ------
    ValueError
        If a price is not above 0.

    Examples
    --------
    >>> round(break_even_rate(Job(24.0, 2.0, 0.1, 0.25), price=1.0, reference=3.0), 2)
    0.73
    >>> break_even_rate(Job(24.0, 2.0, 0.1, 0.25), price=2.9, reference=3.0)
    nan
    """
    offset = math.log(_ratio(price, reference)) - math.log(job.hours)

    def excess(rate: float) -> float:
        return _log_running(job, rate) + offset

    if excess(0.0) >= 0:
        return math.nan
    if job.checkpoint_every_hours is None and job.checkpoint_hours == job.restart_hours == 0:
        return math.inf
    high = 1 / job.hours
    while excess(high) < 0:
        high *= 2
    return float(optimize.brentq(excess, 0.0, high, xtol=1e-15, rtol=1e-13))
