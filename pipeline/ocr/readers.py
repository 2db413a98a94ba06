"""Machine double-keying: two readers for every line, and what their vote makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pipeline.character_lm import CharacterLM
from pipeline.config import OcrSettings
from pipeline.model import Reading
from pipeline.ocr.choose import open_engine
from pipeline.ocr.engine import Engine, Provenance
from pipeline.ocr.typewriter import Typewriter
from pipeline.ocr.vote import vote, vote_digest
from pipeline.pixels import Pixels


class Readers:
    """Those that read: Tesseract, the recogniser, or both and their vote.

    One of ``engine`` and ``typewriter`` at least. With both, ``read`` gives three readings of a
    line: the vote's, the recogniser's, Tesseract's; with one, its own.
    """

    def __init__(self, engine: Engine | None, typewriter: Typewriter | None = None) -> None:
        self._engine, self._typewriter = engine, typewriter
        self.version = "; ".join(f"{x.name} {x.version}" for x in (typewriter, engine) if x)

    def read(self, images: Sequence[Pixels], typed: Sequence[bool]) -> list[tuple[Reading, ...]]:
        """The readings of each line image (uint8 ``(H, W)``), the one that counts first.

        ``typed``: whether an image surely holds type; where Tesseract saw none in it, it is
        asked once more to take it for a line, so that no line that was found gets lost here.

        Raises:
            EngineError: a reader crashed or ran out of time.

        """
        if self._typewriter is None:
            return [(reading,) for reading in self._asked(images, typed)]
        seen = self._typewriter.recognize(images)
        if self._engine is None:
            return [(x.reading,) for x in seen]
        # What the recogniser read needs no second look by Tesseract.
        unread = [type_ and not x.reading.text for type_, x in zip(typed, seen, strict=True)]
        others = self._asked(images, unread)
        chars = CharacterLM.load()
        return [
            (vote(image, own, other, chars), own.reading, other)
            for image, own, other in zip(images, seen, others, strict=True)
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
            if typed[place] and not reading.text.strip() and _is_long(image)
        ]
        again = engine.read_lines([images[i] for i in missed], look_for_text=False)
        for place, reading in zip(missed, again, strict=True):
            read[place] = reading
        return read


def open_readers(settings: OcrSettings) -> Readers:
    """The readers that ``settings`` ask for.

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
    """What would read under ``settings``: versions, hashes of language data and models.

    Raises as :func:`open_readers`.
    """
    return open_readers(settings).provenance()


def _is_long(pixels: Pixels) -> bool:
    """Whether a line's picture is as wide as three letters: a speck read as a line is made up."""
    height, width = pixels.shape
    return bool(width >= 1.5 * height)
