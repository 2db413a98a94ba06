"""Made-up machine-read texts without a picture, each line labelled: what the filter is fitted on.

Contents come from the facsimile maker; the damage is drawn here: misread letters, copy lists
shattered into scraps of mixed scripts, scraps of stamps and pen, forms that are there, in part or
not at all, typed lines or whole paragraphs. No page of the benchmark sets is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.facsimile.content import Telegram
from pipeline.facsimile.random_content import ContentSpec, make_content
from pipeline.facsimile.typesetting import plan
from pipeline.model import LineKind
from pipeline.resources import language
from pipeline.resources.facsimile import Kind
from pipeline.text import CYRILLIC_TO_LATIN

Labelled = tuple[LineKind, str]
"""A line's true kind and what a machine made of it."""

_SIGNS = list("~|/\\'`_-—.,:;*°^<>()[]{}•·¬=+\"")
_SCRAP_SIGNS = [*_SIGNS, *"0147 ıłŧěèàéÿ¥ﬁ", *"ilrtTUVMNAaеонпмлгЦЩУИЛМА"]
_FOREIGN = (
    '"The Times"', "New York Herald Tribune", "United Press", "Foreign Office", "Le Monde",
    "status quo", "persona non grata", "Associated Press", "General Motors", "Pax Americana",
)  # fmt: skip
_LATIN = {chr(cyrillic): chr(latin) for cyrillic, latin in CYRILLIC_TO_LATIN.items()}
_RATES = ((0.0, 0.02), (0.02, 0.1), (0.1, 0.3))
_RATE_CHANCES = (0.5, 0.3, 0.2)


def garbled_texts(count: int, seed: int) -> Iterator[list[Labelled]]:
    """``count`` texts, each a list of labelled lines in reading order; the same for a ``seed``."""
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        rows = _contents(rng, 700_000 + 1000 * seed + number)
        low, high = _RATES[int(rng.choice(3, p=_RATE_CHANCES))]
        rate = float(rng.uniform(low, high))
        lines = [(kind, _read(rng, kind, text, rate)) for kind, text in rows]
        lines = [(kind, text) for kind, text in lines if text.strip()]
        yield list(_with_scraps(rng, lines, float(rng.choice([0.0, 0.03, 0.12]))))


def _contents(rng: np.random.Generator, seed: int) -> list[Labelled]:
    kind: Kind = ("telegram", "telegram", "letter", "list")[int(rng.integers(4))]
    lines = (1, 3) if rng.random() < 0.2 else None
    content = make_content(seed, ContentSpec(kind=kind, lines=lines, faces=("gnu",)))
    rows = [(spot.row.kind, spot.row.text, spot.row.starts_paragraph)
            for sheet in plan(content, seed) for spot in sheet.spots]  # fmt: skip
    body = _paragraphs(rows) if rng.random() < 0.35 else [(k, t) for k, t, _ in rows]
    if rng.random() < 0.1:
        at = int(rng.integers(len(body) + 1))
        body.insert(at, (LineKind.BODY, _FOREIGN[int(rng.integers(len(_FOREIGN)))]))
    if rng.random() < 0.15:
        body.insert(0, (LineKind.PAGE_NUMBER, f"- {rng.integers(2, 9)} -"))
    if rng.random() < 0.35:
        body = _with_short_lines(rng, body)
    if not isinstance(content, Telegram):
        return body if rng.random() < 0.7 else [x for x in body if x[0] is LineKind.BODY]
    return _on_form(rng, content, body)


def _on_form(rng: np.random.Generator, form: Telegram, body: list[Labelled]) -> list[Labelled]:
    share = float(rng.choice([0.0, 0.5, 1.0], p=[0.25, 0.25, 0.5]))
    head, foot = _head(rng, form), _foot(rng, form)
    around = [x for x in head if rng.random() < share], [x for x in foot if rng.random() < share]
    return [*around[0], *body, *around[1]]


def _head(rng: np.random.Generator, form: Telegram) -> list[Labelled]:
    hour, minute = form.time.split(":")
    line = (
        f"Из {form.origin} № {form.numbers[-1]} {hour} час {minute} мин "
        f"{form.typed_day} {form.date.year} г."
    )
    top: list[Labelled] = [
        (LineKind.FORM, form.sheet_number),
        (LineKind.FORM, "Подлежит возвращению"),
        (LineKind.HANDWRITING, form.registry),
        (LineKind.FORM, "Шифртелеграмма"),
        (LineKind.FORM, "Строго секретно"),
        (LineKind.FORM, "Снятие копий воспрещается"),
    ]
    if rng.random() < 0.4:
        top[4:] = [(LineKind.FORM, "Строго секретно снятие копий воспрещается")]
    if rng.random() < 0.3:
        rng.shuffle(top)
    rows: list[Labelled] = [(LineKind.FORM, line), *_copy_list(rng, form)]
    if rng.random() < 0.35:
        rows = [(LineKind.TABLE, _shattered(rng, text)) for _, text in rows]
        if rng.random() < 0.3:
            rows = rows[::-1]
    end: list[Labelled] = [
        (LineKind.FORM, f"Спец. № {', '.join(form.special_numbers)}"),
        (LineKind.FORM, form.urgency),
        (LineKind.ADDRESSEE, form.addressee),
    ]
    return [*top, *rows, *end]


def _copy_list(rng: np.random.Generator, form: Telegram) -> list[Labelled]:
    leader = str(rng.choice([" ", " .... ", " . , . . ", "…… "]))
    rows: list[Labelled] = []
    for row in range(1, 8):
        cells = []
        for number in (row, row + 7, row + 14):
            mark = f"Экз. № {number}-й" if row == 1 else f"» № {number}-й"
            cells.append(f"{mark} {form.copies.get(number, '')}{leader}")
        rows += [(LineKind.TABLE, " ".join(cells))] if rng.random() < 0.7 else [
            (LineKind.TABLE, cell) for cell in cells
        ]  # fmt: skip
    return rows


def _foot(rng: np.random.Generator, form: Telegram) -> list[Labelled]:
    date = f"{form.typed_day}.{form.date.year % 100}г."
    foot = [
        f"{form.copies_made} экз.{form.typist}",
        f"Отпеч. {form.typed_day}. {form.typed_time}",
        f"Разослано {form.dispatched}",
        f"Выпустил {form.released_by} {date}",
    ]
    rows: list[Labelled] = [(LineKind.SIGNATURE, form.signature)]
    if rng.random() < 0.5:
        rows.insert(int(rng.integers(2)), (LineKind.FORM, " ".join(foot)))
    else:
        rows += [(LineKind.FORM, row) for row in foot]
    return [*rows, (LineKind.FORM, "Верно:")]


def _with_short_lines(rng: np.random.Generator, rows: list[Labelled]) -> list[Labelled]:
    """``rows`` with a passage of short lines of text among them: answers, points, amounts."""
    at = [i for i, (kind, text) in enumerate(rows) if kind is LineKind.BODY and len(text) > 20]
    if not at:
        return rows
    place = at[int(rng.integers(len(at)))]
    words = [w.strip('.,;:!?-"()') for _, text in rows for w in text.split() if w.isalpha()]
    passage = [
        (LineKind.BODY, _short(rng, words or ["да"])) for _ in range(int(rng.integers(1, 9)))
    ]
    return [*rows[: place + 1], *passage, *rows[place + 1 :]]


def _short(rng: np.random.Generator, words: Sequence[str]) -> str:
    some = " ".join(_pick(rng, words) for _ in range(int(rng.integers(1, 4))))
    amount = int(rng.integers(1, 2000))
    return _pick(
        rng,
        [
            f"{some.capitalize()}.", f"{some.capitalize()}!", f"{some}.", some, f"{some},",
            f"{some.capitalize()}?", f"{amount % 100} %", f"{amount} тыс. руб.", f"- {some},",
            f"{amount % 20}. {some.capitalize()}.", f"{_pick(rng, 'абвгд')}) {some};",
            f"{some} {amount}", f"№ {amount}", f"{amount} {amount * 2} {amount * 3}",
            f"({some})", some.upper(), " ".join(some), "Да.", "Нет.", "и т.д.",
        ],
    )  # fmt: skip


def _paragraphs(rows: Sequence[tuple[LineKind, str, bool]]) -> list[Labelled]:
    found: list[Labelled] = []
    for kind, text, starts in rows:
        if found and kind is LineKind.BODY and found[-1][0] is kind and not starts:
            before = found[-1][1]
            glued = before[:-1] + text if before.endswith("-") else f"{before} {text}"
            found[-1] = (kind, glued)
        else:
            found.append((kind, text))
    return found


def _read(rng: np.random.Generator, kind: LineKind, text: str, rate: float) -> str:
    if kind is LineKind.HANDWRITING:
        return _misread(rng, text, 0.5)
    if kind in (LineKind.FORM, LineKind.TABLE):
        rate = min(0.5, rate * 1.5)
    return text if "\t" in text else _misread(rng, text, rate)


def _misread(rng: np.random.Generator, text: str, rate: float) -> str:
    """``text`` with that share of its letters misread, lost, or with a sign beside them."""
    alike = _alike()
    out: list[str] = []
    for char in text:
        if char == " " or rng.random() >= rate:
            out.append(char)
            continue
        way = rng.random()
        if way < 0.75:
            low: str = alike.get(char.lower(), "оиента")
            new = low[int(rng.integers(len(low)))]
            out.append(new.upper() if char.isupper() and rng.random() < 0.8 else new)
        elif way < 0.87:
            out.append(char + _pick(rng, _SIGNS))
        elif way < 0.94:
            out.append(" ")
    return "".join(out)


def _shattered(rng: np.random.Generator, text: str) -> str:
    """``text`` as an engine reads a ruled table: scraps of all scripts, tabs between them."""
    gap = str(rng.choice(["\t", "\t", " "]))
    pieces: list[str] = []
    for word in text.split():
        at = 0
        while at < len(word):
            size = int(rng.integers(1, 3))
            pieces.append("".join(_strange(rng, c) for c in word[at : at + size]))
            at += size
        if rng.random() < 0.3:
            pieces += [_pick(rng, list("ŧıěèàï14,.'.·8")) for _ in range(int(rng.integers(1, 5)))]
    if gap == "\t":
        pieces = [piece + "\t" * int(rng.integers(0, 3)) for piece in pieces]
    return gap.join(pieces)


def _strange(rng: np.random.Generator, char: str) -> str:
    way = rng.random()
    if way < 0.4:
        return _LATIN.get(char, char)
    if way < 0.55:
        return _pick(rng, list("NMHIJUVYtra014āěèéºłΠΝ3)("))
    if way < 0.6:
        return ""
    return char


def _with_scraps(
    rng: np.random.Generator, lines: Sequence[Labelled], chance: float
) -> Iterator[Labelled]:
    for line in lines:
        if rng.random() < chance:
            size = int(rng.choice([1, 2, 3, 5, 8, 14]))
            yield LineKind.NOISE, "".join(_pick(rng, _SCRAP_SIGNS) for _ in range(size)) or "'"
        yield line


def _pick(rng: np.random.Generator, some: Sequence[str]) -> str:
    return some[int(rng.integers(len(some)))]


def _alike() -> dict[str, str]:
    alike: dict[str, str] = {}
    for group in language.confusables().alike.groups:
        for letter in group:
            alike[letter] = alike.get(letter, "") + group.replace(letter, "")
    return alike
