"""Networks to be proved or timed: their names, their sizes in closed form, and their ONNX graphs.

A name says the whole shape. ``mlp:8,16,8`` is a perceptron with layers of these widths and ReLU between them.
``tfm:T1,d16,h2,L1`` is a stack of L transformer blocks of width d with h heads on T tokens: normalisation, causal
attention, normalisation, a perceptron four times as wide with quick-GELU, and one more normalisation at the end. With
``v50257,c1024`` it reads token ids of a vocabulary and positions of a context, and ends in one logit for each word.

Weights are random, drawn by a seed: what a proof costs hangs on the shape. Where this departs from GPT-2: quick-GELU
for GELU, 0.01 for 1e-5 under the root of the normalisation, and −8 for −∞ in the causal mask, since a proof counts in
fixed point with few digits. `onnx` and `numpy` are imported where a graph is built, not above.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import onnx

#: The shape of GPT-2 small (Radford et al. 2019, table 2): 124,439,808 parameters, reading one token.
GPT2_SMALL = "tfm:T1,d768,h12,L12,v50257,c1024"
#: ezkl 23 reads this operator set; later ones give the axes of a mean as an input.
OPSET, IR_VERSION = 13, 8
QUICK_GELU = 1.702
#: Weight of what a token must not see, before the softmax: exp(−8) is 0.0003. −1e9 would not fit a lookup table.
MASKED = -8.0
#: Under the root of the normalisation. GPT-2 has 1e-5, which is nought in fixed point at 2⁻⁷.
EPSILON = 0.01
_LETTERS = {"T": "tokens", "d": "width", "h": "heads", "L": "layers", "v": "vocabulary", "c": "context"}
_FORMS = "mlp:8,16,8 or tfm:T1,d16,h2,L1"


@dataclass(frozen=True, slots=True)
class Perceptron:
    """Dense layers with ReLU between them.

    Attributes
    ----------
    widths : tuple of int
        Inputs, then the units of every layer; at least two.
    """

    widths: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.widths) < 2 or min(self.widths) < 1:
            raise ValueError(f"a perceptron needs two or more widths of at least 1, not {self.widths}")

    def __str__(self) -> str:
        return "mlp:" + ",".join(map(str, self.widths))

    @property
    def family(self) -> str:
        """What networks of like cost for each row have in common."""
        return "mlp"

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of the input."""
        return (1, self.widths[0])

    @property
    def params(self) -> int:
        """Weights and biases."""
        return sum(a * b + b for a, b in zip(self.widths, self.widths[1:], strict=False))

    @property
    def macs(self) -> int:
        """Multiply–accumulates of the matrix products."""
        return sum(a * b for a, b in zip(self.widths, self.widths[1:], strict=False))


@dataclass(frozen=True, slots=True)
class Transformer:
    """Transformer blocks, and around them, if there is a vocabulary, the embedding and the head.

    Attributes
    ----------
    tokens : int
        Length of the sequence.
    width, heads, layers : int
        Width of the residual stream, a multiple of the number of heads; attention heads; blocks.
    vocabulary, context : int
        Words and positions that are embedded; both 0 for blocks alone, whose input is a vector for each token. The head
        shares its weights with the embedding.
    """

    tokens: int
    width: int
    heads: int
    layers: int = 1
    vocabulary: int = 0
    context: int = 0

    def __post_init__(self) -> None:
        if min(self.tokens, self.width, self.heads, self.layers) < 1:
            raise ValueError(f"tokens, width, heads and layers of a transformer are at least 1: {self}")
        if self.width % self.heads:
            raise ValueError(f"width {self.width} is no multiple of {self.heads} heads")
        if bool(self.vocabulary) != bool(self.context):
            raise ValueError(f"a vocabulary (v) and a context (c) come together: {self}")
        if self.context and self.tokens > self.context:
            raise ValueError(f"{self.tokens} tokens do not fit a context of {self.context}")

    def __str__(self) -> str:
        optional = [("L", self.layers, 1), ("v", self.vocabulary, 0), ("c", self.context, 0)]
        return f"tfm:T{self.tokens},d{self.width},h{self.heads}" + "".join(
            f",{letter}{value}" for letter, value, default in optional if value != default
        )

    @property
    def family(self) -> str:
        """What networks of like cost for each row have in common."""
        return "tfm"

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of the input: ids of tokens if there is a vocabulary, else a vector for each token."""
        return (self.tokens,) if self.vocabulary else (self.tokens, self.width)

    @property
    def params(self) -> int:
        """Weights, biases, gains and offsets; the head's are the embedding's."""
        d = self.width
        return self.layers * (12 * d * d + 13 * d) + 2 * d + (self.vocabulary + self.context) * d

    @property
    def macs(self) -> int:
        """Multiply–accumulates of the matrix products, those of attention and of the head among them."""
        T, d = self.tokens, self.width
        return self.layers * (12 * T * d * d + 2 * T * T * d) + T * d * self.vocabulary


Network = Perceptron | Transformer


def parse(name: str) -> Network:
    """The network that a name means.

    Parameters
    ----------
    name : str
        Such as ``mlp:8,16,8`` or ``tfm:T1,d16,h2,L1``; L1 may be left out.

    Raises
    ------
    ValueError
        If the name has another form, or no network has this shape.

    Examples
    --------
    >>> parse("tfm:T1,d16,h2,L1")
    Transformer(tokens=1, width=16, heads=2, layers=1, vocabulary=0, context=0)
    >>> str(parse("tfm:T1,d16,h2,L1")), parse("mlp:8,16,8").params, parse(GPT2_SMALL).params
    ('tfm:T1,d16,h2', 280, 124439808)
    >>> parse("tfm:T1,d16,h3")
    Traceback (most recent call last):
        ...
    ValueError: width 16 is no multiple of 3 heads
    """
    kind, _, shape = name.partition(":")
    parts = shape.split(",")
    if kind == "mlp" and all(re.fullmatch(r"[0-9]+", part) for part in parts):
        return Perceptron(tuple(map(int, parts)))
    if kind == "tfm" and all(re.fullmatch(rf"[{''.join(_LETTERS)}][0-9]+", part) for part in parts):
        given = {_LETTERS[part[0]]: int(part[1:]) for part in parts}
        if len(given) == len(parts) and {"tokens", "width", "heads"} <= given.keys():
            return Transformer(**given)
    raise ValueError(f"{name!r} names no network: write {_FORMS}")


def build(network: Network, *, seed: int = 0) -> "onnx.ModelProto":
    """ONNX graph of a network with random weights, float32, inputs called ``input`` and outputs ``output``.

    Parameters
    ----------
    network : Network
    seed : int
        The same seed gives the same weights.

    Returns
    -------
    onnx.ModelProto
        Operator set 13; weights are initializers, and those that count as parameters are called ``param…``.
    """
    import numpy as np

    graph = _Graph(np.random.default_rng(seed))
    if isinstance(network, Perceptron):
        last, out = _perceptron(graph, network), (1, network.widths[-1])
    else:
        last, out = _transformer(graph, network), (network.tokens, network.vocabulary or network.width)
    return graph.model(str(network), last, network.input_shape, out, ids=reads_ids(network))


def example(network: Network, *, seed: int = 0) -> "np.ndarray":
    """A random input of a network: standard normal float32, or ids of tokens (int64) if it has a vocabulary.

    Examples
    --------
    >>> example(parse("mlp:3,2")).shape, example(parse(GPT2_SMALL)).dtype
    ((1, 3), dtype('int64'))
    """
    import numpy as np

    rng = np.random.default_rng([seed, 1])
    if reads_ids(network):
        return rng.integers(network.vocabulary, size=network.input_shape)
    return rng.standard_normal(network.input_shape, dtype=np.float32)


def reads_ids(network: Network) -> bool:
    """Whether the input of a network is ids of tokens.

    Examples
    --------
    >>> reads_ids(parse(GPT2_SMALL)), reads_ids(parse("tfm:T1,d16,h2"))
    (True, False)
    """
    return isinstance(network, Transformer) and network.vocabulary > 0


class _Graph:
    """Nodes and initializers of an ONNX graph in the making."""

    def __init__(self, rng: "np.random.Generator") -> None:
        self.rng = rng
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []

    def constant(self, values: Any, prefix: str = "const") -> str:
        import numpy as np
        from onnx import numpy_helper

        name = f"{prefix}{len(self.initializers)}"
        array = np.asarray(values)
        array = array.astype(np.float32 if array.dtype.kind == "f" else np.int64, copy=False)
        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def weights(self, *shape: int, scale: float) -> str:
        values = self.rng.standard_normal(shape, dtype="float32")
        values *= scale
        return self.constant(values, "param")

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        from onnx import helper

        output = f"value{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], name=f"node{len(self.nodes)}", **attributes))
        return output

    def linear(self, x: str, inputs: int, outputs: int) -> str:
        product = self.op("MatMul", x, self.weights(inputs, outputs, scale=inputs**-0.5))
        return self.op("Add", product, self.weights(outputs, scale=0.02))

    def normalised(self, x: str, width: int) -> str:
        import numpy as np

        centred = self.op("Sub", x, self.op("ReduceMean", x, axes=[-1], keepdims=1))
        variance = self.op("ReduceMean", self.op("Mul", centred, centred), axes=[-1], keepdims=1)
        root = self.op("Sqrt", self.op("Add", variance, self.constant([EPSILON])))
        scaled = self.op("Mul", self.op("Div", centred, root), self.constant(np.ones(width), "param"))
        return self.op("Add", scaled, self.constant(np.zeros(width), "param"))

    def model(
        self, name: str, last: str, input_shape: tuple[int, ...], output_shape: tuple[int, ...], *, ids: bool
    ) -> "onnx.ModelProto":
        from onnx import TensorProto, helper

        next(node for node in self.nodes if node.output[0] == last).output[0] = "output"
        kind = TensorProto.INT64 if ids else TensorProto.FLOAT
        graph = helper.make_graph(
            self.nodes,
            name,
            [helper.make_tensor_value_info("input", kind, input_shape)],
            [helper.make_tensor_value_info("output", TensorProto.FLOAT, output_shape)],
            self.initializers,
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)


def _perceptron(graph: _Graph, network: Perceptron) -> str:
    x = "input"
    for layer, (inputs, outputs) in enumerate(zip(network.widths, network.widths[1:], strict=False)):
        x = graph.linear(graph.op("Relu", x) if layer else x, inputs, outputs)
    return x


def _transformer(graph: _Graph, network: Transformer) -> str:
    import numpy as np

    d, T = network.width, network.tokens
    x, words = "input", None
    if network.vocabulary:
        words = graph.weights(network.vocabulary, d, scale=0.02)
        places = graph.op("Gather", graph.weights(network.context, d, scale=0.02), graph.constant(np.arange(T)))
        x = graph.op("Add", graph.op("Gather", words, x), places)
    for _ in range(network.layers):
        x = graph.op("Add", x, _attention(graph, graph.normalised(x, d), network))
        wide = graph.linear(graph.normalised(x, d), d, 4 * d)
        gate = graph.op("Sigmoid", graph.op("Mul", wide, graph.constant([QUICK_GELU])))
        x = graph.op("Add", x, graph.linear(graph.op("Mul", wide, gate), 4 * d, d))
    x = graph.normalised(x, d)
    return graph.op("Gemm", x, words, transB=1) if words else x


def _attention(graph: _Graph, x: str, network: Transformer) -> str:
    """Causal self-attention on a normalised input, shape (T, d) to (T, d)."""
    import numpy as np

    T, d, h = network.tokens, network.width, network.heads
    split = graph.constant([T, h, d // h])
    query, key, value = (
        graph.op("Transpose", graph.op("Reshape", graph.linear(x, d, d), split), perm=[1, 0, 2]) for _ in range(3)
    )
    scores = graph.op("MatMul", query, graph.op("Transpose", key, perm=[0, 2, 1]))
    scores = graph.op("Mul", scores, graph.constant([(d // h) ** -0.5]))
    if T > 1:
        scores = graph.op("Add", scores, graph.constant(np.triu(np.full((1, T, T), MASKED), 1)))
    mixed = graph.op("MatMul", graph.op("Softmax", scores, axis=-1), value)
    joined = graph.op("Reshape", graph.op("Transpose", mixed, perm=[1, 0, 2]), graph.constant([T, d]))
    return graph.linear(joined, d, d)
