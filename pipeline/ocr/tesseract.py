"""What both adapters of Tesseract have in common: from words to readings, and provenance."""

from __future__ import annotations

import hashlib
import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from pipeline.config import OcrSettings
from pipeline.errors import LanguageMissingError
from pipeline.model import TESSERACT, Reading, Word
from pipeline.ocr.engine import PageLine, Provenance, is_blank, make_page_line, make_reading
from pipeline.pixels import Pixels

_RAW_LINE = 13
"""Tesseract's page segmentation mode that takes the image for a line without looking."""

DPI = 300
"""Told to Tesseract, which else guesses, and warns; it changes nothing for single lines."""

_SUFFIX = ".traineddata"


class Tesseract(ABC):
    """An :class:`~pipeline.ocr.engine.Engine` but for the one call that reads an image.

    Raises:
        LanguageMissingError: the data for the language is not installed.

    """

    name: str
    version: str

    def __init__(self, settings: OcrSettings) -> None:
        self.settings = settings
        self.folder = find_tessdata(settings)

    @abstractmethod
    def read_words(self, image: Pixels, psm: int) -> Iterable[list[Word]]:
        """The words of ``image`` (not blank), line by line, as segmented under ``psm``.

        Raises:
            EngineError: the engine crashed or ran out of time.

        """

    def read_lines(self, images: Sequence[Pixels], *, look_for_text: bool = True) -> list[Reading]:
        """See :meth:`Engine.read_lines`."""
        psm = self.settings.line_psm if look_for_text else _RAW_LINE
        return [
            make_reading(TESSERACT, [word for line in self._words(image, psm) for word in line])
            for image in images
        ]

    def read_page(self, image: Pixels, psm: int) -> list[PageLine]:
        """See :meth:`Engine.read_page`."""
        lines = (make_page_line(TESSERACT, words) for words in self._words(image, psm))
        return [line for line in lines if line is not None]

    def provenance(self) -> Provenance:
        """Engine, versions, language with the hash of its data, and how lines are segmented."""
        return (
            ("engine", self.name),
            ("tesseract", self.version),
            ("language", self.settings.language),
            ("line_psm", str(self.settings.line_psm)),
            *data_hashes(self.folder, self.settings.language),
        )

    def _words(self, image: Pixels, psm: int) -> Iterable[list[Word]]:
        return () if is_blank(image) else self.read_words(image, psm)


def find_tessdata(settings: OcrSettings) -> Path:
    """The first folder that holds the data of all languages of ``settings``.

    Raises:
        LanguageMissingError: none does; says how to get it.

    """
    languages = settings.language.split("+")
    for folder in _folders(settings.tessdata):
        if all((folder / f"{language}{_SUFFIX}").is_file() for language in languages):
            return folder
    packages = " ".join(f"tesseract-ocr-{x.replace('_', '-')}" for x in languages)
    raise LanguageMissingError(
        f"language {settings.language}",
        "Tesseract's data for it is not installed. "
        f"On Debian or Ubuntu: apt-get install {packages}",
    )


def data_hashes(folder: Path, language: str) -> tuple[tuple[str, str], ...]:
    """SHA-256 (hex) of each language's data file, as ``("data.rus", hash)`` pairs."""
    return tuple((f"data.{x}", _hash(folder / f"{x}{_SUFFIX}")) for x in language.split("+"))


@lru_cache(maxsize=8)
def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _folders(setting: str) -> Iterator[Path]:
    if setting:
        yield Path(setting)
        return
    if prefix := os.environ.get("TESSDATA_PREFIX"):
        yield Path(prefix)
        yield Path(prefix) / "tessdata"
        return
    yield from sorted(Path("/usr/share/tesseract-ocr").glob("*/tessdata"), reverse=True)
    for top in ("/usr/share", "/usr/local/share", "/opt/homebrew/share"):
        yield Path(top) / "tessdata"
        yield Path(top) / "tesseract" / "tessdata"
