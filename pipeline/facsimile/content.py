"""What is on the sheet: read from a file, or made up from names and word counts."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta

from pipeline.config import table
from pipeline.errors import ConfigError, InputMissingError, InputUnreadableError
from pipeline.facsimile.faces import typewriters
from pipeline.facsimile.words import made_up_body

MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

_TYPED_ROMAN = str.maketrans({"V": "У", "X": "Х"})

_PITCHES = (10, 10, 12)
_LEADINGS = (42, 50, 50, 67)


class Telegram(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A telegram on its form.

    ``origin`` is typed after "Из", ``origin_name`` and ``addressee_name`` are what the
    fields hold; ``numbers`` stand one above the other, the last on the head line;
    ``copies``: copy number (2 to 21) to name in the dative. ``dispatched`` and
    ``registry`` may be empty. ``typewriter`` is a name of ``config/facsimile.toml``,
    ``pitch`` in characters an inch, ``leading`` in pixels at 200 dpi.
    """

    sheet_number: str
    registry: str = ""
    origin: str
    origin_name: str
    numbers: Annotated[tuple[str, ...], Meta(min_length=1, max_length=3)]
    time: Annotated[str, Meta(pattern=r"^\d\d:\d\d$")]
    date: dt.date
    special_numbers: tuple[str, ...]
    urgency: str
    addressee: str
    addressee_name: str
    signature: str
    copies: dict[Annotated[int, Meta(ge=2, le=21)], str]
    copies_made: str
    typist: str
    typed_time: str
    dispatched: str = ""
    released_by: str
    typewriter: str = "gnu"
    pitch: Annotated[int, Meta(ge=8, le=15)] = 10
    leading: Annotated[int, Meta(ge=30, le=80)] = 50
    body: Annotated[tuple[str, ...], Meta(min_length=1)]

    @property
    def day(self) -> str:
        """Day and month as fields have them: ``14.V``."""
        return f"{self.date.day}.{MONTHS[self.date.month - 1]}"

    @property
    def typed_day(self) -> str:
        """Day and month as typed on a machine without Latin letters: ``14.У``."""
        return self.day.translate(_TYPED_ROMAN)


def load_content(source: Path | None, rng: np.random.Generator) -> Telegram:
    """The telegram described in ``source``, or a made-up one.

    ``source``: a TOML description (keys of :class:`Telegram`, as ``config/roshchin.toml``),
    or plain UTF-8 text that becomes the body, one paragraph a line. ``None``: all is made up.

    Raises:
        InputMissingError: there is no such file.
        InputUnreadableError: it is neither, or empty.
        ConfigError: the description lacks a key or has a wrong one.

    """
    if source is None:
        return make_up(rng, None)
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise InputMissingError(source, "does not exist") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputUnreadableError(source, f"is not a UTF-8 text: {error}") from error
    if source.suffix == ".toml":
        try:
            return msgspec.convert(tomllib.loads(text), Telegram, strict=False)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise ConfigError(source, f"does not describe a telegram: {error}") from error
    paragraphs = tuple(" ".join(row.split()) for row in text.splitlines() if row.strip())
    if not paragraphs:
        raise InputUnreadableError(source, "has no text to type")
    return make_up(rng, paragraphs)


def make_up(rng: np.random.Generator, body: tuple[str, ...] | None) -> Telegram:
    """A made-up telegram around ``body`` (``None``: that too), from ``config/names.toml``."""
    names = table("names")
    pitch, leading = _one(rng, _PITCHES), _one(rng, _LEADINGS)
    office = _one(rng, names["offices"])
    special = int(rng.integers(100, 990))
    number = int(rng.integers(100000, 160000))
    count = int(rng.integers(3, 12))
    receivers = [p["dative"] for p in names["people"] if p.get("receives")]
    senders = [p["name"] for p in names["people"] if not p.get("receives")]
    addressee, addressee_name = _addressee(rng)
    date = dt.date(1946, 1, 1) + dt.timedelta(days=int(rng.integers(0, 2900)))
    return Telegram(
        sheet_number=str(rng.integers(1, 200)),
        registry=f"{rng.integers(20, 900)}   № {rng.integers(1000, 9000)}",
        origin=office["typed"],
        origin_name=office["name"],
        numbers=tuple(str(number - i) for i in range(int(rng.integers(1, 3)))),
        time=f"{rng.integers(0, 24):02}:{rng.integers(0, 12) * 5:02}",
        date=date,
        special_numbers=tuple(str(special + i) for i in range(int(rng.integers(1, 4)))),
        urgency=_one(rng, names["urgencies"]),
        addressee=addressee,
        addressee_name=addressee_name,
        signature=_one(rng, senders).upper(),
        copies=dict(
            enumerate((str(x) for x in rng.choice(receivers, count, replace=False)), start=2)
        ),
        copies_made=str(count + 2),
        typist=_one(rng, names["typists"]),
        typed_time=f"{rng.integers(8, 24)}-{rng.integers(10, 60)}",
        dispatched=f"{rng.integers(8, 24)}-{rng.integers(10, 60)} {date.day}/{date.month}.",
        released_by=_one(rng, names["clerks"]),
        typewriter=_one(rng, list(typewriters())),
        pitch=pitch,
        leading=leading,
        body=body or made_up_body(rng, int(rng.integers(80, _room(pitch, leading)))),
    )


def _room(pitch: int, leading: int) -> int:
    """Letters of made-up text that fit the sheet with the form, paragraph ends allowed for."""
    lines, letters = 800 // leading, 25 * pitch // 4
    return int(0.8 * lines * letters) - 250


def _addressee(rng: np.random.Generator) -> tuple[str, str]:
    person = _one(rng, table("names")["people"])
    name = person["name"].upper()
    forms = (
        f"Для товарища {person['genitive'].upper()}.",
        f"Товарищу {person['dative'].upper()}.",
        f"Тов. {person['dative'].upper()}.",
    )
    return _one(rng, forms), name


def _one(rng: np.random.Generator, choices: Any) -> Any:
    return choices[int(rng.integers(len(choices)))]
