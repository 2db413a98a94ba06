"""The second reader: our recogniser for typewritten Russian, through ONNX Runtime."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.alphabet import ALPHABET
from pipeline.character_lm import CharacterLM
from pipeline.config import OcrSettings
from pipeline.errors import DependencyMissingError, EngineError
from pipeline.model import TYPEWRITER, Box, Reading, Word
from pipeline.ocr.beam import decode
from pipeline.ocr.ctc import Decoded, LineRecognition, greedy
from pipeline.ocr.engine import Provenance, is_blank, make_reading
from pipeline.ocr.lexicon_rescoring import rescored
from pipeline.ocr.third_look import looked_at_again
from pipeline.pixels import Pixels

MODEL = Path(__file__).parents[1] / "models" / "typewriter.onnx"
HEIGHT, STEP = 48, 4
"""Of the network: the height of a line's picture, and what one step of it stands for across."""

_DARK = 128
REACH = 3
"""Steps by which a word may reach beyond the steps at which its letters were seen."""


class Typewriter:
    """The recogniser. One object a process, on one thread.

    Raises:
        DependencyMissingError: ONNX Runtime cannot be imported.
        EngineError: the model that should be inside the package is missing or damaged.

    """

    name = TYPEWRITER

    def __init__(self, settings: OcrSettings, model: Path | None = None) -> None:
        self.settings = settings
        self._session, self.digest, facts = _session(model or MODEL)
        self.version = facts["version"]
        self.characters: str = facts["signs"]
        self._chars = CharacterLM.load()

    def recognize(self, images: Sequence[Pixels]) -> list[LineRecognition]:
        """Recognize each line of ``images`` (uint8 ``(H, W)``, dark on light), in order.

        One at a time: on one core that is faster than several at once, and no line's text
        depends on its neighbours.
        """
        return [self._recognize(image) for image in images]

    def read_lines(self, images: Sequence[Pixels]) -> list[Reading]:
        """The readings alone."""
        return [recognition.reading for recognition in self.recognize(images)]

    def provenance(self) -> Provenance:
        """Version and digests of the network and of the character model."""
        return (
            ("characters", self._chars.digest[:16]),
            ("language_weight", f"{self.settings.language_weight:g}"),
            ("network", self.digest[:16]),
            ("reader", self.name),
        )

    def log_probs(self, image: Pixels) -> NDArray[np.float32]:
        """What the network makes of one line: float32 ``(T, 1 + characters)``."""
        return np.asarray(self._session.run(None, {"lines": _as_input(image)})[0][0], np.float32)

    def _recognize(self, image: Pixels) -> LineRecognition:
        settings = self.settings
        step = image.shape[0] / HEIGHT * STEP
        if is_blank(image):
            nothing = np.full((1, 1 + len(self.characters)), -np.inf, np.float32)
            nothing[0, 0] = 0.0
            return LineRecognition(nothing, greedy(nothing), make_reading(self.name, ()), step)
        log_probs = self.log_probs(image)
        decoded = decode(
            log_probs,
            self._chars if settings.language_weight > 0 else None,
            width=settings.beam,
            weight=settings.language_weight,
            bonus=settings.insertion_bonus,
        )
        if settings.language_weight > 0:
            decoded = rescored(log_probs, decoded, self._chars, settings.language_weight)
        decoded = looked_at_again(image, log_probs, decoded, self.log_probs)
        words = words_of(decoded, image, step)
        return LineRecognition(log_probs, decoded, make_reading(self.name, words), step)


def words_of(decoded: Decoded, image: Pixels, step: float) -> list[Word]:
    """The words of ``decoded``, boxes around their ink; confidence: that of the lowest character.

    ``step``: pixels of ``image`` to one step of the network.
    """
    found: list[tuple[str, float]] = []
    edges: list[tuple[float, float]] = []
    first = 0
    for part in decoded.text.split(" "):
        last = first + len(part)
        if part:
            spans = decoded.spans[first:last]
            edges.append((spans[0][0] * step, (spans[-1][1] + 1) * step))
            found.append((part, min(decoded.confidences[first:last])))
        first = last + 1
    boxes = word_boxes(image, edges, REACH * step)
    return [
        Word(text=text, box=box, confidence=float(np.clip(confidence, 0.0, 1.0)))
        for (text, confidence), box in zip(found, boxes, strict=True)
    ]


def word_boxes(image: Pixels, edges: Sequence[tuple[float, float]], reach: float) -> list[Box]:
    """Boxes around the ink of words that stand about between ``edges`` (columns of ``image``).

    The network marks a letter somewhere within its width, so a word may reach ``reach`` columns
    further, but not beyond the middle between it and its neighbour. Where there is no ink the
    box has the line's whole height.
    """
    height, width = image.shape
    ink = image < _DARK
    boxes: list[Box] = []
    for place, (left, right) in enumerate(edges):
        before = edges[place - 1][1] if place else 0.0
        after = edges[place + 1][0] if place + 1 < len(edges) else float(width)
        low = max(left - reach, (before + left) / 2 if place else 0.0)
        high = min(right + reach, (right + after) / 2 if place + 1 < len(edges) else after)
        start = min(max(0, math.floor(low)), width - 1)
        end = min(max(math.ceil(high), start + 1), width)
        part = ink[:, start:end]
        rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
        top, bottom = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, height)
        if len(columns):
            start, end = start + int(columns[0]), start + int(columns[-1]) + 1
        boxes.append(Box(left=start, top=top, right=end, bottom=bottom))
    return boxes


def to_ink(pixels: Pixels) -> NDArray[np.float32]:
    """uint8 ``(H, W)``, black on white, as ink: 0.0 paper to 1.0."""
    return np.asarray(1.0 - pixels.astype(np.float32) / 255.0, np.float32)


def _as_input(image: Pixels) -> NDArray[np.float32]:
    """float32 ``(1, 1, 48, W)``, ink, ``W`` divisible by 4."""
    height, width = image.shape
    if height != HEIGHT:
        size = (max(1, round(width * HEIGHT / height)), HEIGHT)
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    ink = to_ink(image)
    # Two letters' width at least: the network was never shown less.
    wide = max(-(-ink.shape[1] // STEP) * STEP, 32)
    return np.pad(ink, ((0, 0), (0, wide - ink.shape[1])))[None, None]


@cache
def _session(path: Path) -> tuple[Any, str, dict[str, str]]:
    """The session over the model at ``path``, the file's SHA-256, and what it says of itself."""
    try:
        import onnxruntime  # noqa: PLC0415  loaded only where pictures are read
    except ImportError as error:
        raise DependencyMissingError("onnxruntime", f"cannot be imported: {error}") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Lines are of many widths: an arena would keep the memory of the widest for good.
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    try:
        data = path.read_bytes()
        session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        facts = dict(session.get_modelmeta().custom_metadata_map)
        if int(facts["step"]) != STEP or facts["signs"] != ALPHABET:
            raise ValueError("another step or other characters")
    except Exception as error:  # the runtime raises what it likes
        raise EngineError(path, f"is not the recogniser's model: {error}") from error
    return session, hashlib.sha256(data).hexdigest(), facts
