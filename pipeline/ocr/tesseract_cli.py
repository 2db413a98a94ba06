"""Tesseract as a program, through pytesseract: always there, one process per call."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import pytesseract

from pipeline.config import OcrSettings
from pipeline.errors import DependencyMissingError, EngineError
from pipeline.model import Reading, Word
from pipeline.ocr.engine import PageLine, Provenance
from pipeline.ocr.tessdata import data_hashes, find_tessdata
from pipeline.ocr.words import is_blank, make_page_line, make_reading, make_word
from pipeline.pixels import Pixels

_READER = "tesseract"
_GET_IT = "is not installed. On Debian or Ubuntu: apt-get install tesseract-ocr tesseract-ocr-rus"


class TesseractProgram:
    """An :class:`~pipeline.ocr.engine.Engine` over the ``tesseract`` command.

    Raises:
        DependencyMissingError: there is no such command.
        LanguageMissingError: its data for the language is not installed.

    """

    name = "pytesseract"

    def __init__(self, settings: OcrSettings) -> None:
        try:
            self.version = str(pytesseract.get_tesseract_version())
        except (pytesseract.TesseractNotFoundError, SystemExit, OSError) as error:
            raise DependencyMissingError("tesseract", _GET_IT) from error
        self._settings = settings
        self._folder = find_tessdata(settings)

    def read_lines(self, images: Sequence[Pixels]) -> list[Reading]:
        """See :meth:`Engine.read_lines`; one call of the program per line."""
        readings: list[Reading] = []
        for image in images:
            words = [w for line in self._read(image, self._settings.line_psm) for w in line]
            readings.append(make_reading(_READER, words))
        return readings

    def read_page(self, image: Pixels, psm: int) -> list[PageLine]:
        """See :meth:`Engine.read_page`."""
        lines = (make_page_line(_READER, words) for words in self._read(image, psm))
        return [line for line in lines if line is not None]

    def provenance(self) -> Provenance:
        """Engine, versions, language, and the hash of its data."""
        return (
            ("engine", self.name),
            ("tesseract", self.version),
            ("language", self._settings.language),
            *data_hashes(self._folder, self._settings.language),
        )

    def _read(self, image: Pixels, psm: int) -> list[list[Word]]:
        if is_blank(image):
            return []
        os.environ["OMP_THREAD_LIMIT"] = "1"  # more threads make it slower, and never faster
        try:
            data: dict[str, list[Any]] = pytesseract.image_to_data(
                image,
                lang=self._settings.language,
                config=f'--psm {psm} --dpi 300 --tessdata-dir "{self._folder}"',
                timeout=self._settings.timeout,
                output_type=pytesseract.Output.DICT,
            )
        except pytesseract.TesseractError as error:
            reason = " ".join(str(error.message).split())[:300]
            raise EngineError(
                "tesseract", f"failed with status {error.status}: {reason}"
            ) from error
        except RuntimeError as error:  # pytesseract's time-out
            seconds = self._settings.timeout
            raise EngineError("tesseract", f"gave no answer in {seconds:g} s") from error
        except (OSError, pytesseract.TesseractNotFoundError) as error:
            raise EngineError("tesseract", f"could not be run: {error}") from error
        return _lines(data)


def _lines(data: dict[str, list[Any]]) -> list[list[Word]]:
    lines: dict[tuple[int, int, int], list[Word]] = {}
    for index, text in enumerate(data["text"]):
        if not str(text).strip():
            continue
        place = tuple(int(data[key][index]) for key in ("block_num", "par_num", "line_num"))
        left, top = int(data["left"][index]), int(data["top"][index])
        right, bottom = left + int(data["width"][index]), top + int(data["height"][index])
        word = make_word(str(text), (left, top, right, bottom), float(data["conf"][index]))
        lines.setdefault((place[0], place[1], place[2]), []).append(word)
    return list(lines.values())
