"""Machine double-keying: which readers read, two for every line, and their vote."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pipeline.character_lm import CharacterLM
from pipeline.config import OcrSettings
from pipeline.errors import DepeshaError
from pipeline.model import Reading
from pipeline.ocr.engine import Engine, Provenance
from pipeline.ocr.tesseract_api import TesseractLibrary
from pipeline.ocr.tesseract_cli import TesseractProgram
from pipeline.ocr.typewriter import Typewriter
from pipeline.ocr.vote import vote, vote_digest
from pipeline.pixels import Pixels


class Readers:
    """The readers of lines: Tesseract, the recogniser, or both and their vote.

    One of ``engine`` and ``typewriter`` at least. With both, ``read`` gives three readings of a
    line: the vote's, the recogniser's, Tesseract's; with one, its own.
    """

    def __init__(self, engine: Engine | None, typewriter: Typewriter | None = None) -> None:
        self._engine, self._typewriter = engine, typewriter
        self.version = "; ".join(f"{x.name} {x.version}" for x in (typewriter, engine) if x)

    def read(self, images: Sequence[Pixels], typed: Sequence[bool]) -> list[tuple[Reading, ...]]:
        """The readings of each line image (uint8 ``(H, W)``), the one that counts first.

        ``typed``: whether an image is certain to hold type; where Tesseract saw none in it, it is
        asked once more to take it for a line, so that no line that was found gets lost here.

        Raises:
            EngineError: a reader crashed or ran out of time.

        """
        if self._typewriter is None:
            return [(reading,) for reading in self._asked(images, typed)]
        recognitions = self._typewriter.recognize(images)
        if self._engine is None:
            return [(x.reading,) for x in recognitions]
        # A line that the recogniser read needs no second look by Tesseract.
        unread = [
            type_ and not x.reading.text for type_, x in zip(typed, recognitions, strict=True)
        ]
        others = self._asked(images, unread)
        chars = CharacterLM.load()
        return [
            (vote(image, own, other, chars), own.reading, other)
            for image, own, other in zip(images, recognitions, others, strict=True)
        ]

    def provenance(self) -> Provenance:
        """What these readers are, exactly: stored with every result."""
        parts = [x.provenance() for x in (self._engine, self._typewriter) if x]
        if len(parts) == 2:
            parts.append((("vote", vote_digest()[:16]),))
        return tuple(sorted(item for part in parts for item in part))

    def _asked(self, images: Sequence[Pixels], typed: Sequence[bool]) -> list[Reading]:
        """Tesseract's readings."""
        engine = self._engine
        if engine is None:
            return []
        read = engine.read_lines(images)
        missed = [
            place
            for place, (reading, image) in enumerate(zip(read, images, strict=True))
            # A speck that is narrower than three letters is no line.
            if typed[place] and not reading.text.strip() and image.shape[1] >= 1.5 * image.shape[0]
        ]
        again = engine.read_lines([images[i] for i in missed], look_for_text=False)
        for place, reading in zip(missed, again, strict=True):
            read[place] = reading
        return read


def open_readers(settings: OcrSettings) -> Readers:
    """Open the readers that ``settings`` ask for.

    Raises:
        DependencyMissingError: one is not installed.
        LanguageMissingError: Tesseract's language data is not.
        EngineError: one could not be started.

    """
    engine = None if settings.readers == "typewriter" else open_engine(settings)
    typewriter = None if settings.readers == "tesseract" else Typewriter(settings)
    return Readers(engine, typewriter)


@lru_cache(maxsize=2)
def provenance(settings: OcrSettings) -> Provenance:
    """The readers under ``settings``: versions, hashes of language data and models.

    Raises as :func:`open_readers`.
    """
    return open_readers(settings).provenance()


def open_engine(settings: OcrSettings) -> Engine:
    """Open the engine that ``settings`` ask for: the fast one if it works, else the program.

    Raises:
        DependencyMissingError: it is not installed.
        LanguageMissingError: its language data is not.

    """
    if settings.engine == "pytesseract":
        return TesseractProgram(settings)
    if settings.engine == "tesserocr":
        return TesseractLibrary(settings)
    try:
        return TesseractLibrary(settings)
    except DepeshaError:
        return TesseractProgram(settings)
