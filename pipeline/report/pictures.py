"""Pictures of the scans, small enough for a report and of a kind that browsers show."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from pathlib import Path

import cv2
from PIL import Image

from pipeline.config import InputSettings
from pipeline.errors import DepeshaError, OutputError
from pipeline.model import Document
from pipeline.pixels import Pixels
from pipeline.scans import file_of, open_scan
from pipeline.store import make_folder, write_atomic

QUALITY = 55

_log = logging.getLogger("depesha")


def write_pictures(
    document: Document,
    source: Path,
    folder: Path,
    stem: str,
    *,
    width: int,
    settings: InputSettings,
) -> list[str | None]:
    """A grey JPEG of each page, at most ``width`` pixels wide; its file name, or ``None``.

    ``None`` where a page has no picture: raw text, a scan that is not there or is damaged,
    or ``width`` 0. A picture that is newer than its scan (or has outlived it) stands.

    Raises:
        OutputError: a picture cannot be written.

    """
    if not width:
        return [None] * len(document.pages)
    wanted = [
        f"{stem}-{number}-{width}.jpg" if page.scan.width else None
        for number, page in zip(document.picture_numbers, document.pages, strict=True)
    ]
    try:
        if any(
            name and not _is_current(folder / name, file_of(source, page))
            for name, page in zip(wanted, document.pages, strict=True)
        ):
            _write(document, source, folder, wanted, width, settings)
    except OutputError:
        raise
    except DepeshaError as error:
        # The result stands without its picture; why the scan is gone is another matter.
        _log.warning("%s: no picture in the report: %s", document.id, error)
    return [name if name and (folder / name).is_file() else None for name in wanted]


def _is_current(picture: Path, scan: Path) -> bool:
    if not scan.is_file():
        return True
    return picture.is_file() and picture.stat().st_mtime >= scan.stat().st_mtime


def _write(
    document: Document,
    source: Path,
    folder: Path,
    names: Sequence[str | None],
    width: int,
    settings: InputSettings,
) -> None:
    make_folder(folder)
    for path, numbers in _wanted(document, source, names).items():
        with open_scan(path, settings) as scan:
            for number, name in numbers.items():
                pixels = scan.load(number).pixels if number <= scan.page_count else None
                if pixels is not None:
                    write_atomic(folder / name, _jpeg(pixels, width))


def _wanted(
    document: Document, source: Path, names: Sequence[str | None]
) -> dict[Path, dict[int, str]]:
    """The files with the names of their pages' pictures; a document may be of several files."""
    found: dict[Path, dict[int, str]] = {}
    for page, name in zip(document.pages, names, strict=True):
        if name is not None:
            found.setdefault(file_of(source, page), {})[page.scan.page] = name
    return found


def _jpeg(pixels: Pixels, width: int) -> bytes:
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    if grey.shape[1] > width:
        height = max(1, round(grey.shape[0] * width / grey.shape[1]))
        grey = cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA)
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, "JPEG", quality=QUALITY, optimize=True)
    return stream.getvalue()
