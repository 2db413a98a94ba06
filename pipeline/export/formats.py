"""The formats by name, and one document in one of them; a format is imported when asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from pipeline.errors import DependencyMissingError, UsageError
from pipeline.export.options import Options
from pipeline.export.source import Source

Made = Mapping[str, bytes]
"""What a format makes of a document: the ending of each file's name, and its contents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format.

    ``needs_scan``: it has no place for a document that came as text. ``one_file``: many documents
    can stand in one file: its module has ``Together``, or ``HEADS``, ``part`` and ``TAILS``.
    ``needs``: packages beyond those of every installation. ``reads_scan``: the scan itself goes
    into it.
    """

    name: str
    module: str
    words: str
    needs_scan: bool = False
    reads_scan: bool = False
    one_file: bool = True
    needs: tuple[str, ...] = ()

    def load(self) -> Any:
        """Its module.

        Raises:
            DependencyMissingError: a package that it needs is not installed.

        """
        try:
            return import_module(f"pipeline.export.{self.module}")
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] not in self.needs:
                raise
            raise DependencyMissingError(
                self.name,
                f"needs {', '.join(self.needs)}: pip install 'depesha[export]'",
            ) from error


_ALL = (
    Format(
        name="pdf",
        module="pdf",
        words="the scan with invisible text",
        needs_scan=True,
        reads_scan=True,
        needs=("pikepdf", "img2pdf", "fontTools"),
    ),
    Format(name="alto", module="alto", words="ALTO 4.4"),
    Format(
        name="page", module="page_xml", words="PAGE 2019-07-15", needs_scan=True, one_file=False
    ),
    Format(name="hocr", module="hocr", words="hOCR 1.2", needs_scan=True),
    Format(name="tei", module="tei", words="TEI P5"),
    Format(name="docx", module="docx", words="Word", needs=("docx",)),
    Format(name="txt", module="plain", words="plain text"),
    Format(name="md", module="markdown", words="Markdown"),
    Format(name="csv", module="tables", words="tables of lines and of fields"),
    Format(name="jsonl", module="json_lines", words="the same as JSON Lines"),
)
FORMATS: Final[Mapping[str, Format]] = {one.name: one for one in _ALL}
"""All formats by their names."""


def chosen(names: str | Iterable[str]) -> tuple[Format, ...]:
    """The formats called ``names`` (parted by commas, or an iterable), each once.

    Raises:
        UsageError: there is no such format, or none is named.
        DependencyMissingError: a package that one needs is not installed.

    """
    parts: Iterable[str] = names.split(",") if isinstance(names, str) else names
    wanted = dict.fromkeys(part.strip().lower() for part in parts if part.strip())
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown or not wanted:
        what = f"there is no format `{unknown[0]}`" if unknown else "no format is named"
        raise UsageError("export", f"{what}; there are {', '.join(FORMATS)}")
    some = tuple(FORMATS[name] for name in wanted)
    for one in some:
        one.load()
    return some


def render(source: Source, name: str, options: Options | None = None) -> Made:
    """``source`` in the format ``name``: the endings of the files' names, and their contents.

    Raises:
        UsageError: there is no such format, or it needs a scan and the document came as text.
        DependencyMissingError: a package that it needs is not installed.
        InputMissingError: the scan goes into the format, and is gone.
        InputUnreadableError: the scan cannot be put into it.

    """
    (one,) = chosen([name])
    if one.needs_scan and not source.has_scan:
        raise UsageError(source.name, f"came as text: {name} shows scans, and it has none")
    made: Made = one.load().export(source, options or Options())
    return made
