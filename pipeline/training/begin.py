"""Where training begins: with the weights of an earlier model, in a network that may be larger.

What the larger network has beyond the earlier one is drawn by chance and not yet listened to, so
that at the beginning both read alike; from there it learns to use what is new.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from pipeline.training.network import Recogniser

_UNKNOWN = -7.0
"""Of the last layer for a sign that the earlier model did not have: hardly ever, at first."""

_PRODUCTS, _RECURRENT = ("MatMul", "MatMulInteger"), ("LSTM", "DynamicQuantizeLSTM")
"""Operations in whole precision and in 8 bits."""

_QUANTIZED, _SCALE = "_quantized", "_scale"
"""How names of weights in 8 bits, and of their scales, end."""

Weights = dict[str, NDArray[np.float32]]


def begin_from(path: Path, network: Recogniser, lines: Tensor) -> None:
    """Give ``network`` the weights of the model at ``path`` (ONNX, as ``export`` writes it).

    ``lines`` float32 ``(N, 1, 48, W)``: lines by which the normalising layers are set, which the
    exported model no longer has; they should be such as are trained on.
    """
    nodes, weights = _model(path)
    convolutions = [node for node in nodes if node.op_type == "Conv"]
    with torch.no_grad():
        _convolutions(network, [[weights[x] for x in node.input[1:3]] for node in convolutions])
        multiplied = [weights[x] for n in nodes if n.op_type in _PRODUCTS for x in n.input
                      if x in weights]  # fmt: skip
        added = [weights[x] for n in nodes if n.op_type == "Add" for x in n.input if x in weights]
        _linear(network.squeeze, multiplied[0], added[0])
        recurrent = [node for node in nodes if node.op_type in _RECURRENT]
        for layer, node in enumerate(recurrent):
            _lstm(network.along, layer, [weights[x] for x in node.input[1:4]])
        _linear(network.out, multiplied[1], added[1], halves=True)
        signs = added[1].shape[0]
        network.out.weight[signs:] *= 0.1
        network.out.bias[signs:] = _UNKNOWN
        _normalise(network, lines)


def _model(path: Path) -> tuple[list[onnx.NodeProto], Weights]:
    graph = onnx.load(str(path)).graph
    stored = {x.name: numpy_helper.to_array(x) for x in graph.initializer}
    return list(graph.node), {
        name: _whole(name, stored) for name in stored if not name.endswith((_SCALE, "_zero_point"))
    }


def _whole(name: str, stored: dict[str, NDArray[Any]]) -> NDArray[np.float32]:
    """The weights ``name``, those in 8 bits (``in_eight_bits``) as what they stand for."""
    if not name.endswith(_QUANTIZED):
        return np.asarray(stored[name], np.float32)
    scale = stored[name.removesuffix(_QUANTIZED) + _SCALE].astype(np.float32)
    values = stored[name].astype(np.float32)
    # An LSTM's stand the other way round in 8 bits: ``(directions, in, gates)``.
    return (values * scale[:, None]).swapaxes(1, 2) if values.ndim == 3 else values * scale


def _convolutions(network: Recogniser, kept: list[list[NDArray[np.float32]]]) -> None:
    own = [x for x in network.features if isinstance(x, nn.Conv2d)]
    norms = [x for x in network.features if isinstance(x, nn.BatchNorm2d)]
    before = 1
    for layer, norm, (weight, bias) in zip(own, norms, kept, strict=True):
        rows, columns = weight.shape[:2]
        layer.weight[:rows, :columns] = torch.tensor(weight)
        layer.weight[:rows, before:] = 0.0  # earlier channels do not hear new ones yet
        norm.bias.zero_()
        norm.bias[:rows] = torch.tensor(bias)
        before = rows


def _normalise(network: Recogniser, lines: Tensor) -> None:
    """Means and spreads as they are on ``lines``, and scales with which they change nothing."""
    seen = lines
    norms: Iterator[nn.Module] = iter(network.features)
    for layer in norms:
        seen = layer(seen) if not isinstance(layer, nn.BatchNorm2d) else _normed(layer, seen)


def _normed(norm: nn.BatchNorm2d, seen: Tensor) -> Tensor:
    mean, spread = seen.mean((0, 2, 3)), seen.var((0, 2, 3), unbiased=False)
    known = norm.bias != 0
    norm.running_mean = mean.clone()
    norm.running_var = spread.clone()
    scale = torch.sqrt(spread + norm.eps)
    norm.weight[known] = scale[known]
    norm.bias[known] += mean[known]
    rest = (1, -1, 1, 1)
    normal = (seen - mean.view(rest)) / scale.view(rest)
    return normal * norm.weight.view(rest) + norm.bias.view(rest)


def _linear(
    layer: nn.Linear,
    weight: NDArray[np.float32],
    bias: NDArray[np.float32],
    *,
    halves: bool = False,
) -> None:
    """``weight`` ``(in, out)`` as ONNX has it; ``halves``: of two directions after each other."""
    columns, rows = weight.shape
    turned = torch.tensor(np.ascontiguousarray(weight.T))
    if halves:
        _spread_halves(layer.weight[:rows], turned)
    else:
        layer.weight[:rows, :columns] = turned
        layer.weight[:rows, columns:] = 0.0
    layer.bias[:rows] = torch.tensor(bias)


def _spread_halves(target: Tensor, weight: Tensor) -> None:
    """The columns of both directions at their new places; those that are new count nothing."""
    old, new = weight.shape[1] // 2, target.shape[1] // 2
    target.zero_()
    target[:, :old] = weight[:, :old]
    target[:, new : new + old] = weight[:, old:]


def _lstm(module: nn.LSTM, layer: int, kept: list[NDArray[np.float32]]) -> None:
    inside, recurrent, biases = kept
    old, new = recurrent.shape[2], module.hidden_size
    for direction, end in enumerate(("", "_reverse")):
        w = getattr(module, f"weight_ih_l{layer}{end}")
        r = getattr(module, f"weight_hh_l{layer}{end}")
        b, c = (getattr(module, f"bias_{x}_l{layer}{end}") for x in ("ih", "hh"))
        # ONNX has the gates in the order input, output, forget, cell; PyTorch i, f, c, o.
        for place, gate in enumerate((0, 2, 3, 1)):
            source = slice(gate * old, (gate + 1) * old)
            target = slice(place * new, place * new + old)
            part = torch.tensor(inside[direction][source])
            if layer:
                _spread_halves(w[target], part)
            else:
                w[target, : part.shape[1]] = part
                w[target, part.shape[1] :] = 0.0
            r[target, :old] = torch.tensor(recurrent[direction][source])
            r[target, old:] = 0.0
            b[target] = torch.tensor(biases[direction][source])
            c[target] = torch.tensor(
                biases[direction][4 * old + gate * old : 4 * old + (gate + 1) * old]
            )
