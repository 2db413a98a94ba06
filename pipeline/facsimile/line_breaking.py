"""Breaking text into typed lines, with hyphens where a typist would set them."""

from __future__ import annotations

_VOWELS = frozenset("аеёиоуыэюяАЕЁИОУЫЭЮЯ")
_NEVER_FIRST = frozenset("ьъйЬЪЙ")
_BEFORE = '("/«'
_AFTER = '.,;:!?)"/»'


def typed_lines(paragraph: str, width: int, indent: int) -> list[str]:
    """``paragraph`` in lines of at most ``width`` characters, the first shorter by ``indent``.

    Words are broken between syllables with a hyphen, compounds at the hyphen they have;
    a word longer than a line is cut where the line ends, without a hyphen.
    """
    lines: list[str] = []
    line, room = "", width - indent
    for word in paragraph.split():
        left = word
        while left:
            gap = " " if line else ""
            space = room - len(line) - len(gap)
            if len(left) <= space:
                line, left = f"{line}{gap}{left}", ""
                continue
            head, left = _cut(left, space, alone=not line)
            if head:
                line = f"{line}{gap}{head}"
            lines.append(line)
            line, room = "", width
    return [*lines, line] if line else lines


def _cut(word: str, space: int, *, alone: bool) -> tuple[str, str]:
    """``word`` in what still goes on the line (with its hyphen) and what is left over."""
    cut = break_at(word, space)
    if cut:
        hyphen = "" if word[cut - 1] == "-" else "-"
        return word[:cut] + hyphen, word[cut:]
    if alone:
        return word[: max(1, space)], word[max(1, space) :]
    return "", word


def break_at(word: str, space: int) -> int:
    """The last place to break ``word`` so that its head and hyphen fit ``space``; 0: nowhere.

    A tail begins with a consonant and a vowel (``соот-ношения``); two letters at least
    stay on either line, and a vowel with them.
    """
    for cut in range(min(space, len(word) - 2), 1, -1):
        head, tail = word[:cut], word[cut:]
        if head[-1] == "-" and head[:-1].strip(_BEFORE).isalpha() and tail[0].isalpha():
            return cut
        if cut < space and _syllables(head.lstrip(_BEFORE), tail.rstrip(_AFTER)):
            return cut
    return 0


def _syllables(head: str, tail: str) -> bool:
    if len(head) < 2 or len(tail) < 2 or not (head + tail).isalpha():
        return False
    opens = tail[0] not in _VOWELS | _NEVER_FIRST and tail[1] in _VOWELS
    return opens and bool(_VOWELS & set(head))
