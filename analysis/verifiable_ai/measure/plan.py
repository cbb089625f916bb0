"""Which circuits are measured in which order, what each is expected to cost, and what has no room on a machine."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from analysis.verifiable_ai.measure.circuits import Circuit, Only, circuit
from analysis.verifiable_ai.measure.machine import Room
from analysis.verifiable_ai.measure.processes import GIB
from analysis.verifiable_ai.shapes import Family, macs, parameters

#: Measured by default, from 2¹⁰ rows to 2¹⁸: perceptrons, blocks on one token and on four.
NETWORKS = ("mlp:8,16,8/256x4", "mlp:16,32,32,8/256x4", "mlp:32,64,32/256x4", "mlp:64,128,64/256x4", "tfm:T1,d16,h2")
NETWORKS += ("tfm:T1,d32,h4", "mlp:128,256,128", "tfm:T1,d64,h4", "tfm:T1,d96,h4", "tfm:T4,d16,h2", "tfm:T1,d128,h4")
NETWORKS += ("mlp:256,512,256",)
#: Other kinds of weights than fixed and private ones that are measured too.
MORE_WEIGHTS = {"mlp:8,16,8/256x4": ("committed", "hashed"), "tfm:T1,d16,h2": ("committed",)}
LADDER = tuple(
    f"{network}/{weights}" for network in NETWORKS for weights in ("fixed", "private", *MORE_WEIGHTS.get(network, ()))
)


@dataclass(frozen=True, slots=True)
class PerRow:
    """What one of 2^k rows costs in a kind of circuit: CPU time, the proving key on disk, memory at the peak.

    The origin is in the comment at each.
    """

    setup_us: float
    prove_us: float
    key_bytes: float
    memory_bytes: float


#: From 47 proofs with ezkl 23.0.5 on two cores of an AMD EPYC, 22 November 2026, rounded up: `prove_cpu_s`, `pk_bytes`
#: and `prove_peak_gib` at 2¹⁵ rows and more, divided by 2^k; the setup from the first rows that this package measured
#: there.
PER_ROW: dict[Family, PerRow] = {
    "perceptron": PerRow(setup_us=140, prove_us=190, key_bytes=4_230, memory_bytes=11_000),
    "transformer, one token": PerRow(setup_us=200, prove_us=285, key_bytes=6_150, memory_bytes=16_700),
    "transformer, several tokens": PerRow(setup_us=500, prove_us=850, key_bytes=18_380, memory_bytes=46_000),
}
#: The chip that computes the hash adds these to every row, and this number of rows for each parameter.
HASHING = PerRow(setup_us=140, prove_us=150, key_bytes=5_830, memory_bytes=12_000)
HASH_ROWS_PER_PARAMETER = 41.01
#: Rows of a circuit: for each multiply–accumulate of a matrix product, for each unit of a perceptron's inner layers,
#: for each coordinate of each token in a block; the latter two by decomposition. Within a factor of 1.7 of every
#: circuit that was compiled in November 2026.
ROWS_PER_MAC = 0.5
ROWS_PER_UNIT = {"16384x2": 16.5, "256x4": 24}
ROWS_PER_COORDINATE = {"16384x2": 612, "256x4": 890}
#: Fewest rows, as a power of two.
LEAST_K = {"16384x2": 15, "256x4": 10}
#: One core makes the string of 2^k points at this rate; 128 bytes for each are kept.
SRS_US_PER_ROW, SRS_BYTES_PER_ROW = 330, 128
#: Compiling and calibrating, for each row used.
CALIBRATION_US_PER_ROW = 12
#: The eleven processes of a proof, the inference timed in one of them, and the smallest circuit.
FIXED_S = 3.3
#: A process before it has any rows, and what else a proof writes.
FIXED_MEMORY_BYTES, FIXED_DISK_BYTES = 0.05 * GIB, 2e7
#: Bytes for each parameter while a network is compiled and calibrated: 1.7 GiB at 3.8 million in one wide layer, 1.6
#: GiB at 7.1 million in a block.
MEMORY_BYTES_PER_PARAMETER, DISK_BYTES_PER_PARAMETER = 485, 40
#: The same while it is timed: 2.1 GiB for GPT-2.
INFERENCE_BYTES_PER_PARAMETER = 19


class NoRoomError(RuntimeError):
    """A circuit that needs more disk or memory than there is."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a circuit of 2^k rows is expected to take over all stages, and at the peak.

    The structured reference string is counted as if it had to be made.
    """

    k: int
    cpu_seconds: float
    wall_seconds: float
    disk_bytes: float
    memory_bytes: float


def rows(planned: Circuit) -> float:
    """Rows that a circuit is expected to use.

    Examples
    --------
    >>> round(rows(circuit("tfm:T1,d768,h12")))  # 3,939,412 when compiled
    4009728
    """
    network, cut = planned.network, planned.decomposition
    if network.widths:
        units = sum(network.widths[1:-1]) * ROWS_PER_UNIT[cut]
    else:
        units = network.layers * network.tokens * network.width * ROWS_PER_COORDINATE[cut]
    used = ROWS_PER_MAC * macs(network) + units
    return max(used, HASH_ROWS_PER_PARAMETER * parameters(network)) if planned.weights == "hashed" else used


def cost(planned: Circuit, *, k: int | None = None) -> Cost:
    """What a circuit is expected to take on the machine of `PER_ROW`; its k is that of `rows` until it is known.

    Examples
    --------
    >>> expected = cost(circuit("tfm:T1,d64,h4"))
    >>> expected.k, expected.wall_seconds < expected.cpu_seconds < 60
    (16, True)
    """
    used = rows(planned)
    if k is None:
        k = max(LEAST_K[planned.decomposition], (int(used) - 1).bit_length())
    of_network = parameters(planned.network)
    memory = FIXED_MEMORY_BYTES + MEMORY_BYTES_PER_PARAMETER * of_network
    disk = FIXED_DISK_BYTES + DISK_BYTES_PER_PARAMETER * of_network
    alone = FIXED_S + 1e-6 * CALIBRATION_US_PER_ROW * used
    if planned.only == "inference":
        return Cost(
            k, FIXED_S, FIXED_S, FIXED_DISK_BYTES, FIXED_MEMORY_BYTES + INFERENCE_BYTES_PER_PARAMETER * of_network
        )
    if planned.only == "rows":
        return Cost(k, alone, alone, disk, memory)
    n, each, hashing = 2**k, PER_ROW[planned.network.family], planned.weights == "hashed"
    both = 1e-6 * n * (each.setup_us + each.prove_us + hashing * (HASHING.setup_us + HASHING.prove_us))
    alone += 1e-6 * n * SRS_US_PER_ROW
    return Cost(
        k=k,
        cpu_seconds=alone + both,
        wall_seconds=alone + both / planned.threads,
        disk_bytes=disk + n * (SRS_BYTES_PER_ROW + each.key_bytes + hashing * HASHING.key_bytes),
        memory_bytes=max(memory, FIXED_MEMORY_BYTES + n * (each.memory_bytes + hashing * HASHING.memory_bytes)),
    )


def ladder(
    names: Iterable[str] = LADDER, *, repeats: int = 1, threads: int = 2, only: Only | None = None
) -> list[Circuit]:
    """Circuits by expected cost, the cheapest first, and all of a repeat before the next.

    Raises
    ------
    ValueError
        If a name means no circuit.

    Examples
    --------
    >>> [str(one) for one in ladder(["tfm:T1,d64,h4", "mlp:8,16,8/256x4"], repeats=2)][:3]
    ['mlp:8,16,8/fixed/256x4', 'tfm:T1,d64,h4/fixed', 'mlp:8,16,8/fixed/256x4 (repeat 1)']
    """
    named = [circuit(name, threads=threads, only=only) for name in names]
    one = sorted({c.run_id: c for c in named}.values(), key=lambda planned: cost(planned).cpu_seconds)
    return [replace(c, repeat=repeat) for repeat in range(repeats) for c in one]


def require_room(planned: Circuit, have: Room, *, k: int | None = None) -> None:
    """Refuse a circuit that does not fit.

    Raises
    ------
    NoRoomError
        Naming circuit, need and what there is.

    Examples
    --------
    >>> require_room(circuit("tfm:T1,d64,h4"), Room(disk_bytes=1e8, memory_bytes=8e9))
    Traceback (most recent call last):
        ...
    analysis...NoRoomError: tfm:T1,d64,h4/fixed needs about 0.40 GiB of disk; there are 0.09 GiB
    """
    needed = cost(planned, k=k)
    for what, need, there in (
        ("disk", needed.disk_bytes, have.disk_bytes),
        ("memory", needed.memory_bytes, have.memory_bytes),
    ):
        if need > there:
            raise NoRoomError(f"{planned} needs about {need / GIB:.2f} GiB of {what}; there are {there / GIB:.2f} GiB")
