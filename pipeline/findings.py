"""What is to be looked at on a page that came out, but not as pages should.

Each finding is named, said in one sentence, and comes with one line of advice; ``docs/errors.md``
lists them. None of them changes what was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import numpy as np
import regex

from pipeline.character_lm import CharacterLM
from pipeline.languages import Language, language_of
from pipeline.lexicon import knows
from pipeline.model import Finding, Line, LineKind, Page, Verdict
from pipeline.pixels import Pixels

_ADVICE = {
    "no_text": "nothing to do if it is so; else look how the file was made",
    "left_out": "read what was left out: it may be text in a way that nobody expected",
    "no_lines": "look at the scan: if there is type on it, scan it again, darker or upright",
    "picture": "nothing to do where it is a picture; else scan the page again",
    "handwriting": "have it keyed by hand: only typed lines can be read",
    "damaged": "copy or scan it again: part of the page may be missing or wrong",
    "cut_off": "scan the whole sheet, or key the line from the original: only half of it is there",
    "too_small": "scan it again, with 300 dots per inch or more",
    "beyond_repair": "read the scan anew, as Russian: nothing can be mended in this text",
    "wrong_charset": "compare it with the file it was made from; save that as UTF-8",
    "other_script": "read it with another program, or set ocr.language",
    "foreign_lines": "key them by hand: another language than ocr.latin, or illegible",
    "other_language": "read it with another program, or set ocr.language; corrections are Russian",
    "poorly_read": "scan it again, or have it keyed; compare the transcript with the sheet",
}
CODES = tuple(_ADVICE)
"""The codes of all findings."""

_GIVEN = frozenset(("read-file", "text-lines"))
"""First steps of pages that came with their lines, not as a picture."""

CUT_OFF = "cut-off"
"""The noise filter's reason of a typed line that the sheet's edge cut."""

_POOR = 0.12
"""Expected character error rate above which a page is read far below what is usual."""

_DOUBTED = 0.06
_SMALL = 13
"""Height of a line's box in scan pixels below which type is too small where it is doubted too."""

_SMALL_SHEET = 420
"""Pixels across a scan below which a sheet that gave nothing is too small."""

_INK, _TONES = 0.002, 50
"""The share of pixels that differ by so many tones from the paper on a page with marks."""

_LETTERS = 60

_RUN, _OF_RUN, _LONG, _KNOWN, _LIKELY = 3, 4, 15, 0.4, -4.4
"""So many of so many lines that follow each other are foreign: of lines of 15 letters those with
hardly a known word and letters that hardly ever follow each other (mean log-probability)."""

_WORD = regex.compile(r"\p{L}{3,}")
_CYRILLIC = regex.compile(r"\p{Cyrillic}+")


def find(code: str, message: str) -> Finding:
    """The finding ``code`` with its advice."""
    return Finding(code=code, message=message, advice=_ADVICE[code])


def has_marks(pixels: Pixels) -> bool:
    """Whether there is anything on the sheet ``pixels`` (uint8, ``(H, W)`` or ``(H, W, 3)``)."""
    some = pixels[::2, ::2].astype(np.int16)
    grey = some if some.ndim == 2 else some.mean(axis=2)
    height, width = grey.shape
    # The scanner's edge is no mark.
    inner = grey[height // 12 : height - height // 12, width // 12 : width - width // 12]
    if inner.size == 0:
        return False
    return float((np.abs(inner - np.median(inner)) > _TONES).mean()) > _INK


def findings_of(page: Page, text: Sequence[Line], rate: float | None) -> tuple[Finding, ...]:
    """What is to be looked at on ``page``; ``text``: the lines that its transcript holds.

    ``rate`` is the expected error rate. Findings that the page has already stay.
    """
    if language_of("\n".join(line.raw for line in page.lines)) is Language.READ_AS_LATIN:
        message = "Russian type that was read as if it were in Latin letters"
        return (*page.findings, find("beyond_repair", message))
    found = [*page.findings, *_of_place(page, text, rate)]
    if cut := [x.raw for x in text if any(reason.rule == CUT_OFF for reason in x.reasons)]:
        found.append(find("cut_off", f"a line is cut off at the sheet's edge: {cut[0]!r}"))
    words = _WORD.findall(" ".join(line.text for line in text))
    found += _of_words(words) or _of_lines([line.text for line in text])
    if rate is not None and rate > _POOR and text:
        found.append(find("poorly_read", f"about {rate:.0%} of its characters will be wrong"))
    return tuple(found)


def nothing_read(page: Page, pixels: Pixels) -> tuple[Finding, ...]:
    """Why ``page``, on which no line was found, may have none; nothing for an empty sheet."""
    if not has_marks(pixels):
        return ()
    if min(pixels.shape[:2]) < _SMALL_SHEET:
        return (find("too_small", f"no line was found; the scan is {pixels.shape[1]} pixels wide"),)
    if _measure(page, "picture") == "true":
        return (find("picture", "it looks like a picture: no line of type was found"),)
    return (find("no_lines", "there are marks on the sheet, but no line of type was found"),)


def no_text(pages: Sequence[Page]) -> tuple[Finding, ...]:
    """Said of a file of text, or of another engine's lines, that has none on any of its pages.

    Or most of which was left out as noise: it may be text in a way that nobody expected.
    """
    steps = {page.steps[0].name if page.steps else "" for page in pages}
    lines = [line for page in pages for line in page.lines]
    out = [line for line in lines if line.verdict is Verdict.DROP]
    if not steps <= _GIVEN or (lines and not out) or 2 * _letters(out) < _letters(lines):
        return ()
    if any(found.code == "beyond_repair" for page in pages for found in page.findings):
        return ()
    if len(out) < len(lines):
        return (find("left_out", f"{len(out)} of {len(lines)} lines were left out as no text"),)
    if lines:
        return (find("no_text", f"nothing in it looks like text: all {len(lines)} lines left out"),)
    return (find("no_text", "there is no text in it, at most spaces"),)


def _letters(lines: Sequence[Line]) -> int:
    return sum(c.isalnum() for line in lines for c in line.raw)


def _of_place(page: Page, text: Sequence[Line], rate: float | None) -> list[Finding]:
    found: list[Finding] = []
    drawn = [x for x in page.lines if x.kind is LineKind.HANDWRITING]
    drawn_regions = [x for x in page.regions if x.kind is LineKind.HANDWRITING]
    if len(drawn) > 2 * len(text) or (not text and drawn_regions and page.lines):
        found.append(find("handwriting", "most of it looks written by hand"))
    elif page.lines and not text and not page.findings and page.scan.width is not None:
        found.append(find("no_lines", f"{len(page.lines)} lines were read, none of them is text"))
    heights = [line.box.height for line in text if line.box is not None]
    if heights and median(heights) < _SMALL and rate is not None and rate > _DOUBTED:
        found.append(find("too_small", f"its lines are {median(heights):.0f} pixels high"))
    return found


def damaged(said: str) -> Finding:
    """Of a page whose data are damaged; ``said``: by its decoder."""
    return find("damaged", f"the file's data are damaged here ({said})")


def put_right(mistake: str) -> Finding:
    """Of a text that had been saved in the wrong character set, and how."""
    return find("wrong_charset", f"the text had been saved in the wrong character set: {mistake}")


def _of_words(words: Sequence[str]) -> list[Finding]:
    letters = sum(map(len, words))
    if letters < _LETTERS:
        return []
    cyrillic = [word for word in words if _CYRILLIC.fullmatch(word)]
    share = sum(map(len, cyrillic)) / letters
    if share < 0.5:
        return [find("other_script", f"{1 - share:.0%} of its letters are not Cyrillic")]
    known = sum(len(word) for word in cyrillic if knows(word)) / sum(map(len, cyrillic))
    if known < 0.45:
        return [find("other_language", f"only {known:.0%} of its letters are in Russian words")]
    return []


def _of_lines(texts: Sequence[str]) -> list[Finding]:
    """Foreign lines inside a Russian page that ``ocr.latin`` did not read either.

    Readers of Russian make Cyrillic words of Latin small letters.
    """
    lows = [" ".join(_CYRILLIC.findall(text.lower())) for text in texts]
    foreign = [index for index, low in enumerate(lows) if _hardly_known(low)]
    if len(foreign) < _RUN:
        return []
    letters = CharacterLM.load().continued_each([(" ", lows[index]) for index in foreign])
    foreign = [
        index
        for index, log in zip(foreign, letters, strict=True)
        if float(log) / len(lows[index]) < _LIKELY
    ]
    for first, last in zip(foreign, foreign[_RUN - 1 :], strict=False):
        if last - first < _OF_RUN:
            message = f"lines that hold hardly a Russian word, such as {texts[first][:40]!r}"
            return [find("foreign_lines", message)]
    return []


def _hardly_known(low: str) -> bool:
    """Whether there are many letters, in words (``low`` has blanks between) hardly ever known."""
    words = [word for word in low.split() if len(word) > 2]
    letters, known = (sum(map(len, some)) for some in (words, [x for x in words if knows(x)]))
    return len(low.replace(" ", "")) >= _LONG and known < _KNOWN * max(1, letters)


def _measure(page: Page, name: str) -> str | None:
    for step in page.steps:
        if step.name == "find-lines":
            return dict(step.settings).get(name)
    return None
