"""Shapes of networks: what their names say, and how much arithmetic one forward pass takes.

A name says the whole shape. ``mlp:8,16,8`` is a perceptron with layers of these widths and ReLU between them.
``tfm:T1,d16,h2,L1`` is a stack of L transformer blocks of width d with h heads on T tokens: normalisation, causal
attention, normalisation, a perceptron four times as wide, and one more normalisation at the end. With ``v100`` an
output layer of 100 words follows, without bias. With ``v50257,c1024`` the network also reads ids of tokens: it has a
table of embeddings, which the output layer shares, and one of 1,024 positions. `networks` builds what is named.
"""

import re
from dataclasses import dataclass
from typing import Literal

Family = Literal["perceptron", "transformer, one token", "transformer, several tokens"]

FAMILIES: tuple[Family, ...] = ("perceptron", "transformer, one token", "transformer, several tokens")
#: What a letter of a transformer's name counts.
LETTERS = {"T": "tokens", "d": "width", "h": "heads", "L": "layers", "v": "vocabulary", "c": "context"}
#: Width of a block's feed-forward layer over the width of the block.
FEED_FORWARD = 4
#: Largest k that EZKL accepts: the field has roots of unity of order 2^28 and the quotient takes a domain four times
#: as large (ezkl, src/graph/mod.rs, MAX_PUBLIC_SRS).
LARGEST_K = 26


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of a perceptron or of a transformer.

    Attributes
    ----------
    tokens : int
        Positions of the input; 1 for a perceptron.
    width, heads, layers : int
        Of a transformer's blocks; 0 for a perceptron.
    vocabulary : int
        Outputs of a transformer's last layer; 0 where the last normalisation is the output.
    context : int
        Positions that are embedded where the input is ids of tokens; 0 where it is a vector for each token.
    widths : tuple of int
        Inputs, hidden layers and outputs of a perceptron; empty for a transformer.

    Raises
    ------
    ValueError
        If no such network exists.
    """

    tokens: int = 1
    width: int = 0
    heads: int = 0
    layers: int = 0
    vocabulary: int = 0
    context: int = 0
    widths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        of_transformer = (self.width, self.heads, self.layers, self.vocabulary, self.context)
        numbers = (self.tokens, *of_transformer, *self.widths)
        if any(isinstance(number, bool) or not isinstance(number, int) for number in numbers):
            raise ValueError(f"a shape is made of whole numbers, not {self}")
        if self.widths:
            if len(self.widths) < 2 or min(self.widths) < 1:
                raise ValueError(f"a perceptron needs two or more widths of at least 1, not {self.widths}")
            if self.tokens != 1 or any(of_transformer):
                raise ValueError("a perceptron has widths and nothing else; a transformer has no widths")
            return
        if min(self.tokens, self.width, self.heads, self.layers) < 1 or min(self.vocabulary, self.context) < 0:
            raise ValueError(
                "a transformer needs tokens, width, heads and layers of at least 1 and no negative vocabulary or "
                f"context, not {self.tokens}, {self.width}, {self.heads}, {self.layers}, {self.vocabulary}, "
                f"{self.context}"
            )
        if self.width % self.heads:
            raise ValueError(f"{self.heads} heads do not divide a width of {self.width}")
        if self.context and not self.vocabulary:
            raise ValueError("a context (c) needs a vocabulary (v) whose ids are read")
        if self.context and self.tokens > self.context:
            raise ValueError(f"{self.tokens} tokens do not fit a context of {self.context}")

    def __str__(self) -> str:
        if self.widths:
            return "mlp:" + ",".join(map(str, self.widths))
        optional = [("L", self.layers, 1), ("v", self.vocabulary, 0), ("c", self.context, 0)]
        return f"tfm:T{self.tokens},d{self.width},h{self.heads}" + "".join(
            f",{letter}{value}" for letter, value, default in optional if value != default
        )

    @property
    def family(self) -> Family:
        """Family within which proofs cost the same per cell."""
        if self.widths:
            return "perceptron"
        return "transformer, one token" if self.tokens == 1 else "transformer, several tokens"

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of the input: ids of tokens where there is a context, else a vector for each token."""
        if self.widths:
            return (1, self.widths[0])
        return (self.tokens,) if self.context else (self.tokens, self.width)


#: GPT-2 (124 million parameters) with a one-token input: Radford et al. (2019), Language Models are Unsupervised
#: Multitask Learners, table 2, with the vocabulary of section 2.2.
GPT2 = Shape(tokens=1, width=768, heads=12, layers=12, vocabulary=50257)
#: The same with its tables of embeddings and positions, as it runs without a proof.
GPT2_READING_IDS = Shape(tokens=1, width=768, heads=12, layers=12, vocabulary=50257, context=1024)


def parse(model: str) -> Shape:
    """Shape from a model's name, such as "mlp:8,16,8" or "tfm:T1,d16,h2,L1"; one layer where none is named.

    Raises
    ------
    ValueError
        If the name is of neither form.

    Examples
    --------
    >>> parse("mlp:8,16,8")
    Shape(tokens=1, width=0, heads=0, layers=0, vocabulary=0, context=0, widths=(8, 16, 8))
    >>> parse("tfm:T4,d16,h2").layers, str(parse("tfm:T1,d16,h2,L1,v9"))
    (1, 'tfm:T1,d16,h2,v9')
    """
    kind, _, rest = model.partition(":")
    parts = rest.split(",")
    if kind == "mlp" and all(re.fullmatch(r"[0-9]+", part) for part in parts):
        return Shape(widths=tuple(map(int, parts)))
    found = [re.fullmatch(rf"([{''.join(LETTERS)}])([0-9]+)", part) for part in parts]
    names = [match[1] for match in found if match]
    if kind != "tfm" or not all(found) or len(set(names)) < len(names) or not {"T", "d", "h"} <= set(names):
        raise ValueError(f"{model!r} is not a name such as mlp:8,16,8 or tfm:T1,d16,h2,L1,v100")
    return Shape(**{"layers": 1} | {LETTERS[match[1]]: int(match[2]) for match in found})


def macs(shape: Shape) -> int:
    """Multiply–accumulates of the matrix products of one forward pass.

    Examples
    --------
    >>> macs(parse("mlp:8,16,8")), macs(parse("tfm:T4,d16,h2")), macs(GPT2)
    (256, 12800, 123550464)
    """
    return sum(rows * inner * columns * times for rows, inner, columns, times in _products(shape))


def checked_products(shape: Shape) -> int:
    """Products that a circuit spends on one forward pass.

    A product of two matrices is not computed but checked on a random vector (Freivalds 1979), which reads each matrix
    once; a product of a matrix and a vector is computed.

    Examples
    --------
    >>> checked_products(parse("tfm:T1,d16,h2")), checked_products(parse("tfm:T4,d16,h2"))
    (3104, 4544)
    """
    return sum(times * (m * k * n if min(m, n) == 1 else m * k + k * n + m * n) for m, k, n, times in _products(shape))


def _products(shape: Shape) -> list[tuple[int, int, int, int]]:
    """Matrix products as (rows, inner, columns, how many)."""
    if shape.widths:
        return [(1, a, b, 1) for a, b in zip(shape.widths[:-1], shape.widths[1:], strict=True)]
    t, d, h, layers = shape.tokens, shape.width, shape.heads, shape.layers
    wide = FEED_FORWARD * d
    return [
        (t, d, d, 4 * layers),
        (t, d // h, t, h * layers),
        (t, t, d // h, h * layers),
        (t, d, wide, layers),
        (t, wide, d, layers),
        *([(t, d, shape.vocabulary, 1)] if shape.vocabulary else []),
    ]


def parameters(shape: Shape) -> int:
    """Weights, biases, gains and offsets; an output layer shares its weights with the table of embeddings.

    Positions count where they are embedded, so that GPT-2's 1,024 × 768 are not in its circuit, which is given vectors.

    Examples
    --------
    >>> parameters(parse("mlp:8,16,8")), parameters(parse("tfm:T4,d16,h2")), parameters(GPT2_READING_IDS)
    (280, 3312, 124439808)
    """
    if shape.widths:
        return sum((a + 1) * b for a, b in zip(shape.widths[:-1], shape.widths[1:], strict=True))
    d, wide = shape.width, FEED_FORWARD * shape.width
    block = 4 * (d + 1) * d + (d + 1) * wide + (wide + 1) * d + 4 * d
    return shape.layers * block + 2 * d + (shape.vocabulary + shape.context) * d
