"""Telegrams with names that no table knows, and sheets of other kinds: what fields are fitted on.

Half of the names of each are those of ``config/language/names.toml``, half are others: a reader
of forms that takes every name for one it knows must be seen to be wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import regex

from pipeline.config import Settings
from pipeline.facsimile.levels import severities
from pipeline.facsimile.maker import draw_sheet, write_facsimile
from pipeline.facsimile.random_content import ContentSpec, make_content
from pipeline.facsimile.streams import stream
from pipeline.facsimile.typesetting import plan
from pipeline.ground_truth import Truth, TruthCopy, find_truth
from pipeline.model import LineKind, Page
from pipeline.resources import facsimile as data
from pipeline.resources import language
from pipeline.resources.language import Names, Office, Person
from pipeline.training.set_pages import own_page, set_pictures

FIRST = 6_000_000
"""Seed of the first telegram: far from those of other training and of the benchmark sets."""

_SET = "dev"
"""Telegrams are typed in the faces of this set: those of ``test`` are kept for measuring."""

_SHEETS = "dev-2"
"""Sheets of all kinds, with names that are in no table."""

_LINES = (1, 11)

_SURNAMES = (
    "Абакшин", "Алёшин", "Антипов", "Байбаков", "Балашов", "Бещев", "Блинов", "Вавилов",
    "Ванников", "Веденский", "Вознюк", "Волошин", "Гоглидзе", "Голубев", "Горемыкин",
    "Деканозов", "Дёмин", "Долинский", "Дроздов", "Жабин", "Завенягин", "Зайков", "Заславский",
    "Зотов", "Ишков", "Кавтырев", "Калугин", "Ковальский", "Козлов", "Кобулов", "Кривцов",
    "Лапиков", "Ларин", "Лигачев", "Лыков", "Макаров", "Меркулов", "Мещеряков", "Мешик",
    "Нестеров", "Патоличев", "Пегов", "Первухин", "Петров", "Покровский", "Пузанов", "Раренков",
    "Рогачев", "Рыжков", "Сидоров", "Скачков", "Славский", "Смиртюков", "Тевосян", "Трубецкой",
    "Тюрин", "Уваров", "Фомин", "Хрулев", "Чебриков", "Черняев", "Шверник", "Шепилов", "Яковлев",
    "Литвиненко", "Гнатенко",
)  # fmt: skip
_OFFICES = (
    ("НАНКИН", "НАНКИНА"), ("ШАНХАЙ", "ШАНХАЯ"), ("КАЛЬКУТТА", "КАЛЬКУТТЫ"), ("ОСЛО", "ОСЛО"),
    ("КАИР", "КАИРА"), ("ДАМАСК", "ДАМАСКА"), ("БАГДАД", "БАГДАДА"), ("АФИНЫ", "АФИН"),
    ("ЖЕНЕВА", "ЖЕНЕВЫ"), ("ГААГА", "ГААГИ"), ("МАДРИД", "МАДРИДА"), ("ОТТАВА", "ОТТАВЫ"),
    ("МЕХИКО", "МЕХИКО"), ("ХАРБИН", "ХАРБИНА"), ("СЕУЛ", "СЕУЛА"), ("РИГА", "РИГИ"),
)  # fmt: skip
_CLERKS = ("Дятлов", "Кузьмин", "Маслов", "Носов", "Поляков", "Ушаков", "Чернов", "Шилов")


@dataclass(frozen=True, kw_only=True)
class FieldPage:
    """The first sheet of a telegram as our lines read it, not yet classified, and its truth."""

    stem: str
    severity: int
    truth: Truth
    page: Page


_ON_LINES = (
    ("copies_made", LineKind.FORM, regex.compile(r"(\d+) экз")),
    ("sheet_number", LineKind.PAGE_NUMBER, regex.compile(r"^[\s-]*(\d+)[\s-]*$")),
)

Entry = tuple[str, str]
"""Field name and value; of the copy list number and name."""


def true_entries(truth: Truth) -> Counter[Entry]:
    """The entries of the truth's fields, and what its lines say of those it does not list.

    Telegrams list all their fields; other kinds leave out how many copies were typed, and the
    number of the sheet.
    """
    entries: Counter[Entry] = Counter()
    for entry in truth.fields:
        for value in entry.value if isinstance(entry.value, tuple) else (entry.value,):
            if isinstance(value, TruthCopy):
                entries[entry.name, f"{value.number} {value.name}"] += 1
            elif value is not None:
                entries[entry.name, str(value)] += 1
    told = {name for name, _ in entries}
    for line in truth.lines:
        for name, kind, pattern in _ON_LINES:
            found = pattern.search(line.text or "") if line.kind is kind else None
            if found and name not in told:
                entries[name, found[1]] = 1
    return entries


def set_field_pages(folder: Path, settings: Settings) -> Iterator[FieldPage]:
    """The pages of ``dev-2``, as :func:`field_pages`: letters, lists and forms beside telegrams."""
    for path in set_pictures(_SHEETS, folder):
        truth = find_truth(path.stem, path.parent)
        assert truth is not None  # noqa: S101  the maker wrote it
        yield FieldPage(
            stem=path.stem,
            severity=int(path.stem.split("-s")[1][0]),
            truth=truth,
            page=own_page(path, settings, folder / "readings"),
        )


def field_pages(folder: Path, count: int, settings: Settings) -> Iterator[FieldPage]:
    """``count`` telegrams of all severities, drawn and read into ``folder`` where not yet there."""
    for number in range(count):
        path = _drawn(folder / "fields", number)
        truth = find_truth(path.stem, path.parent)
        assert truth is not None  # noqa: S101  the maker wrote it
        page = own_page(path, settings, folder / "readings")
        yield FieldPage(stem=path.stem, severity=_severity(number), truth=truth, page=page)


def _severity(number: int) -> int:
    return number % severities()


def _drawn(folder: Path, number: int) -> Path:
    stem = f"fields-s{_severity(number)}-{number:04}"
    for suffix in (".jpg", ".png", ".tif"):
        if (folder / (stem + suffix)).exists() and (folder / f"{stem}.gt.json").exists():
            return folder / (stem + suffix)
    seed = FIRST + number
    spec = ContentSpec(faces=data.sets().sets[_SET].faces, lines=_LINES, names=mixed_names(seed))
    content = make_content(seed, spec)
    sheets = plan(content, seed)
    return write_facsimile(folder, stem, draw_sheet(content, sheets, 0, _severity(number), seed))


def mixed_names(seed: int) -> Names:
    """Names for one telegram: half of the known ones, and as many unknown ones."""
    rng = stream("field-names", seed)
    known = language.names()
    people = [p for p in known.people if rng.random() < 0.5]
    people += [
        _declined(name, receives=bool(rng.random() < 0.5))
        for name in rng.choice(_SURNAMES, len(people), replace=False)
    ]
    offices = [o for o in known.offices if rng.random() < 0.5]
    offices += [Office(name=name, typed=typed) for name, typed in _OFFICES]
    clerks = [c for c in known.clerks if rng.random() < 0.5]
    return msgspec.structs.replace(
        known,
        people=tuple(people),
        offices=tuple(offices),
        clerks=(*clerks, *_CLERKS),
    )


def _declined(name: str, *, receives: bool) -> Person:
    """A man's surname in its cases, by its ending."""
    name = str(name).replace("ё", "е")
    genitive, dative = name, name
    if name.endswith(("ский", "цкий", "ой")):
        genitive, dative = name[:-2] + "ого", name[:-2] + "ому"
    elif name.endswith(("ов", "ев", "ин", "ян", "юк", "ик")):
        genitive, dative = name + "а", name + "у"
    return Person(name=name, genitive=genitive, dative=dative, receives=receives)
