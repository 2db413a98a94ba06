"""The form's fields and the metadata as rows for a reader, named in the document's language."""

from __future__ import annotations

from pipeline.export.source import Source
from pipeline.form import NAMES
from pipeline.model import Document, Field

_NAMES = {
    "origin": "Откуда",
    "telegram_numbers": "Номер",
    "date": "Дата",
    "time": "Время",
    "special_numbers": "Спец. №",
    "urgency": "Срочность",
    "addressee": "Адресат",
    "signature": "Подпись",
    "signature_post": "Должность",
    "copy_list": "Экземпляр",
    "copies_made": "Число экземпляров",
    "typed_at": "Отпечатано",
    "released_by": "Выпустил",
    "released_date": "Выпущено",
    "sheet_number": "Лист",
}
_METADATA = {
    "shelfmark": "Шифр",
    "title": "Заголовок",
    "date": "Дата (опись)",
    "repository": "Архив",
    "collection": "Фонд",
}


def field_rows(document: Document) -> list[tuple[str, str]]:
    """Name (in Russian) and value of each field, in the order of a form."""
    ordered = sorted(
        document.fields, key=lambda field: (field.telegram or 0, NAMES.index(field.name))
    )
    return [(_name(field), field.value) for field in ordered]


def metadata_rows(source: Source) -> list[tuple[str, str]]:
    """Name and value of each column of the metadata but the title."""
    return [
        (_METADATA.get(name, name), value)
        for name, value in source.metadata.items()
        if name != "title"
    ]


def first(document: Document, name: str) -> Field | None:
    """The first field called ``name``; ``None`` where it was not read."""
    return next((field for field in document.fields if field.name == name), None)


def _name(field: Field) -> str:
    name = _NAMES.get(field.name, field.name)
    if field.number is not None:
        name += f" № {field.number}"
    return name if field.telegram is None else f"{name} (телеграмма {field.telegram})"
