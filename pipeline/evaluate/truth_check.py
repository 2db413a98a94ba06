"""What is odd in a ground truth, before anyone believes a figure made with it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import regex

from pipeline.errors import TruthError
from pipeline.evaluate.names import folded
from pipeline.evaluate.pairs import find_truths, truth_files
from pipeline.ground_truth import JSON_SUFFIX, TEXT_SUFFIX, Truth, load_truth
from pipeline.lexicon import knows
from pipeline.text import INVISIBLE, LATIN_TO_CYRILLIC, Level, normalise

CODES = {
    "unreadable": "the file cannot be understood",
    "empty": "the file holds no text: right for an empty page alone",
    "empty_line": "a labelled line without text",
    "unknown_text": "a labelled line whose text is not known: its kind cannot be compared",
    "same_stem": "the same name in several folders: results are told apart by folder alone",
    "two_formats": "a truth of one name in two formats; the first counts",
    "twins_differ": "the .gt.txt and the lines of the .gt.json differ; the text is the former's",
    "mixed_alphabets": "a word of Cyrillic and Latin letters",
    "latin_letters": "a Russian word in Latin letters of the same look",
    "letter_in_number": "a letter that looks like a digit, between digits",
    "odd_sign": "a sign that no typewriter and no print has",
    "invisible_sign": "a sign that leaves no ink: zero-width, soft hyphen, mark of direction",
    "odd_space": "a tab or a space of another kind",
    "not_composed": "letters and their marks apart (not NFC)",
    "repeated_line": "a long line that stands there twice in a row",
}
"""What is looked for, with what it means."""

_MIXED = regex.compile(r"(?=\p{L}*\p{Cyrillic})(?=\p{L}*\p{Latin})\p{L}+")
_LATIN = regex.compile(r"(?<!\p{L})[ABCEHKMOPTXYaceopxykëË]{3,}(?!\p{L})")
_IN_NUMBER = regex.compile(r"(?<=\d)[ОоOoЗзIlІ]+(?=\d)")
_ODD = regex.compile(
    r"[\p{Cc}\p{Co}\p{Cn}\ufffd]"
    r"|[^\p{Cyrillic}\p{Latin}\p{Greek}\p{Common}\p{Inherited}]"
    r"|\p{Extended_Pictographic}(?<![\u00a9\u00ae\d#*])"
)
_SPACE = regex.compile(r"[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LONG = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """Something odd: one of :data:`CODES`, where (``line`` from 1, 0: the file), and what."""

    code: str
    path: Path
    line: int = 0
    what: str = ""


def check_truths(path: Path) -> tuple[int, list[Odd]]:
    """How many truths there are in ``path`` (a file, or a folder at any depth), and what is odd.

    Raises:
        TruthError: ``path`` does not exist, or holds no truth.

    """
    if not path.is_dir():
        if not path.is_file():
            raise TruthError(path, "does not exist (as ground truth)")
        return 1, list(_of_file(path))
    found = find_truths(path)
    odd = [*_of_names(found), *_doubled(path, found)]
    for file in found.values():
        odd += _of_file(file)
    return len(found), odd


def _of_names(found: dict[str, Path]) -> Iterator[Odd]:
    by_stem: dict[str, list[Path]] = {}
    for name, path in found.items():
        by_stem.setdefault(folded(PurePosixPath(name).name), []).append(path)
    for paths in by_stem.values():
        for path in paths[1:]:
            yield Odd(code="same_stem", path=path, what=f"also {paths[0]}")


def _doubled(root: Path, found: dict[str, Path]) -> Iterator[Odd]:
    taken = set(found.values())
    for path, name in truth_files(root):
        twin = (TEXT_SUFFIX, JSON_SUFFIX)
        first = found.get(name)
        if path in taken or first is None:
            continue
        if not (path.name.lower().endswith(twin) and first.name.lower().endswith(twin)):
            yield Odd(code="two_formats", path=path, what=f"{first.name} counts")


def _of_file(path: Path) -> Iterator[Odd]:
    try:
        truth = load_truth(path)
    except TruthError as error:
        yield Odd(code="unreadable", path=path, what=error.message)
        return
    if not truth.text.strip() and not any(line.text for line in truth.lines):
        yield Odd(code="empty", path=path)
    if _twins_differ(truth):
        yield Odd(code="twins_differ", path=path)
    before = ""
    for number, text in _texts(truth):
        if text is None:
            yield Odd(code="unknown_text", path=path, line=number)
            continue
        if truth.labelled and not text.strip():
            yield Odd(code="empty_line", path=path, line=number)
        for code, what in _of_line(text):
            yield Odd(code=code, path=path, line=number, what=what)
        if len(text) >= _LONG and text == before:
            yield Odd(code="repeated_line", path=path, line=number, what=text[:40])
        before = text


def _texts(truth: Truth) -> Iterator[tuple[int, str | None]]:
    if truth.labelled:
        yield from ((i, line.text) for i, line in enumerate(truth.lines, start=1))
    else:
        yield from enumerate(truth.text.splitlines(), start=1)


def _twins_differ(truth: Truth) -> bool:
    if not truth.labelled or not truth.path.name.lower().endswith(TEXT_SUFFIX):
        return False
    lines = [x for x in truth.lines if x.kind in truth.text_kinds]
    if any(x.text is None for x in lines):
        return False
    labelled = "\n".join(x.text or "" for x in lines)
    return normalise(labelled, Level.READING) != normalise(truth.text, Level.READING)


def _of_line(text: str) -> Iterator[tuple[str, str]]:
    for match in _MIXED.finditer(text):
        yield "mixed_alphabets", match[0]
    for match in _LATIN.finditer(text):
        if knows(match[0].translate(LATIN_TO_CYRILLIC)):
            yield "latin_letters", match[0]
    for match in _IN_NUMBER.finditer(text):
        yield "letter_in_number", text[max(0, match.start() - 3) : match.end() + 3]
    for match in INVISIBLE.finditer(text):
        yield "invisible_sign", _named(match[0])
    for match in _SPACE.finditer(text):
        yield "odd_space", _named(match[0])
    for match in _ODD.finditer(_SPACE.sub(" ", INVISIBLE.sub("", text))):
        yield "odd_sign", _named(match[0])
    if unicodedata.normalize("NFC", text) != text:
        yield "not_composed", text[:40]


def _named(sign: str) -> str:
    return " ".join(f"U+{ord(x):04X} {unicodedata.name(x, '')}".strip() for x in sign)
