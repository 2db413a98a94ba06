"""Machine double-keying: which readers read, two for every line, and their vote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import msgspec

from pipeline.character_lm import CharacterLM
from pipeline.config import OcrSettings, SecondReader
from pipeline.errors import DepeshaError, LanguageMissingError
from pipeline.model import Reading
from pipeline.ocr.certainty import alone
from pipeline.ocr.ctc import LineRecognition
from pipeline.ocr.doubt import SURE, is_doubted
from pipeline.ocr.engine import Engine, Provenance
from pipeline.ocr.latin import LatinReader
from pipeline.ocr.tesseract import data_hashes, find_tessdata
from pipeline.ocr.tesseract_api import TesseractLibrary
from pipeline.ocr.tesseract_cli import TesseractProgram
from pipeline.ocr.typewriter import Typewriter
from pipeline.ocr.vote import vote, vote_digest
from pipeline.pixels import Pixels


@dataclass(frozen=True, slots=True)
class ToRead:
    """One line for the readers.

    ``images``: its cells, uint8 ``(H, W)``, left to right. ``typed``: whether it is certain to hold
    type; where Tesseract, asked, saw none in it, it is asked once more to take it for a line, so
    that no line that was found gets lost here. ``doubtful``: whether two readers are wanted,
    however sure the first one is.
    """

    images: Sequence[Pixels]
    typed: bool = True
    doubtful: bool = False


class Readers:
    """The readers of lines: Tesseract, the recogniser, or both and their vote.

    One of ``engine`` and ``typewriter`` at least. With both, ``read`` gives three readings of a
    cell: the vote's, the recogniser's, Tesseract's. Where Tesseract was not asked, or is not there,
    it gives the first two, which are of one text; without the recogniser Tesseract's alone.

    ``second``: which lines Tesseract is asked for; ``doubtful``: those of which the recogniser is
    unsure (:func:`~pipeline.ocr.doubt.is_doubted`). ``latin`` reads lines in Latin letters: its
    reading then stands first, in the place of the vote's or of the only one.
    """

    def __init__(
        self,
        engine: Engine | None,
        typewriter: Typewriter | None = None,
        second: SecondReader = "all",
        latin: LatinReader | None = None,
    ) -> None:
        self._engine, self._typewriter, self._second = engine, typewriter, second
        self._latin = latin
        self.version = "; ".join(f"{x.name} {x.version}" for x in (typewriter, engine) if x)

    def read(self, lines: Sequence[ToRead]) -> list[list[tuple[Reading, ...]]]:
        """The readings of each cell of each line, the one that counts first.

        Raises:
            EngineError: a reader crashed or ran out of time.

        """
        read = self._read_as_russian(lines)
        if self._latin is None:
            return read
        shown = [
            (line.images, [first for first, *_ in cells])
            for line, cells in zip(lines, read, strict=True)
        ]
        better = self._latin.better(shown)
        for place, (images, cells) in enumerate(shown):
            best = better.get(place) or self._latin.with_words(images, cells)
            read[place] = [
                (new, *others) for new, (_, *others) in zip(best, read[place], strict=True)
            ]
        return read

    def _read_as_russian(self, lines: Sequence[ToRead]) -> list[list[tuple[Reading, ...]]]:
        if self._typewriter is None:
            read = self._asked([(image, line.typed) for line in lines for image in line.images])
            return [[(next(read),) for _ in line.images] for line in lines]
        recognised = [self._typewriter.recognize(line.images) for line in lines]
        asked = [self._is_asked(line, cells) for line, cells in zip(lines, recognised, strict=True)]
        others = self._asked(
            [
                # A cell that the recogniser read needs no second look by Tesseract.
                (image, line.typed and not cell.reading.text)
                for line, cells, is_asked in zip(lines, recognised, asked, strict=True)
                for image, cell in zip(line.images, cells, strict=True)
                if is_asked
            ]
        )
        return [
            _doubly_read(line.images, cells, [next(others) for _ in cells])
            if is_asked
            else [(alone(cell, CharacterLM.load()), cell.reading) for cell in cells]
            for line, cells, is_asked in zip(lines, recognised, asked, strict=True)
        ]

    def _is_asked(self, line: ToRead, cells: Sequence[LineRecognition]) -> bool:
        """Whether Tesseract is asked for ``line``."""
        if self._engine is None:
            return False
        return self._second == "all" or line.doubtful or is_doubted(cells)

    def provenance(self) -> Provenance:
        """What these readers are, exactly: stored with every result."""
        parts = [x.provenance() for x in (self._engine, self._typewriter) if x]
        if len(parts) == 2:
            sure = f", sure from {SURE:g}" if self._second == "doubtful" else ""
            parts.append((("second_reader", f"{self._second}{sure}"),))
        if self._latin is not None:
            parts.append(self._latin.provenance())
        if self._typewriter is not None:
            parts.append((("vote", vote_digest()[:16]),))
        return tuple(sorted(item for part in parts for item in part))

    def _asked(self, images: Sequence[tuple[Pixels, bool]]) -> Iterator[Reading]:
        """Tesseract's readings of cells, each with whether it is certain to hold type."""
        engine = self._engine
        if engine is None:
            return
        read = engine.read_lines([image for image, _ in images])
        missed = [
            place
            for place, (reading, (image, typed)) in enumerate(zip(read, images, strict=True))
            # A speck that is narrower than three letters is no line.
            if typed and not reading.text.strip() and image.shape[1] >= 1.5 * image.shape[0]
        ]
        again = engine.read_lines([images[i][0] for i in missed], look_for_text=False)
        for place, reading in zip(missed, again, strict=True):
            read[place] = reading
        yield from read


def _doubly_read(
    images: Sequence[Pixels], cells: Sequence[LineRecognition], others: Sequence[Reading]
) -> list[tuple[Reading, ...]]:
    """The cells of one line that both have read: the vote's, the recogniser's, Tesseract's.

    Of a cell in which the recogniser saw no type, beside others in which it did, nothing is taken
    from Tesseract: it is a signature or a stroke beside a typed line.
    """
    chars = CharacterLM.load()
    typed = any(cell.reading.text for cell in cells)
    return [
        (
            alone(cell, chars)
            if typed and not cell.reading.text
            else vote(image, cell, other, chars),
            cell.reading,
            other,
        )
        for image, cell, other in zip(images, cells, others, strict=True)
    ]


def open_readers(settings: OcrSettings) -> Readers:
    """Open the readers that ``settings`` ask for.

    Raises:
        DependencyMissingError: one is not installed.
        LanguageMissingError: Tesseract's language data is not.
        EngineError: one could not be started.

    """
    engine = None if settings.readers == "typewriter" else open_engine(settings)
    typewriter = None if settings.readers == "tesseract" else Typewriter(settings)
    return Readers(engine, typewriter, settings.second_reader, _latin_reader(settings))


def _latin_reader(settings: OcrSettings) -> LatinReader | None:
    """The reader of Latin letters, where its data is installed: nothing else depends on it."""
    if not settings.latin or settings.readers == "typewriter":
        return None
    own = msgspec.structs.replace(settings, language=settings.latin)
    try:
        data = data_hashes(find_tessdata(own), own.language)
    except LanguageMissingError:
        return None
    return LatinReader(partial(open_engine, own), settings.latin, data)


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
