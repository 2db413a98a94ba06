"""The telegram form: what is printed, what is typed into it, and where."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.facsimile.content import MONTHS, Telegram
from pipeline.facsimile.sheet import PITCH, WIDTH, Sheet
from pipeline.facsimile.typist import typed_lines
from pipeline.model import LineKind

LEFT = 190
"""Pixels: the typewriter's left margin."""

COLUMNS = 62
"""Characters in a typed line."""

INDENT = 5
LEADING = 46
_BODY_TOP, _BODY_BOTTOM = 1110, 1960
_NEXT_TOP, _NEXT_BOTTOM = 260, 2160
_COPY_COLUMNS = (LEFT - 30, LEFT + 420, LEFT + 860)
_COPY_TOP, _COPY_STEP = 560, 44


def body_lines(telegram: Telegram) -> list[tuple[str, bool]]:
    """The body in typed lines, each with whether it opens a paragraph."""
    rows: list[tuple[str, bool]] = []
    for paragraph in telegram.body:
        lines = typed_lines(paragraph, COLUMNS, INDENT)
        rows += [(line, number == 0) for number, line in enumerate(lines)]
    return rows


def pages_of(rows: Sequence[tuple[str, bool]]) -> list[Sequence[tuple[str, bool]]]:
    """The rows of each sheet: the first has the form, the others are all text."""
    first = (_BODY_BOTTOM - _BODY_TOP) // LEADING
    rest = (_NEXT_BOTTOM - _NEXT_TOP) // LEADING
    pages = [rows[:first]]
    pages += [rows[start : start + rest] for start in range(first, len(rows), rest)]
    return pages


def first_sheet(sheet: Sheet, telegram: Telegram, rows: Sequence[tuple[str, bool]]) -> None:
    """Letterhead, head line, copy list, special numbers, urgency, addressee, and text."""
    sheet.print(telegram.sheet_number, WIDTH - 160, 110, 46, LineKind.FORM)
    sheet.print("Подлежит возвращению", LEFT - 40, 170, 30, LineKind.FORM)
    sheet.print("Шифртелеграмма", WIDTH / 2 - 190, 280, 54, LineKind.FORM, face="printed_bold")
    sheet.print("Строго секретно", LEFT - 40, 370, 36, LineKind.FORM, face="printed_bold")
    sheet.print("Снятие копий воспрещается", WIDTH / 2 + 90, 370, 32, LineKind.FORM)
    _head_line(sheet, telegram)
    _copy_list(sheet, telegram)
    special = f"Спец. № {', '.join(telegram.special_numbers)}"
    sheet.type(special, LEFT, 925, LineKind.FORM)
    sheet.type(telegram.urgency, LEFT + 48 * PITCH, 975, LineKind.FORM)
    sheet.type(telegram.addressee, LEFT + INDENT * PITCH, 1045, LineKind.ADDRESSEE)
    _text(sheet, rows, _BODY_TOP)


def next_sheet(sheet: Sheet, number: int, rows: Sequence[tuple[str, bool]]) -> None:
    """A sheet without a form: a page number and text."""
    sheet.type(f"- {number} -", WIDTH / 2 - 40, 150, LineKind.PAGE_NUMBER)
    _text(sheet, rows, _NEXT_TOP)


def foot(sheet: Sheet, telegram: Telegram) -> None:
    """Signature at the right, and at the left who typed, released and got how many copies."""
    day = f"{telegram.date.day}.{MONTHS[telegram.date.month - 1]}"
    sheet.type(telegram.signature, LEFT + 46 * PITCH, 2030, LineKind.SIGNATURE)
    rows = (
        f"{telegram.copies_made} экз.{telegram.typist}",
        f"Отпеч. {day}. {telegram.typed_time}",
        f"Выпустил {telegram.released_by} {day}.{telegram.date.year % 100}г.",
    )
    for place, row in enumerate(rows):
        sheet.type(row, LEFT - 40, 2080 + 40 * place, LineKind.FORM)
    sheet.type("Верно:", LEFT + 34 * PITCH, 2200, LineKind.FORM)


def fields_of(telegram: Telegram) -> list[dict[str, object]]:
    """The truth of the form's fields, by the names of the ground-truth format."""
    day = f"{telegram.date.day}.{MONTHS[telegram.date.month - 1]}"
    addressee = telegram.addressee_name or telegram.addressee.rstrip(".").split()[-1]
    values: dict[str, object] = {
        "origin": telegram.origin_name or telegram.origin,
        "telegram_numbers": [telegram.number],
        "date": telegram.date.isoformat(),
        "time": telegram.time,
        "special_numbers": list(telegram.special_numbers),
        "urgency": telegram.urgency,
        "addressee": addressee,
        "signature": telegram.signature,
        "copy_list": [{"number": n, "name": name} for n, name in telegram.copies.items()],
        "copies_made": telegram.copies_made,
        "typed_at": f"{day} {telegram.typed_time}",
        "released_by": telegram.released_by,
        "released_date": telegram.date.isoformat(),
        "sheet_number": telegram.sheet_number,
    }
    return [{"name": name, "value": value} for name, value in values.items()]


def _head_line(sheet: Sheet, telegram: Telegram) -> None:
    hour, minute = telegram.time.split(":")
    month = MONTHS[telegram.date.month - 1]
    spaced = " ".join(telegram.origin) if len(telegram.origin) < 10 else telegram.origin
    text = (
        f"Из {spaced}  № {telegram.number}  {hour} час {minute} мин  "
        f"{telegram.date.day} {month} {telegram.date.year} г."
    )
    sheet.type(text, LEFT - 50, 470, LineKind.FORM)
    sheet.rule(LEFT - 60, 485, WIDTH - 120, 485)


def _copy_list(sheet: Sheet, telegram: Telegram) -> None:
    sheet.print("РАЗМЕТКА", LEFT - 30, 530, 26, LineKind.FORM)
    right = WIDTH - 130
    for column, left in enumerate(_COPY_COLUMNS):
        end = (*_COPY_COLUMNS[1:], right)[column] - 30
        for row in range(7):
            number = column * 7 + row + 1
            y = _COPY_TOP + 20 + row * _COPY_STEP
            mark = f"{'Экз.' if row == 0 else '   »  '} № {number}-й"
            width = sheet.print(mark, left, y, 26, None)
            name = telegram.copies.get(number)
            sheet.rule(left + width + 10, y, end, y, dotted=True)
            if name:
                typed = f"т. {name}" if number % 2 else name
                label = f"{' '.join(mark.split())} {typed}"
                sheet.type(typed, left + width + 24, y - 3, LineKind.TABLE, label=label)
        if column:
            top, bottom = _COPY_TOP - 20, _COPY_TOP + 7 * _COPY_STEP
            sheet.rule(left - 18, top, left - 18, bottom)
    bottom = _COPY_TOP + 7 * _COPY_STEP + 4
    sheet.rule(LEFT - 60, bottom, WIDTH - 120, bottom)


def _text(sheet: Sheet, rows: Sequence[tuple[str, bool]], top: int) -> None:
    for place, (row, opens) in enumerate(rows):
        x = LEFT + (INDENT * PITCH if opens else 0)
        y = top + place * LEADING
        sheet.type(row, x, y, LineKind.BODY, starts_paragraph=opens)
