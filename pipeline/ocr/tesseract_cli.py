"""Tesseract as a program, through pytesseract: always there, one process per call."""

from __future__ import annotations

import os
from typing import Any

import pytesseract

from pipeline.config import OcrSettings
from pipeline.errors import DependencyMissingError, EngineError
from pipeline.model import Word
from pipeline.ocr.engine import make_word
from pipeline.ocr.tesseract import DPI, Tesseract
from pipeline.pixels import Pixels

_GET_IT = "is not installed. On Debian or Ubuntu: apt-get install tesseract-ocr tesseract-ocr-rus"


class TesseractProgram(Tesseract):
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
        super().__init__(settings)

    def read_words(self, image: Pixels, psm: int) -> list[list[Word]]:
        """See :meth:`Tesseract.read_words`; one call of the program."""
        os.environ["OMP_THREAD_LIMIT"] = "1"  # more threads make it slower, and never faster
        try:
            data: dict[str, list[Any]] = pytesseract.image_to_data(
                image,
                lang=self.settings.language,
                config=f'--psm {psm} --dpi {DPI} --tessdata-dir "{self.folder}"',
                timeout=self.settings.timeout,
                output_type=pytesseract.Output.DICT,
            )
        except pytesseract.TesseractError as error:
            reason = " ".join(str(error.message).split())[:300]
            raise EngineError(
                "tesseract", f"failed with status {error.status}: {reason}"
            ) from error
        except RuntimeError as error:  # pytesseract's time-out
            seconds = self.settings.timeout
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
