"""For the practitioner: where a batch job on a given GPU is cheapest, and what could make that untrue.

Cost is GPU-hours of running times price. A job at a spot or bid price is interrupted at a rate that the reader gives or
that we have evidence of; at other prices it is taken as never interrupted, and the rate at which that would cost more
than a hyperscaler is given instead. A batch job is taken to fill the machine that it rents.
"""

import math
from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from analysis.compute.interruptions.closed_form import Job, break_even_rate, require_rate, running_hours, wall_hours
from analysis.compute.interruptions.offers import INTERRUPTED, WITHIN_DAYS, offers
from analysis.compute.interruptions.replay import traces
from analysis.tables.gpu import GpuPrices
from analysis.tables.interruptions import SpotRuns
from analysis.tables.networks import ComputeAvailability

HOURS_PER_MONTH = 365.25 * 24 / 12
#: What can be asked for: GPU-hours, GPUs, delay as a multiple of the job's own length.
LIMITS = {"gpu_hours": 1e9, "gpus": 1_000_000, "delay_tolerance": math.inf}
YES, PERHAPS, NO, UNKNOWN = "yes", "perhaps", "no", "not known"
NONE_ASSUMED, NOT_KNOWN, GIVEN = "none, assumed", "not known", "given"


@dataclass(frozen=True, slots=True)
class BatchJob:
    """What a reader wants to run.

    Attributes
    ----------
    gpu_model : str
        As in `gpu_prices`, with its memory, such as "H100-80GB".
    gpu_hours : float
        GPU-hours of computing that the job needs.
    checkpoint_hours, restart_hours : float
        Hours that saving takes, and a restart after an interruption.
    checkpoint_every_hours : float or None
        Hours of computing between checkpoints; None: as often as is best at each rate.
    gpus : int
        GPUs that work at the same time; the job is interrupted as a whole.
    delay_tolerance : float
        Longest time to the end that is accepted, as a multiple of the time without interruptions; 1 or more.

    Raises
    ------
    ValueError
        If it cannot exist.

    Examples
    --------
    >>> BatchJob("L4-24GB", gpu_hours=100, checkpoint_hours=0.05, restart_hours=0.1, gpus=4).job.hours
    25.0
    >>> BatchJob("L4-24GB", gpu_hours=-1, checkpoint_hours=0.05, restart_hours=0.1)
    Traceback (most recent call last):
    ...
    ValueError: gpu_hours must be a number above 0 and at most 1e+09, not -1
    """

    gpu_model: str
    gpu_hours: float
    checkpoint_hours: float
    restart_hours: float
    checkpoint_every_hours: float | None = None
    gpus: int = 1
    delay_tolerance: float = math.inf

    def __post_init__(self) -> None:
        for name, most in LIMITS.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, Real) or not 0 < value <= most:
                raise ValueError(f"{name} must be a number above 0 and at most {most:g}, not {value!r}")
        if self.gpus != int(self.gpus):
            raise ValueError(f"gpus must be a whole number, not {self.gpus!r}")
        if self.delay_tolerance < 1:
            raise ValueError(f"delay_tolerance must be 1 or more, not {self.delay_tolerance!r}")
        _ = self.job  # which refuses what is wrong with its own hours

    @property
    def job(self) -> Job:
        """The job on its GPUs, in hours of their running."""
        return Job(self.gpu_hours / self.gpus, self.checkpoint_every_hours, self.checkpoint_hours, self.restart_hours)


@dataclass(frozen=True, slots=True)
class Interruptions:
    """How often a job is interrupted, and how long it then waits.

    Attributes
    ----------
    low, high : float
        Interruptions per hour of running.
    wait_low, wait_high : float
        Mean hours until capacity is there again; NaN where nothing is known of it.
    basis : str
        Where the numbers are from.

    Raises
    ------
    ValueError
        If a rate or a wait is none, or low is above high.
    """

    low: float
    high: float
    wait_low: float = math.nan
    wait_high: float = math.nan
    basis: str = GIVEN

    def __post_init__(self) -> None:
        if require_rate(self.low) > require_rate(self.high) or self.wait_low > self.wait_high:
            raise ValueError(
                f"low is above high: rates {self.low} to {self.high}, waits {self.wait_low} to {self.wait_high}"
            )
        if min(self.wait_low, self.wait_high) < 0 or math.inf in (self.wait_low, self.wait_high):
            raise ValueError(f"waits are finite hours, 0 or more, not {self.wait_low} to {self.wait_high}")

    @property
    def middle(self) -> float:
        """The rate in the middle of the band: geometric, since bands span orders of magnitude; half of it from 0."""
        return math.sqrt(self.low * self.high) if self.low > 0 else self.high / 2


NEVER = Interruptions(0.0, 0.0, 0.0, 0.0, NONE_ASSUMED)


def hourly(share: float) -> float:
    """Interruptions per hour at which a share of machines, from 0 to below 1, is interrupted within a month.

    Raises
    ------
    ValueError
        If it is no such share.

    Examples
    --------
    >>> round(1 / hourly(0.2) / 24)  # days between two interruptions
    136
    """
    if not 0 <= share < 1:
        raise ValueError(f"a share of machines interrupted in a month is from 0 to below 1, not {share!r}")
    return -math.log1p(-share) / HOURS_PER_MONTH


def evidence(gpu_model: str, *, spot_runs: SpotRuns, compute_availability: ComputeAvailability) -> Interruptions | None:
    """What is known of interruptions of a GPU at spot prices, None where nothing is; all of it is of AWS.

    Two kinds, which differ by orders of magnitude, are joined to one band where a GPU has both. Traces ask for capacity
    all the time, in zones where it was scarce. The advisor's bands say which share of machines was interrupted within
    a month, by way of a competitor of AWS, and nothing of waits. We read them as a constant rate of machines that ran
    all month, which is too low if they ran for less. Evidence of any memory size and form of the same GPU counts; the
    basis names it.

    Examples
    --------
    >>> from analysis.engine.data.tables import load
    >>> tables = {name: load(name) for name in ("spot_runs", "compute_availability")}
    >>> found = evidence("H100-80GB", **tables)
    >>> round(1 / found.high / 24), found.basis
    (136, 'AWS advisor, H100-80GB')
    >>> evidence("RTX4090-24GB", **tables) is None
    True
    """
    rates, waits, basis = [], [], []
    if len(runs := _of_family(spot_runs, gpu_model)):
        found = traces(runs)
        rates += [trace.rate for trace in found]
        waits += [trace.wait_hours for trace in found]
        basis.append(f"AWS traces, {_models(runs)}")
    monthly = compute_availability[compute_availability["metric"] == "interrupted_in_month"]
    if len(bands := _of_family(monthly, gpu_model)):
        rates += [hourly(share) for share in bands[["low", "high", "value"]].stack().dropna()]
        basis.append(f"AWS advisor, {_models(bands)}")
    if not rates:
        return None
    wait_low, wait_high = (min(waits), max(waits)) if waits else (math.nan, math.nan)
    return Interruptions(min(rates), max(rates), wait_low, wait_high, "; ".join(basis))


def _of_family(rows: pd.DataFrame, gpu_model: str) -> pd.DataFrame:
    """Rows of a GPU, whatever its memory."""
    return rows[rows["gpu_model"].str.split("-").str[0] == gpu_model.partition("-")[0]]


def _models(rows: pd.DataFrame) -> str:
    return " and ".join(sorted(rows["gpu_model"].unique()))


def cheapest_places(
    batch: BatchJob,
    *,
    gpu_prices: GpuPrices,
    spot_runs: SpotRuns,
    compute_availability: ComputeAvailability,
    on: pd.Timestamp | str | None = None,
    within_days: int = WITHIN_DAYS,
    interruptions: Interruptions | None = None,
) -> pd.DataFrame:
    """What the job costs at every place with a dated price of its GPU, the cheapest first.

    Parameters
    ----------
    batch : BatchJob
    on, within_days
        Of the prices, as in `offers`.
    interruptions : Interruptions, optional
        At spot and bid prices, wherever they are asked. Default: what `evidence` gives, which is AWS's and stands in
        for the others.

    Returns
    -------
    DataFrame
        What `offers` gives, and

        - interruptions: what the rate rests on; rate_low, rate_high: per hour of running;
        - cost_usd: at the median price and the middle rate; NaN where no rate is known. cost_low, cost_high: at the
          least price and rate, and at the most. A range of what was observed, not a confidence interval.
        - wall_hours, wall_low, wall_high: from asking for the machine to the end, expected; without waits where nothing
          is known of them, and wall_high is NaN then;
        - in_time: whether the tolerance for delay is met: yes, perhaps (it depends on the rate), no, not known;
        - break_even_per_hour: interruptions per hour of running at which the job would cost as much as at the cheapest
          hyperscaler on demand; NaN where it costs as much anyway, or no hyperscaler has a price.

    Raises
    ------
    ValueError
        If the GPU is not in the table, or has no dated price so near.

    Examples
    --------
    >>> from analysis.engine.data.tables import load
    >>> tables = {name: load(name) for name in ("gpu_prices", "spot_runs", "compute_availability")}
    >>> batch = BatchJob("H100-80GB", gpu_hours=100, checkpoint_hours=0.05, restart_hours=0.1, delay_tolerance=1.5)
    >>> places = cheapest_places(batch, **tables)
    >>> places["cost_usd"].dropna().is_monotonic_increasing
    True
    """
    found = offers(gpu_prices, batch.gpu_model, on=on, within_days=within_days)
    known = interruptions or evidence(batch.gpu_model, spot_runs=spot_runs, compute_availability=compute_availability)
    listed = (found["provider_type"] == "hyperscaler") & (found["price_model"] == "on-demand")
    reference = found.loc[listed, "usd_per_gpu_hour"].min()
    rows = [
        _at(batch, place, known if place.price_model in INTERRUPTED else NEVER, reference)
        for place in found.itertuples()
    ]
    costs = pd.concat([found, pd.DataFrame(rows)], axis=1)
    return costs.sort_values(["cost_usd", "cost_low"], kind="stable", na_position="last", ignore_index=True)


def _at(batch: BatchJob, place, interruptions: Interruptions | None, reference: float) -> dict[str, object]:
    """Cost and time of a job at one place: each at the least, the middle and the most of rates, prices and waits."""
    job, price = batch.job, place.usd_per_gpu_hour
    rates = [math.nan] * 3 if interruptions is None else [interruptions.low, interruptions.middle, interruptions.high]
    if interruptions is None:
        running = wall = [running_hours(job, 0.0), math.nan, math.nan]
    elif interruptions is NEVER:  # nothing has to be saved where nothing interrupts
        running = wall = [job.hours] * 3
    else:
        running, wall = [running_hours(job, rate) for rate in rates], _walls(job, rates, interruptions)
    usd = np.array(running) * batch.gpus * [place.low_usd, price, place.high_usd]
    return {
        "interruptions": NOT_KNOWN if interruptions is None else interruptions.basis,
        **dict(zip(("rate_low", "rate_high"), rates[::2], strict=True)),
        **dict(zip(("cost_low", "cost_usd", "cost_high"), usd, strict=True)),
        **dict(zip(("wall_low", "wall_hours", "wall_high"), wall, strict=True)),
        "in_time": _in_time(batch, wall[0], wall[2]),
        "break_even_per_hour": break_even_rate(job, price=price, reference=reference) if reference > price else np.nan,
    }


def _walls(job: Job, rates: list[float], interruptions: Interruptions) -> list[float]:
    """Expected hours to the end at the least, middle and most of rates and waits."""
    least, most = interruptions.wait_low, interruptions.wait_high
    if math.isnan(least) or math.isnan(most):
        low, middle, high = rates
        return [wall_hours(job, low, 0.0), wall_hours(job, middle, 0.0), math.nan if high > 0 else job.hours]
    waits = (least, math.sqrt(least * most), most)
    return [wall_hours(job, rate, wait) for rate, wait in zip(rates, waits, strict=True)]


def _in_time(batch: BatchJob, low: float, high: float) -> str:
    """Whether expected hours from low to high are within the tolerance."""
    allowed = batch.delay_tolerance * batch.job.hours
    if low > allowed:
        return NO
    if math.isnan(high):
        return YES if math.isinf(allowed) else UNKNOWN
    return YES if high <= allowed else PERHAPS
