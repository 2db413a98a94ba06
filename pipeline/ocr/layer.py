"""A scan's text layer as one more reader: it decides doubtful words that are none.

The layer is another program's reading, with no word on how sure it was, so it never stands alone.
Where our reading of a word is doubtful and no Russian word, and the layer has nearly the same
letters there, in known words and with the same figures, the layer and the dictionary outvote it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import regex
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from pipeline.lexicon import knows
from pipeline.model import LAYER, VOTE, Box, Line, Word

_DOUBTED, _RUN_TOGETHER = 0.93, 0.85
"""Confidence under which a word is doubtful, and under which words that were run together are
parted: typists leave spaces out, and other programs put them in."""

_PROBABILITY = 0.9
"""Of a word that the layer decided: on eight sheets all were right, by eye; it is not fitted."""

_LINE_ALIKE, _WORD_ALIKE = 55.0, 0.55
"""Likeness (rapidfuzz ratio, 0-100) of two lines that are one, and (0.0-1.0) of the letters of
words of which one may be a misreading of the other."""

_MOST_WORDS = 8
_LETTERS = regex.compile(r"\p{L}+(?:-\p{L}+)*")


def with_layer(lines: Sequence[Line], layer: Sequence[Line]) -> tuple[Line, ...]:
    """``lines``, read from a scan, with what the ``layer`` of the scan decides.

    Boxes of both are in the scan. A line of which the layer has a reading keeps it among its
    alternatives. Nothing is made of what only the layer has.
    """
    return tuple(_voted(line, layer) for line in lines)


def _voted(line: Line, layer: Sequence[Line]) -> Line:
    other = _same_line(line, layer)
    if line.reading.reader != VOTE or other is None:
        return line
    alternative = replace(other.reading, reader=LAYER)
    words = tuple(_words(line.reading.words, other.reading.words))
    reading = replace(line.reading, words=words)
    return replace(line, reading=reading, alternatives=(*line.alternatives, alternative))


def _same_line(line: Line, layer: Sequence[Line]) -> Line | None:
    """The line of the layer that stands where ``line`` does and says much the same."""
    near = [x for x in layer if line.box and x.box and _is_on(x.box, line.box)]
    alike = [(fuzz.ratio(x.raw, line.raw), place) for place, x in enumerate(near)]
    likeness, place = max(alike, default=(0.0, 0))
    return near[place] if likeness >= _LINE_ALIKE else None


def _is_on(one: Box, other: Box) -> bool:
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    along = min(one.right, other.right) - max(one.left, other.left)
    return 2 * down > min(one.height, other.height) and 2 * along > min(one.width, other.width)


def _words(own: Sequence[Word], other: Sequence[Word]) -> Iterator[Word]:
    read = theirs = 0
    for block in Levenshtein.opcodes([x.text for x in own], [x.text for x in other]):
        if block.tag == "equal":
            yield from _better(own[read : block.src_start], other[theirs : block.dest_start])
            yield from own[block.src_start : block.src_end]
            read, theirs = block.src_end, block.dest_end
    yield from _better(own[read:], other[theirs:])


def _better(ours: Sequence[Word], theirs: Sequence[Word]) -> Iterator[Word]:
    """What stands between words that both read the same; as many words are taken one by one."""
    if len(ours) == len(theirs):
        for pair in zip(ours, theirs, strict=True):
            one, other = pair[:1], pair[1:]
            yield from _decided(one, other) if _outvoted(one, other) else one
    else:
        yield from _decided(ours, theirs) if _outvoted(ours, theirs) else ours


def _outvoted(ours: Sequence[Word], theirs: Sequence[Word]) -> bool:
    """Whether what the layer has, ``theirs``, is to be taken for ``ours``."""
    if not ours or not theirs or max(len(ours), len(theirs)) > _MOST_WORDS:
        return False
    sure = min(x.confidence or 0.0 for x in ours)
    text, better = (" ".join(x.text for x in words) for words in (ours, theirs))
    parts, known = _LETTERS.findall(text), _LETTERS.findall(better)
    if "".join(parts) == "".join(known):
        # The same letters, and so at most other spaces.
        doubtful = sure < _RUN_TOGETHER and len(ours) != len(theirs)
    else:
        doubtful = sure < _DOUBTED
    return (
        doubtful
        and _is_within(_other_signs(better), _other_signs(text))
        and not all(map(_is_word, parts))
        and bool(known)
        # The half of a word broken at the line's end is none; there both must have read the same.
        and all(_is_word(part) or part in text for part in known)
        and _likeness(parts, known) >= _WORD_ALIKE
    )


def _likeness(parts: Sequence[str], known: Sequence[str]) -> float:
    one, other = ("".join(words).lower() for words in (parts, known))
    return Levenshtein.normalized_similarity(one, other)


def _is_word(text: str) -> bool:
    return len(text) > 1 and knows(text.lower())


def _other_signs(text: str) -> tuple[str, str]:
    """The figures of a text, and its marks: letters and spaces alone may come from a layer."""
    figures = "".join(c for c in text if c.isdecimal())
    return figures, "".join(c for c in text if not (c.isalnum() or c.isspace()))


def _is_within(these: tuple[str, str], those: tuple[str, str]) -> bool:
    marks = iter(those[1])
    return these[0] == those[0] and all(mark in marks for mark in these[1])


def _decided(ours: Sequence[Word], theirs: Sequence[Word]) -> Iterator[Word]:
    read = " ".join(x.text for x in ours)
    for place, word in enumerate(theirs):
        own = ours[place] if len(ours) == len(theirs) else None
        if own is not None and own.text == word.text:
            yield own
            continue
        yield Word(
            text=word.text,
            gap=ours[0].gap if not place else " ",
            box=own.box if own is not None else word.box,
            confidence=_PROBABILITY,
            other=own.text if own is not None else read,
        )
