"""Networks to be proved or timed, as ONNX graphs with random weights; `shapes` says what their names mean.

Weights are drawn by a seed: what a proof costs hangs on the shape. Where this departs from GPT-2: quick-GELU for GELU,
0.01 for 1e-5 under the root of the normalisation, and −8 for −∞ in the causal mask, since a proof counts in fixed
point with few digits. `onnx` is an extra, and imported where a graph is built.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.verifiable_ai.shapes import FEED_FORWARD, Shape

if TYPE_CHECKING:
    import onnx

#: ezkl 23 reads this operator set; later ones give the axes of a mean as an input.
OPSET, IR_VERSION = 13, 8
QUICK_GELU = 1.702
#: Weight of what a token must not see, before the softmax: exp(−8) is 0.0003. −1e9 would not fit a lookup table.
MASKED = -8.0
#: Under the root of the normalisation. GPT-2 has 1e-5, which is nought in fixed point at 2⁻⁷.
EPSILON = 0.01


def build(shape: Shape, *, seed: int = 0) -> "onnx.ModelProto":
    """ONNX graph of a network with random weights, float32, inputs called ``input`` and outputs ``output``.

    Returns
    -------
    onnx.ModelProto
        Operator set 13; weights are initializers, and those that count as parameters are called ``param…``.
    """
    graph = _Graph(np.random.default_rng(seed))
    if shape.widths:
        last, out = _perceptron(graph, shape), (1, shape.widths[-1])
    else:
        last, out = _transformer(graph, shape), (shape.tokens, shape.vocabulary or shape.width)
    return graph.model(str(shape), last, shape.input_shape, out, ids=shape.context > 0)


def example(shape: Shape, *, seed: int = 0) -> np.ndarray:
    """A random input of a network: standard normal float32, or ids of tokens (int64) if it reads them.

    Examples
    --------
    >>> from analysis.verifiable_ai.shapes import GPT2_READING_IDS, parse
    >>> example(parse("mlp:3,2")).shape, example(GPT2_READING_IDS).dtype
    ((1, 3), dtype('int64'))
    """
    rng = np.random.default_rng([seed, 1])
    if shape.context:
        return rng.integers(shape.vocabulary, size=shape.input_shape)
    return rng.standard_normal(shape.input_shape, dtype=np.float32)


class _Graph:
    """Nodes and initializers of an ONNX graph in the making."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []

    def constant(self, values: Any, prefix: str = "const") -> str:
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


def _perceptron(graph: _Graph, shape: Shape) -> str:
    x = "input"
    for layer, (inputs, outputs) in enumerate(zip(shape.widths, shape.widths[1:], strict=False)):
        x = graph.linear(graph.op("Relu", x) if layer else x, inputs, outputs)
    return x


def _transformer(graph: _Graph, shape: Shape) -> str:
    d, T, wider = shape.width, shape.tokens, FEED_FORWARD * shape.width
    x, words = "input", None
    if shape.context:
        words = graph.weights(shape.vocabulary, d, scale=0.02)
        places = graph.op("Gather", graph.weights(shape.context, d, scale=0.02), graph.constant(np.arange(T)))
        x = graph.op("Add", graph.op("Gather", words, x), places)
    for _ in range(shape.layers):
        x = graph.op("Add", x, _attention(graph, graph.normalised(x, d), shape))
        wide = graph.linear(graph.normalised(x, d), d, wider)
        gate = graph.op("Sigmoid", graph.op("Mul", wide, graph.constant([QUICK_GELU])))
        x = graph.op("Add", x, graph.linear(graph.op("Mul", wide, gate), wider, d))
    x = graph.normalised(x, d)
    if words:
        return graph.op("Gemm", x, words, transB=1)
    if shape.vocabulary:
        return graph.op("MatMul", x, graph.weights(d, shape.vocabulary, scale=0.02))
    return x


def _attention(graph: _Graph, x: str, shape: Shape) -> str:
    """Causal self-attention on a normalised input, shape (T, d) to (T, d)."""
    T, d, h = shape.tokens, shape.width, shape.heads
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
