"""Integer arithmetic for the matrix products of the sentence encoder, a scale for each token.

What ONNX Runtime offers was measured on short questions. One scale for a whole tensor
(`quantize_dynamic`) gives cosines to fp32 down to 0.95, and the vector of a text then depends on
the texts beside it. Scales for blocks of values (`MatMulNBits`) give 0.998, and take nearly twice
the time. A scale for each token and one for each column of the weights give 0.989, and depend on
no other text.

`scripts/export_encoder.py` calls this; it needs onnx, which the assistant itself never has.
"""

from __future__ import annotations

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

# Of eight bits; the value in the middle stands for zero. Weights are unsigned, as on processors
# without VNNI the products of unsigned with signed ones overflow.
_MIDDLE = 128
_MOST = 127
# A token of zeros has a scale all the same.
_LEAST_SCALE = 1e-8


def quantise_products(model: onnx.ModelProto) -> onnx.ModelProto:
    """Replaces each product of activations with weights by one of 8-bit integers, in place.

    Args:
        model: a graph with `MatMul` nodes whose second input is an initialiser, float32 (inputs,
            outputs). Other products are left alone.

    Returns:
        The same model.
    """
    graph = model.graph
    weights = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    constants = {
        "quantise_most": np.array(1 / _MOST, np.float32),
        "quantise_least": np.array(_LEAST_SCALE, np.float32),
        "quantise_one": np.array(1, np.float32),
        "quantise_middle": np.array(_MIDDLE, np.uint8),
        "quantise_axis": np.array([-1], np.int64),
    }
    nodes: list[onnx.NodeProto] = []
    done: set[str] = set()
    replaced: set[str] = set()
    for node in graph.node:
        if node.op_type != "MatMul" or node.input[1] not in weights:
            nodes.append(node)
            continue
        values, weight = node.input
        integers, scales = _columns(weights[weight])
        constants[f"{weight}_integers"], constants[f"{weight}_scales"] = integers, scales
        if values not in done:
            nodes += _of_tokens(values)
            done.add(values)
        nodes += _product(values, weight, node.output[0])
        replaced.add(weight)
    kept = [i for i in graph.initializer if i.name not in replaced]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(kept)
    graph.initializer.extend(numpy_helper.from_array(a, name) for name, a in constants.items())
    onnx.checker.check_model(model)
    return model


def _columns(weight: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Returns the integers, uint8 (inputs, outputs), and a scale a column, float32 (outputs,)."""
    scales = np.maximum(np.abs(weight).max(axis=0) / _MOST, _LEAST_SCALE).astype(np.float32)
    integers = np.round(weight / scales) + _MIDDLE
    return integers.astype(np.uint8), scales


def _of_tokens(values: str) -> list[onnx.NodeProto]:
    """Nodes that give `<values>_integers`, and `<values>_scales` of the largest of each token."""
    name = f"{values}_%s".__mod__
    return [
        helper.make_node("Abs", [values], [name("sizes")]),
        helper.make_node(
            "ReduceMax", [name("sizes"), "quantise_axis"], [name("largest")], keepdims=1
        ),
        helper.make_node("Mul", [name("largest"), "quantise_most"], [name("shares")]),
        helper.make_node("Max", [name("shares"), "quantise_least"], [name("scales")]),
        helper.make_node("Div", [values, name("scales")], [name("scaled")]),
        helper.make_node(
            "QuantizeLinear",
            [name("scaled"), "quantise_one", "quantise_middle"],
            [name("integers")],
        ),
    ]


def _product(values: str, weight: str, output: str) -> list[onnx.NodeProto]:
    """Nodes that multiply the integers, and give the product its two scales back."""
    name = f"{output}_%s".__mod__
    return [
        helper.make_node(
            "MatMulInteger",
            [f"{values}_integers", f"{weight}_integers", "quantise_middle", "quantise_middle"],
            [name("sums")],
        ),
        helper.make_node("Cast", [name("sums")], [name("numbers")], to=onnx.TensorProto.FLOAT),
        helper.make_node("Mul", [name("numbers"), f"{values}_scales"], [name("of_tokens")]),
        helper.make_node("Mul", [name("of_tokens"), f"{weight}_scales"], [output]),
    ]
