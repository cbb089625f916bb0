"""What is proved: a network, what becomes of its weights, and how its numbers are cut up."""

from dataclasses import dataclass
from typing import Literal, get_args

from analysis.verifiable_ai.measure.inference import RUNS
from analysis.verifiable_ai.shapes import Shape, parse

#: Fixed: part of the public verifying key. Hashed: hidden, and their Poseidon hash is public. Committed: hidden, and
#: the proof carries a polynomial commitment to them. Private: hidden, and bound to nothing, so that whoever proves may
#: take any weights of this shape.
Weights = Literal["fixed", "hashed", "committed", "private"]
#: No proof: time the network, or count the rows of its circuit.
Only = Literal["inference", "rows"]
#: Numbers are rounded to multiples of 2⁻⁷.
SCALE = 7
#: Columns of a block. Two are cheapest; eight make a circuit shorter and its proof 2.6 times dearer.
INNER_COLUMNS = 2
#: Base and digits into which numbers are cut for range checks. ezkl's own need 2¹⁵ rows for any network; the small ones
#: need 2¹⁰, at more rows for each number.
DECOMPOSITIONS = {"16384x2": (16384, 2), "256x4": (256, 4)}
DEFAULT_DECOMPOSITION = "16384x2"


@dataclass(frozen=True, slots=True)
class Circuit:
    """One thing to measure: the whole proof, unless `only` says what of it; `repeat` is 0 for the first time."""

    network: Shape
    weights: Weights = "fixed"
    decomposition: str = DEFAULT_DECOMPOSITION
    repeat: int = 0
    threads: int = 2
    only: Only | None = None

    @property
    def run_id(self) -> str:
        """Network, options and repeat: what a row of the table is known by; runs of an inference add their number.

        Examples
        --------
        >>> circuit("mlp:8,16,8/private/256x4").run_id
        'mlp:8,16,8|private s7 c2 d256x4 t2|0'
        >>> circuit("mlp:8,16,8", only="inference").run_id, circuit("mlp:8,16,8", only="inference").last_row
        ('mlp:8,16,8|inference t2 n30|0', 'mlp:8,16,8|inference t2 n30|0|30')
        """
        if self.only == "inference":
            options = f"inference t{self.threads} n{RUNS}"
        else:
            how = "rows" if self.only else f"t{self.threads}"
            options = f"{self.weights} s{SCALE} c{INNER_COLUMNS} d{self.decomposition} {how}"
        return f"{self.network}|{options}|{self.repeat}"

    @property
    def last_row(self) -> str:
        """Id of the last of its rows in the table."""
        return f"{self.run_id}|{RUNS}" if self.only == "inference" else self.run_id

    def __str__(self) -> str:
        cut = "" if self.decomposition == DEFAULT_DECOMPOSITION else f"/{self.decomposition}"
        again = f" (repeat {self.repeat})" if self.repeat else ""
        return f"{self.network}/{self.weights}{cut}{again}"


def circuit(text: str, *, repeat: int = 0, threads: int = 2, only: Only | None = None) -> Circuit:
    """The circuit that a text such as ``mlp:8,16,8/private/256x4`` means.

    It holds the network, and, if not the defaults, weights (fixed) and decomposition (16384x2), in any order.

    Raises
    ------
    ValueError
        If a part is unknown, or the network reads ids of tokens and more than its inference is asked for.

    Examples
    --------
    >>> str(circuit("tfm:T1,d16,h2/private")), str(circuit("mlp:8,16,8/256x4"))
    ('tfm:T1,d16,h2/private', 'mlp:8,16,8/fixed/256x4')
    >>> circuit("mlp:8,16,8/secret")
    Traceback (most recent call last):
        ...
    ValueError: mlp:8,16,8/secret: 'secret' is none of fixed, hashed, committed, private, 16384x2, 256x4
    """
    name, *options = text.split("/")
    network = parse(name)
    if network.context and only != "inference":
        raise ValueError(f"{text}: a network that reads ids is timed, not proved; leave c out")
    kinds = dict.fromkeys(get_args(Weights), "weights") | dict.fromkeys(DECOMPOSITIONS, "decomposition")
    for option in options:
        if option not in kinds:
            raise ValueError(f"{text}: {option!r} is none of {', '.join(kinds)}")
    chosen = {kinds[option]: option for option in options}
    return Circuit(network, **chosen, repeat=repeat, threads=threads, only=only)
