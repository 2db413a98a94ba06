"""The truth of a telegram's fields."""

from __future__ import annotations

from pipeline.facsimile.content import Telegram


def fields_of(telegram: Telegram) -> list[dict[str, object]]:
    """The truth of the form's fields, by the names of the ground-truth format."""
    values: dict[str, object] = {
        "origin": telegram.origin_name,
        "telegram_numbers": list(telegram.numbers),
        "date": telegram.date.isoformat(),
        "time": telegram.time,
        "special_numbers": list(telegram.special_numbers),
        "urgency": telegram.urgency,
        "addressee": telegram.addressee_name,
        "signature": telegram.signature,
        "copy_list": [{"number": n, "name": name} for n, name in telegram.copies.items()],
        "copies_made": telegram.copies_made,
        "typed_at": f"{telegram.day} {telegram.typed_time}",
        "released_by": telegram.released_by,
        "released_date": telegram.date.isoformat(),
        "sheet_number": telegram.sheet_number,
    }
    return [{"name": name, "value": value} for name, value in values.items()]
