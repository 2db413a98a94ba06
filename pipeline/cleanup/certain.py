"""What readers of a scan saw for certain: a correction by words alone does not go against it."""

from __future__ import annotations

from pipeline.cleanup.noisy_channel import is_rare
from pipeline.lexicon import folded
from pipeline.model import TESSERACT, TYPEWRITER, VOTE, Edit, Line

SURE = 0.8
"""How sure the recogniser must be of each letter of a word."""


def may_be_mended(line: Line, edit: Edit) -> bool:
    """Whether ``edit``, by which a word of ``line`` becomes a known one, may stand.

    The recogniser takes a letter for one that looks like it and is sure; but it overlooks none, and
    adds none, where it is sure of all, and what Tesseract reads alike stands on the sheet: a
    typist's slip. Nor is a word mended that is no word into one that is hardly ever used. Lines
    that were not read by the recogniser have no such witness.
    """
    own = line.read_by(TYPEWRITER)
    if line.reading.reader != VOTE or own is None:
        return True
    if is_rare(folded(edit.after)):
        return False
    least = min((x.confidence or 0.0 for x in own.words if edit.before in x.text), default=0.0)
    other = line.read_by(TESSERACT)
    alike = other is not None and any(edit.before in x.text for x in other.words)
    return least < SURE or not (alike or len(edit.before) != len(edit.after))
