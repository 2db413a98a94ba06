"""What a user chooses of an export."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import Layer, LineKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The choices of an export; they are stored with what it made.

    ``layer``: ``None`` for what each format is for: ALTO, PAGE and hOCR show the sheet
    (diplomatic), PDF, DOCX, text and Markdown are read and searched (reading), TEI and the
    tables hold both. ``kinds``: ``None`` for those of ``text_kinds`` where the format is the
    transcript, all lines that were not dropped where it is the sheet. ``doubt_below``: the
    probability (0.0-1.0) under which a word is marked as doubtful. ``line_numbers``: in text
    and Markdown, whose lines are then those of the sheet.
    """

    layer: Layer | None = None
    kinds: tuple[LineKind, ...] | None = None
    text_kinds: tuple[LineKind, ...] = (
        LineKind.ADDRESSEE,
        LineKind.HEADING,
        LineKind.BODY,
        LineKind.SIGNATURE,
    )
    doubt_below: float = 0.9
    line_numbers: bool = False

    def layer_or(self, layer: Layer) -> Layer:
        """The chosen layer, ``layer`` where none was chosen."""
        return self.layer or layer

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The choices as sorted pairs of text."""
        kinds = self.kinds or ()
        return (
            ("doubt_below", f"{self.doubt_below:g}"),
            ("kinds", ",".join(kinds) or "those of the format"),
            ("layer", self.layer or "that of the format"),
            ("line_numbers", str(self.line_numbers).lower()),
            ("text_kinds", ",".join(self.text_kinds)),
        )
