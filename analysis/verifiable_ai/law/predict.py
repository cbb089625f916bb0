"""From the shape of a network and a machine to the time, memory and cost of a proof, each with its interval.

Three laws in a row: rows of the circuit (`rows`), processor time and memory of columns × 2^k cells (`law`), and how far
several processors were kept busy. Where the rows may or may not fit under a power of two, the prediction is a mixture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from analysis.engine.inference.resampling import CONFIDENCE
from analysis.engine.words.formats import number
from analysis.tables.proving import ZkCircuits, ZkProofs
from analysis.verifiable_ai.law.memory import memory_law
from analysis.verifiable_ai.law.powers import Law, observations, of_law, row_floor, time_law
from analysis.verifiable_ai.law.rows import COLUMNS, DECOMPOSITION_BASE, fit_rows
from analysis.verifiable_ai.machines import SECONDS_PER_HOUR
from analysis.verifiable_ai.shapes import GPT2, LARGEST_K, Shape

#: What can be asked of a machine: cores, GiB, USD per hour.
LIMITS = {"cores": 4096, "memory_gib": 65_536.0, "usd_per_hour": 10_000.0}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A predicted value, its 95 % interval, and the unit."""

    value: float
    low: float
    high: float
    unit: str

    def times(self, factor: float, unit: str) -> "Quantity":
        """The same number of times as much, in another unit."""
        return Quantity(self.value * factor, self.low * factor, self.high * factor, unit)


@dataclass(frozen=True, slots=True)
class ProverMachine:
    """A machine to prove on, a thread on each core; without a price there is no cost. ValueError if it cannot exist."""

    cores: int
    memory_gib: float
    usd_per_hour: float | None = None

    def __post_init__(self) -> None:
        for name, most in LIMITS.items():
            value = getattr(self, name)
            if value is None and name == "usd_per_hour":
                continue
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= most:
                raise ValueError(f"{name} must be a number above 0 and at most {most:g}, not {value!r}")
        if self.cores != int(self.cores):
            raise ValueError(f"cores must be a whole number, not {self.cores!r}")


@dataclass(frozen=True, slots=True)
class Prediction:
    """What one proof of one inference takes.

    Attributes
    ----------
    rows : Quantity
        Rows that the network needs, with the prediction interval of the row law.
    k : mapping
        k -> probability.
    cpu, wall, memory : Quantity
        Processor seconds, wall seconds on the machine, GiB at the peak.
    cost : Quantity or None
        USD; None where the machine has no price.
    efficiency : tuple of float
        Shares of the threads' time that proving used, each taken as likely as the others.
    doublings : float
        Doublings of columns × 2^k beyond the largest circuit that we proved, at the most probable k.
    family_doublings : float
        Beyond the largest of its family.
    fits : float
        Probability that the memory suffices.
    accepted : float
        Probability that EZKL accepts the circuit as it is: it refuses a k above `shapes.LARGEST_K`.
    """

    shape: Shape
    machine: ProverMachine
    rows: Quantity
    k: Mapping[int, float]
    cpu: Quantity
    wall: Quantity
    memory: Quantity
    cost: Quantity | None
    efficiency: tuple[float, ...]
    doublings: float
    family_doublings: float
    fits: float
    accepted: float

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader has to know: extrapolation, too little memory, refusal."""
        said, sure = [], (1 + CONFIDENCE) / 2
        if self.doublings:
            said.append(f"extrapolates by {self.doublings:.0f} doublings beyond the largest circuit that we proved")
        if self.fits < sure:
            how = "too little" if self.fits < 1 - sure else "perhaps too little"
            needs = f"{number(self.memory.value)} GiB ({number(self.memory.low)} to {number(self.memory.high)})"
            said.append(f"{self.machine.memory_gib:g} GiB are {how} memory: proving takes {needs}")
        if self.accepted < sure:
            said.append(
                f"the circuit needs k above {LARGEST_K} with probability {1 - self.accepted:.2f}, which EZKL refuses: "
                "it would have to be spread over more columns or split"
            )
        return tuple(said)


@dataclass(frozen=True, slots=True)
class Mixture:
    """A mixture of log-t distributions: which k it is, which efficiency, and the error of the law.

    Attributes
    ----------
    weights, means, scales : tuple of float
        Of the components, in logarithms.
    df : int
        Degrees of freedom of all of them.

    Examples
    --------
    >>> round(Mixture((0.5, 0.5), (0.0, 0.0), (1.0, 1.0), 5).quantile(0.5), 9)
    1.0
    """

    weights: tuple[float, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    df: int

    def up_to(self, value: float) -> float:
        """Probability of at most this value."""
        z = (np.log(value) - np.array(self.means)) / np.array(self.scales)
        return float(np.array(self.weights) @ stats.t.cdf(z, self.df))

    def quantile(self, p: float) -> float:
        """Value that is reached with probability p."""
        ends = np.array(self.means) + np.array(self.scales) * stats.t.ppf(p, self.df)
        low, high = ends.min(), ends.max()
        if high - low < 1e-12:
            return float(np.exp(low))
        return float(np.exp(optimize.brentq(lambda log: self.up_to(np.exp(log)) - p, low - 1e-9, high + 1e-9)))

    def quantity(self, unit: str) -> Quantity:
        """Median and the central 95 %."""
        tail = (1 - CONFIDENCE) / 2
        return Quantity(self.quantile(0.5), self.quantile(tail), self.quantile(1 - tail), unit)


def mixture(law: Law, shape: Shape, k: Mapping[int, float], divisors: Sequence[float] = (1.0,)) -> Mixture:
    """Cost over every k and every divisor, such as threads × efficiency, the divisors equally likely.

    Parameters
    ----------
    law : Law
        Against cells.
    k : mapping
        k -> probability.
    """
    parts = []
    for power, weight in k.items():
        mean, error = law.log_prediction(shape.family, COLUMNS * 2.0**power)
        parts += [(weight / len(divisors), mean - np.log(divisor), error) for divisor in divisors]
    weights, means, scales = zip(*parts, strict=True)
    return Mixture(weights, means, scales, law.df)


def efficiencies(zk_proofs: ZkProofs) -> tuple[float, ...]:
    """Processor time over wall time × threads, of every circuit proved on several threads, in ascending order.

    One number a circuit, by sums over its proofs, at k of at least `analysis.verifiable_ai.law.powers.MINIMUM_K`. Other
    programs ran on the measuring machine, which lowers it; proving is never fully parallel, which lowers it too. So a
    machine of its own should do better than most of these.

    Raises
    ------
    ValueError
        If no proof was made on several threads.
    """
    proofs = of_law(observations(zk_proofs), above_floor=False)
    several = proofs[proofs["threads"] > 1]
    if several.empty:
        raise ValueError("no proof was made on several threads: the parallel efficiency is unknown")
    sums = several.assign(offered=several["wall_s"] * several["threads"]).groupby("circuit")[["cpu_s", "offered"]].sum()
    return tuple(sorted((sums["cpu_s"] / sums["offered"]).clip(upper=1.0).tolist()))


def predict_proof(
    zk_proofs: ZkProofs,
    zk_circuits: ZkCircuits,
    *,
    shape: Shape,
    machine: ProverMachine,
    efficiency: Sequence[float] | None = None,
) -> Prediction:
    """Time, memory and cost of one proof with EZKL, weights fixed or private.

    Parameters
    ----------
    shape : Shape
        Its input is one vector a token: the look-up of words in the table of embeddings is outside.
    efficiency : sequence of float, optional
        Share of the threads' time that proving uses, in (0, 1]; default: what we saw, `efficiencies`. We saw two
        threads only, so that more than two is an assumption.

    Raises
    ------
    ValueError
        If the shape's family was never proved, or spends rows on what was never compiled, or an efficiency is not in
        (0, 1].

    Examples
    --------
    >>> from analysis.engine.data.tables import load
    >>> from analysis.verifiable_ai.shapes import parse
    >>> found = predict_proof(
    ...     load("zk_proofs"), load("zk_circuits"), shape=parse("mlp:64,128,64"), machine=ProverMachine(2, 16.0, 0.1)
    ... )
    >>> list(found.k), found.doublings, found.fits > 0.99
    ([15], 0.0, True)
    """
    shares = efficiencies(zk_proofs) if efficiency is None else tuple(map(float, efficiency))
    if not shares or not all(0 < share <= 1 for share in shares):
        raise ValueError(f"an efficiency is a share above 0 and at most 1, not {shares}")
    time, memory = time_law(zk_proofs), memory_law(zk_proofs)
    rows = fit_rows(zk_circuits, zk_proofs, shape.family)
    k = rows.k(shape, floor=row_floor(DECOMPOSITION_BASE))
    threads = [machine.cores * share if machine.cores > 1 else 1.0 for share in shares]
    seconds, needed = mixture(time, shape, k, threads).quantity("s"), mixture(memory, shape, k)
    cells = COLUMNS * 2.0 ** max(k, key=k.get)
    return Prediction(
        shape=shape,
        machine=machine,
        rows=Quantity(*rows.interval(shape), "rows"),
        k=k,
        cpu=mixture(time, shape, k).quantity("s"),
        wall=seconds,
        memory=needed.quantity("GiB"),
        cost=machine.usd_per_hour and seconds.times(machine.usd_per_hour / SECONDS_PER_HOUR, "USD"),
        efficiency=shares,
        doublings=time.doublings(cells),
        family_doublings=time.doublings(cells, shape.family),
        fits=needed.up_to(machine.memory_gib),
        accepted=sum(p for power, p in k.items() if power <= LARGEST_K),
    )


def wall_on(prediction: Prediction, cores: int) -> Quantity:
    """Wall seconds of a predicted proof with every processor of another machine in use, at the same efficiencies.

    Raises
    ------
    ValueError
        If either machine has one core only: there is no efficiency in it.
    """
    own = prediction.machine.cores
    if min(own, cores) < 2:
        raise ValueError(f"parallel efficiency says nothing of one core: from {own} to {cores}")
    return prediction.wall.times(own / cores, "s")


def gpt2_prediction(
    zk_proofs: ZkProofs, zk_circuits: ZkCircuits, *, machine: ProverMachine | None = None
) -> Prediction:
    """One proof of one forward pass of GPT-2.

    A complete forward pass of one token: 12 blocks, the last normalisation, and the output layer with its 50,257
    logits. Only the look-up of the token's own row in the table of embeddings is outside the circuit. Wall seconds are
    processor seconds over threads × the efficiencies that we observed.

    Parameters
    ----------
    machine : ProverMachine, optional
        Default: the machine of the last proof in the table, as if it had the memory.

    Raises
    ------
    ValueError
        If the tables do not determine the laws.
    """
    return predict_proof(zk_proofs, zk_circuits, shape=GPT2, machine=machine or measuring_machine(zk_proofs))


def measuring_machine(zk_proofs: ZkProofs) -> ProverMachine:
    """The machine of the last proof of a table, without a price.

    Raises
    ------
    ValueError
        If the table is empty.
    """
    if zk_proofs.empty:
        raise ValueError("the table holds no proof, so that no machine measured")
    last = zk_proofs.sort_values("measured_at", kind="stable").iloc[-1]
    return ProverMachine(int(last["cores"]), float(last["memory_gib"]))
