"""The telegram form: what is printed, what is typed into it, and where (200 dpi pixels)."""

from __future__ import annotations

from pipeline.facsimile.content import MONTHS, Telegram
from pipeline.facsimile.handwriting import write
from pipeline.facsimile.sheet import WIDTH, Sheet
from pipeline.facsimile.typesetting import INDENT, LEFT, MEASURE
from pipeline.model import LineKind

_COLUMNS = (LEFT - 40, LEFT + 430, LEFT + 870)
_RIGHT = WIDTH - 110
_TABLE_TOP, _TABLE_STEP, _ROWS = 590, 44, 7
_FOOT_TOP = 2075


def head(sheet: Sheet, telegram: Telegram) -> None:
    """Letterhead, head line, copy list, special numbers, urgency, addressee."""
    write(sheet, telegram.sheet_number, (WIDTH - 190, 115), 60, LineKind.FORM)
    _letterhead(sheet)
    if telegram.registry:
        write(sheet, telegram.registry, (LEFT + 10, 235), 54, LineKind.HANDWRITING)
    _head_line(sheet, telegram)
    _copy_list(sheet, telegram)
    _typed(sheet, f"Спец. № {', '.join(telegram.special_numbers)}", LEFT, 975, LineKind.FORM)
    right = LEFT + MEASURE - (len(telegram.urgency) + 4) * sheet.pitch
    _typed(sheet, telegram.urgency, right, 1015, LineKind.FORM)
    indent = LEFT + INDENT * sheet.pitch
    _typed(sheet, telegram.addressee, indent, 1085, LineKind.ADDRESSEE)


def foot(sheet: Sheet, telegram: Telegram, below: float) -> None:
    """Signature under the text; at the foot who typed, sent and released how many copies."""
    at = LEFT + MEASURE - (len(telegram.signature) + 6) * sheet.pitch
    _typed(sheet, telegram.signature, at, min(below + 85, _FOOT_TOP - 25), LineKind.SIGNATURE)
    rows = [
        f"{telegram.copies_made} экз.{telegram.typist}",
        f"Отпеч. {telegram.typed_day}. {telegram.typed_time}",
        f"Выпустил {telegram.released_by} {telegram.typed_day}.{telegram.date.year % 100}г.",
    ]
    if telegram.dispatched:
        rows.insert(2, f"Разослано {telegram.dispatched}")
    for place, row in enumerate(rows):
        _typed(sheet, row, LEFT - 50, _FOOT_TOP + 40 * place, LineKind.FORM)
    _typed(sheet, "Верно:", LEFT + 700, _FOOT_TOP + 150, LineKind.FORM)


def _letterhead(sheet: Sheet) -> None:
    for text, x, y, size, face in (
        ("Подлежит возвращению", LEFT - 40, 145, 30, "printed"),
        ("Шифртелеграмма", LEFT + 390, 300, 62, "printed_bold"),
        ("Строго секретно", LEFT - 40, 390, 36, "printed_bold"),
        ("Снятие копий воспрещается", LEFT + 800, 390, 36, "printed_bold"),
    ):
        with sheet.line(text, LineKind.FORM, y):
            width = sheet.print(text, x, y, size, face)
        if text == "Строго секретно":
            sheet.rule(x, y + 9, x + width, y + 9)


def _head_line(sheet: Sheet, telegram: Telegram) -> None:
    hour, minute = telegram.time.split(":")
    *above, number = telegram.numbers
    y = 500.0
    # Printed words, and what was typed into the gaps between them.
    spread = " ".join(telegram.origin) if len(telegram.origin) < 9 else telegram.origin
    pieces = (
        ("Из", spread), ("№", number), ("", hour), ("час", minute), ("мин", str(telegram.date.day)),
        ("", MONTHS[telegram.date.month - 1]), ("", str(telegram.date.year)), ("г.", ""),
    )  # fmt: skip
    words = [w for printed, typed in pieces for w in (printed, typed) if w]
    words[1] = telegram.origin
    spots: dict[str, float] = {}
    with sheet.line(" ".join(words), LineKind.FORM, y):
        x = LEFT - 45.0
        for printed, typed in pieces:
            if printed:
                x += sheet.print(printed, x, y, 32) + 10
            spots[printed] = x
            x += sheet.type(typed, x, y - 3) + 12
    for place, other in enumerate(reversed(above), start=1):
        _typed(sheet, other, spots["№"], y - 42.0 * place, LineKind.FORM)
    sheet.rule(LEFT - 50, y + 14, _RIGHT, y + 14)


def _copy_list(sheet: Sheet, telegram: Telegram) -> None:
    bottom = _TABLE_TOP + _ROWS * _TABLE_STEP - 22
    for column, left in enumerate(_COLUMNS):
        end = (*_COLUMNS[1:], _RIGHT + 20)[column] - 28
        for row in range(_ROWS):
            number = column * _ROWS + row + 1
            typed = "Р А З М Е Т К А" if number == 1 else telegram.copies.get(number, "")
            _cell(sheet, number, typed, left, end)
        if column:
            sheet.rule(left - 16, _TABLE_TOP - 42, left - 16, bottom)
    sheet.rule(LEFT - 50, bottom, _RIGHT, bottom)


def _cell(sheet: Sheet, number: int, typed: str, left: float, end: float) -> None:
    row = (number - 1) % _ROWS
    y = _TABLE_TOP + row * _TABLE_STEP
    mark = f"Экз. № {number}-й" if row == 0 else f"» № {number}-й"
    closed = typed.replace(" ", "")
    with sheet.line(f"{mark} {closed}".rstrip(), LineKind.TABLE, y):
        at = left if row == 0 else left + 38
        after = at + sheet.print(mark, at, y, 27)
        sheet.rule(max(after, left + 130) + 8, y, end, y, dotted=True)
        if typed:
            text = typed if len(typed) * sheet.pitch < end - left - 150 else closed
            sheet.type(text, max(after, left + 130) + 12, y - 4)


def _typed(sheet: Sheet, text: str, x: float, y: float, kind: LineKind) -> None:
    with sheet.line(text, kind, y):
        sheet.type(text, x, y)
