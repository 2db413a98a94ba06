"""From the trainer's checkpoint to the model that ships: ONNX, with its card's facts inside."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic

from pipeline.alphabet import ALPHABET
from pipeline.ocr.typewriter import HEIGHT, STEP
from pipeline.store import make_folder, write_atomic
from pipeline.training.network import Recogniser


def export(
    network: Recogniser, out: Path, *, updates: int, version: str, eight_bits: bool = True
) -> str:
    """Write ``network`` to ``out`` (ONNX) and give the file's SHA-256 (hex).

    Input ``lines`` float32 ``(N, 1, 48, W)``, 0.0 paper to 1.0 ink; output ``read`` float32
    ``(N, W / 4, 1 + signs)``, logarithms of probabilities. ``eight_bits``: see
    :func:`in_eight_bits`.
    """
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network.eval(),
            (torch.zeros(2, 1, HEIGHT, 64),),
            stream,
            input_names=["lines"],
            output_names=["read"],
            dynamic_axes={"lines": {0: "n", 3: "width"}, "read": {0: "n", 1: "steps"}},
            opset_version=17,
            dynamo=False,
        )
    model = onnx.load_from_string(stream.getvalue())
    facts = {"version": version, "updates": updates, "signs": ALPHABET, "step": STEP}
    for key, value in facts.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value if isinstance(value, str) else json.dumps(value)
    onnx.checker.check_model(model)
    make_folder(out.parent)
    data = model.SerializeToString()
    if eight_bits:
        data = in_eight_bits(data)
    write_atomic(out, data)
    return hashlib.sha256(data).hexdigest()


def in_eight_bits(model: bytes) -> bytes:
    """``model`` (ONNX) with the weights of its LSTM and linear layers in whole numbers of 8 bits.

    It reads lines in two thirds of the time. A scale for each output, and a range of 7 bits,
    so that sums of products stay exact on processors with and without instructions for them: what a
    line reads as hangs not on the machine.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "model.onnx"
        quantize_dynamic(
            onnx.load_from_string(model),
            out,
            op_types_to_quantize=["LSTM", "MatMul"],
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
        )
        return out.read_bytes()


def run_onnx(path: Path, lines: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the exported model makes of ``lines``; shapes as in :func:`export`."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"lines": lines})[0], np.float32)
