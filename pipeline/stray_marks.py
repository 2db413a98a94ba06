"""Marks that other engines read into a text: specks, pen strokes, folds, the edge of a sheet.

They stand between the lines, or at a line's ends: signs that nobody types there (``~``, ``·``,
``,,,``), or a scrap of one or two signs behind wide white space.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

_TOKEN = regex.compile(r"\S+")
_TYPED = regex.compile(
    r"[-–—=+*/<>|]{1,2}|_{3,}|-{3,}|\.{2,}|"
    r"[\"'«»“”„)\]]*(?:\.{1,3}|…|[,:;!?]{1,2})?[\"'»“”)\]]*|[\"'«“„(\[]+|%|№|&|§|°|©|#+|\(\*+\)|\*+\)?"
)
"""Signs that stand by themselves in typed text: dashes, brackets, stops, blanks of a form."""

_NOTED = regex.compile(r"\(\*+\)|\*+\)?|[%№§°©][.,:;!?)\"»”]*|[\"»”]")
"""Signs of notes, units and repetition, with the stop behind them: far from the line, too."""

_SCRAP = regex.compile(r"[\W_]*[a-z]{0,2}[\W_]*")
_CLOSING = regex.compile(r"[.,:;!?)]")
"""A stop that stands by itself where a line begins: there is none."""

_DIVIDER = regex.compile(r"(\S)(?:\s*\1)*")
_WIDE, _TAB = 4, 8
"""Columns of white space beside which a scrap is none of the line's words; and of a tab."""

_BULLETS = frozenset("·•*")
_LETTERS = 3
"""Letters that stay of a line: of scraps alone it is for the noise filter to say what they are."""

_SCATTERED, _STRAY_SIGNS = 5, 2
"""Signs alone, in a line with hardly a letter, from which it is nothing but marks."""


def text_span(raw: str) -> tuple[int, int]:
    """Where the text of a line begins and ends, in characters, without the marks at its ends.

    White space beside the text counts with it; of a line of marks alone all is text.
    """
    tokens = list(_TOKEN.finditer(raw))
    first, last = _leading(raw, tokens), len(tokens) - _trailing(raw, tokens)
    if sum(c.isalpha() for token in tokens[first:last] for c in token[0]) < _LETTERS:
        return 0, len(raw)
    return (
        tokens[first].start() if first else 0,
        tokens[last - 1].end() if last < len(tokens) else len(raw),
    )


def blanked(raw: str) -> str:
    """``raw``, as long as it is, with spaces for the marks at its ends."""
    start, end = text_span(raw)
    return " " * start + raw[start:end] + " " * (len(raw) - end)


def is_marks(raw: str) -> bool:
    """Whether a line is nothing but such marks; a row of one sign is a typed divider."""
    tokens = raw.split()
    signs = [token for token in tokens if not any(map(str.isalnum, token))]
    if len(signs) == len(tokens):
        return bool(tokens) and _DIVIDER.fullmatch(raw.strip()) is None
    strays = sum(_is_mark(token) for token in signs)
    alone = len(signs) >= _SCATTERED and strays >= _STRAY_SIGNS
    return alone and sum(map(str.isalnum, raw)) <= 2


def _trailing(raw: str, tokens: Sequence[regex.Match[str]]) -> int:
    """How many of the last tokens are marks."""
    found = marks = 0
    for count, token in enumerate(reversed(tokens[1:]), start=1):
        text = token[0]
        before = raw[tokens[-count - 1].end() : token.start()]
        if not _SCRAP.fullmatch(text) or _NOTED.fullmatch(text):
            break
        marks += _is_mark(text)
        if _is_wide(before) or _is_mark(text) or (marks > 1 and not _is_typed(text)):
            found = count
    return found


def _leading(raw: str, tokens: Sequence[regex.Match[str]]) -> int:
    """How many of the first tokens are marks."""
    found = 0
    for count, token in enumerate(tokens[:-1], start=1):
        text = token[0]
        after = raw[token.end() : tokens[count].start()]
        if not _SCRAP.fullmatch(text):
            break
        bullet = count == 1 and text in _BULLETS and not _is_wide(after)
        if not bullet and (_is_wide(after) or _is_mark(text) or _CLOSING.fullmatch(text)):
            found = count
    return found


def _is_mark(text: str) -> bool:
    """Whether a token is of signs that nobody types by themselves."""
    return not any(map(str.isalnum, text)) and not _is_typed(text)


def _is_typed(text: str) -> bool:
    return _TYPED.fullmatch(text) is not None


def _is_wide(white: str) -> bool:
    return sum(_TAB if c == "\t" else 1 for c in white) >= _WIDE
