"""Recorded answers of an engine, so that most tests need no OCR run.

A recording is a JSON file: answers keyed on the SHA-256 of the image (its shape and its
pixels), with the settings' language and the engine's provenance beside them. A recording
of another engine, version, language or language data is stale and fails, loudly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from pipeline.errors import EngineError
from pipeline.model import Reading
from pipeline.ocr.engine import Engine, PageLine, Provenance
from pipeline.pixels import Pixels

_T = TypeVar("_T")


class Recording(msgspec.Struct, kw_only=True):
    """What is in the file."""

    provenance: Provenance
    version: str
    lines: dict[str, Reading] = {}
    pages: dict[str, list[PageLine]] = {}


def image_key(image: Pixels) -> str:
    """SHA-256 (hex) over shape and pixels of ``image``."""
    digest = hashlib.sha256(repr(image.shape).encode())
    digest.update(image.tobytes())
    return digest.hexdigest()


def _line_key(image: Pixels, look_for_text: bool) -> str:  # noqa: FBT001
    return image_key(image) + ("" if look_for_text else " raw line")


class RecordingEngine:
    """Passes everything to ``engine`` and writes down the answers; ``save`` stores them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name, self.version = engine.name, engine.version
        self._recording = Recording(provenance=engine.provenance(), version=engine.version)

    def read_lines(self, images: Sequence[Pixels], *, look_for_text: bool = True) -> list[Reading]:
        """See :meth:`Engine.read_lines`."""
        readings = self._engine.read_lines(images, look_for_text=look_for_text)
        keys = (_line_key(image, look_for_text) for image in images)
        self._recording.lines.update(zip(keys, readings, strict=True))
        return readings

    def read_page(self, image: Pixels, psm: int) -> list[PageLine]:
        """See :meth:`Engine.read_page`."""
        lines = self._engine.read_page(image, psm)
        self._recording.pages[f"{image_key(image)} psm {psm}"] = lines
        return lines

    def provenance(self) -> Provenance:
        """The engine's own."""
        return self._engine.provenance()

    def save(self, path: Path) -> None:
        """Write all answers so far to ``path``."""
        path.write_bytes(msgspec.json.format(msgspec.json.encode(self._recording), indent=1))


class ReplayEngine:
    """Answers from a recording alone.

    ``wanted`` is the provenance that the recording must have; ``None`` takes any.

    Raises:
        EngineError: the file is missing, damaged, or stale.

    """

    name = "replay"

    def __init__(self, path: Path, wanted: Provenance | None = None) -> None:
        try:
            self._recording = msgspec.json.decode(path.read_bytes(), type=Recording)
        except (OSError, msgspec.DecodeError) as error:
            raise EngineError(path, f"is not a recording of an engine: {error}") from error
        if wanted is not None and wanted != self._recording.provenance:
            changed = sorted(set(wanted) ^ set(self._recording.provenance))
            raise EngineError(path, f"is a stale recording, it differs in {changed}")
        self._path = path
        self.version = self._recording.version

    def read_lines(self, images: Sequence[Pixels], *, look_for_text: bool = True) -> list[Reading]:
        """See :meth:`Engine.read_lines`; an image that was not recorded is an error."""
        keys = (_line_key(image, look_for_text) for image in images)
        return [self._answer(self._recording.lines, key) for key in keys]

    def read_page(self, image: Pixels, psm: int) -> list[PageLine]:
        """See :meth:`Engine.read_page`; an image that was not recorded is an error."""
        return self._answer(self._recording.pages, f"{image_key(image)} psm {psm}")

    def provenance(self) -> Provenance:
        """That of the recorded engine."""
        return self._recording.provenance

    def _answer(self, answers: dict[str, _T], key: str) -> _T:
        if key not in answers:
            raise EngineError(self._path, f"is a stale recording: no answer for image {key[:12]}")
        return answers[key]
