"""Breaking text into typed lines, with hyphens where a typist would set them."""

from __future__ import annotations

_VOWELS = frozenset("аеёиоуыэюяАЕЁИОУЫЭЮЯ")
_NEVER_FIRST = frozenset("ьъйЬЪЙ")


def typed_lines(paragraph: str, width: int, indent: int) -> list[str]:
    """``paragraph`` in lines of at most ``width`` characters, the first shorter by ``indent``."""
    lines: list[str] = []
    line = ""
    room = width - indent
    for word in paragraph.split():
        left = word
        while left:
            space = room - len(line) - (1 if line else 0)
            if len(left) <= space:
                line = f"{line} {left}" if line else left
                break
            cut = _break(left, space) if line else max(1, min(len(left), width))
            if cut:
                hyphen = "" if left[cut - 1] == "-" or not line else "-"
                line = f"{line} {left[:cut]}{hyphen}" if line else left[:cut]
                left = left[cut:]
            lines.append(line)
            line, room = "", width
    return [*lines, line] if line else lines


def _break(word: str, space: int) -> int:
    """Where to break ``word`` so that its first part and a hyphen fit ``space``; 0: nowhere."""
    for cut in range(min(space - 1, len(word) - 2), 1, -1):
        head, tail = word[:cut], word[cut:]
        letters = head.strip('("').isalpha() and tail.strip('.,;:)"').isalpha()
        if not letters or tail[0] in _NEVER_FIRST or len(tail.strip(".,;:)")) < 2:
            continue
        if (
            _VOWELS & set(head)
            and _VOWELS & set(tail)
            and (head[-1] in _VOWELS or tail[0] not in _VOWELS)
        ):
            return cut
    return 0
