"""Networks: names, closed forms against the graphs that are built, and what they compute."""

import math
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.verifiable_ai.measure.inference import time_inference
from analysis.verifiable_ai.measure.networks import EPSILON, build, example
from analysis.verifiable_ai.shapes import GPT2, GPT2_READING_IDS, Shape, macs, parameters, parse

needs_zkml = pytest.mark.skipif(
    find_spec("onnx") is None or find_spec("onnxruntime") is None, reason="needs the extra zkml"
)
#: float32 against float64.
TOLERANCE = 2e-5

perceptrons = st.lists(st.integers(1, 9), min_size=2, max_size=4).map(lambda widths: Shape(widths=tuple(widths)))


@st.composite
def transformers(draw) -> Shape:
    heads, tokens = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    words, places = draw(st.sampled_from([(0, 0), (11, 0), (11, 5)]))
    return Shape(tokens, heads * draw(st.integers(1, 4)), heads, draw(st.integers(1, 2)), words, places)


networks = st.one_of(perceptrons, transformers())


@given(networks)
def test_a_name_means_its_network(network):
    assert parse(str(network)) == network


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("mlp", "is not a name such as mlp:8,16,8 or tfm:T1,d16,h2,L1,v100"),
        ("mlp:8", "two or more widths"),
        ("mlp:8,0", "at least 1"),
        ("mlp:8,-1", "is not a name"),
        ("cnn:3,3", "is not a name"),
        ("tfm:T1,d16", "is not a name"),
        ("tfm:T1,d16,h2,h4", "is not a name"),
        ("tfm:T1,d16,h2,q4", "is not a name"),
        ("tfm:T0,d16,h2", "at least 1"),
        ("tfm:T1,d16,h3", "3 heads do not divide a width of 16"),
        ("tfm:T1,d16,h2,c100", "needs a vocabulary"),
        ("tfm:T9,d16,h2,v100,c8", "do not fit a context of 8"),
    ],
)
def test_what_is_no_network_is_refused_by_its_fault(name, message):
    with pytest.raises(ValueError, match=message):
        parse(name)


def test_gpt2_small_has_its_published_number_of_parameters():
    assert parameters(GPT2_READING_IDS) == 124_439_808  # of the released weights
    assert macs(GPT2_READING_IDS) == macs(GPT2)


def test_macs_equal_those_of_the_ladder_that_was_recorded():
    recorded = {"mlp:16,32,32,8": 1792, "tfm:T4,d64,h4": 198_656, "tfm:T1,d768,h12": 7_079_424}
    assert {name: macs(parse(name)) for name in recorded} == recorded


@needs_zkml
@settings(deadline=None, max_examples=25)
@given(networks)
def test_closed_forms_count_what_the_graph_holds(network):
    import onnx

    model = onnx.shape_inference.infer_shapes(build(network), strict_mode=True)
    onnx.checker.check_model(model, full_check=True)
    shapes = {one.name: tuple(one.dims) for one in model.graph.initializer}
    assert parameters(network) == sum(math.prod(shape) for name, shape in shapes.items() if name.startswith("param"))
    for one in [*model.graph.value_info, *model.graph.input, *model.graph.output]:
        shapes[one.name] = tuple(dimension.dim_value for dimension in one.type.tensor_type.shape.dim)
    assert shapes["input"] == network.input_shape
    products = [node for node in model.graph.node if node.op_type in ("MatMul", "Gemm")]
    assert macs(network) == sum(shapes[node.input[0]][-1] * math.prod(shapes[node.output[0]]) for node in products)


def softmax(x: np.ndarray) -> np.ndarray:
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def normal(x: np.ndarray) -> np.ndarray:
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + EPSILON)


def plain(network: Shape, params: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """The same network in numpy, from its parameters in the order in which the graph has them; gains 1, offsets 0."""
    params = iter(params)
    take = params.__next__
    if network.widths:
        for layer in range(len(network.widths) - 1):
            x = (np.maximum(x, 0) if layer else x) @ take() + take()
        return x
    d, h = network.width, network.heads
    if network.context:
        words, places = take(), take()
        x = words[x] + places[: network.tokens]
    hidden = np.triu(np.full((network.tokens,) * 2, -8.0), 1)
    for _ in range(network.layers):
        take(), take()
        y = normal(x)
        q, k, v = (y @ take() + take() for _ in range(3))
        cut = [slice(head * d // h, (head + 1) * d // h) for head in range(h)]
        seen = [softmax(q[:, c] @ k[:, c].T / np.sqrt(d / h) + hidden) @ v[:, c] for c in cut]
        x = x + np.concatenate(seen, axis=1) @ take() + take()
        take(), take()
        y = normal(x) @ take() + take()
        x = x + (y / (1 + np.exp(-1.702 * y))) @ take() + take()
    take(), take()
    if network.context:
        return normal(x) @ words.T
    return normal(x) @ take() if network.vocabulary else normal(x)


@needs_zkml
@pytest.mark.parametrize(
    "name",
    [
        "mlp:5,4,7,3",
        "tfm:T1,d12,h3",
        "tfm:T4,d16,h2,L2",
        "tfm:T3,d8,h1,v11,c5",
        "tfm:T1,d8,h2,L3,v11,c5",
        "tfm:T2,d8,h2,v11",
    ],
)
def test_a_graph_computes_what_numpy_does(name):
    import onnx

    network = parse(name)
    held = [one for one in build(network, seed=3).graph.initializer if one.name.startswith("param")]
    params = [onnx.numpy_helper.to_array(one).astype(float) for one in held]
    expected = plain(network, params, example(network, seed=3))
    _, found = time_inference(network, seed=3, runs=2)
    np.testing.assert_allclose(np.reshape(found, expected.shape), expected, atol=TOLERANCE)


@needs_zkml
def test_weights_and_input_hang_on_the_seed_alone():
    network = parse("tfm:T2,d8,h2")
    assert build(network, seed=1) == build(network, seed=1) != build(network, seed=2)
    assert (example(network, seed=1) == example(network, seed=1)).all()
    assert (example(network, seed=1) != example(network, seed=2)).any()


@needs_zkml
def test_every_run_of_an_inference_is_timed():
    runs, output = time_inference(parse("mlp:8,16,8"), runs=50)
    assert len(runs) == 50
    assert len(output) == 8
    assert all(0 < run["seconds"] < 1 and 0 <= run["cpu_seconds"] < 1 and run["load"] >= 0 for run in runs)


@needs_zkml
def test_a_limit_of_time_leaves_two_runs():
    assert len(time_inference(parse("mlp:8,16,8"), limit_s=0)[0]) == 2


@pytest.mark.parametrize(
    ("name", "runs", "message"),
    [("mlp:8,16,8", 1, "2 times or more"), ("mlp:30000,30000", 9, "more than one ONNX graph holds")],
)
def test_what_cannot_be_timed_is_refused(name, runs, message):
    with pytest.raises(ValueError, match=message):
        time_inference(parse(name), runs=runs)
