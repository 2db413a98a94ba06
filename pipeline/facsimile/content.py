"""What is on the sheet: read from a file, or made up from word statistics."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from pipeline.config import table
from pipeline.errors import ConfigError, InputMissingError, InputUnreadableError

MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telegram:
    """A telegram on its form. ``copies``: copy number to name in the dative."""

    sheet_number: str
    origin: str
    origin_name: str | None = None
    number: str
    time: str
    date: dt.date
    special_numbers: tuple[str, ...]
    urgency: str
    addressee: str
    addressee_name: str | None = None
    signature: str
    copies: dict[int, str]
    copies_made: str
    typist: str
    typed_time: str
    released_by: str
    body: tuple[str, ...]


def load_content(source: Path | None, rng: np.random.Generator) -> Telegram:
    """The telegram described in ``source``, or a made-up one.

    ``source``: a TOML description (all keys of :class:`Telegram`), or plain UTF-8 text
    that becomes the body, one paragraph a line. ``None``: all is made up.

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
        raise InputMissingError(source, "is not there") from error
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
    """A made-up telegram, from ``config/facsimile.toml`` and word counts."""
    words = table("facsimile")["content"]

    def one(key: str) -> str:
        return str(words[key][rng.integers(len(words[key]))])

    count = int(rng.integers(2, 8))
    names = [str(x) for x in rng.choice(words["names"], size=count, replace=False)]
    special = int(rng.integers(100, 900))
    return Telegram(
        sheet_number=str(rng.integers(1, 200)),
        origin=one("cities"),
        number=str(rng.integers(100000, 160000)),
        time=f"{rng.integers(0, 24):02}:{rng.integers(0, 12) * 5:02}",
        date=dt.date(int(rng.integers(1946, 1954)), 1, 1)
        + dt.timedelta(days=int(rng.integers(0, 365))),
        special_numbers=tuple(str(special + i) for i in range(int(rng.integers(1, 3)))),
        urgency=one("urgencies"),
        addressee=one("addressees"),
        signature=one("signatures"),
        copies=dict(enumerate(names, start=2)),
        copies_made=str(count + 2),
        typist=one("typists"),
        typed_time=f"{rng.integers(8, 24)}-{rng.integers(10, 60)}",
        released_by=one("releasers"),
        body=body or tuple(_paragraph(rng) for _ in range(int(rng.integers(1, 4)))),
    )


def _paragraph(rng: np.random.Generator) -> str:
    return " ".join(_sentence(rng) for _ in range(int(rng.integers(1, 4))))


def _sentence(rng: np.random.Generator) -> str:
    counts: dict[str, int] = table("word_counts")["words"]
    forms = list(counts)
    weights = np.sqrt(np.array(list(counts.values()), dtype=np.float64))
    drawn = rng.choice(len(forms), size=int(rng.integers(6, 20)), p=weights / weights.sum())
    words = [forms[i] for i in drawn]
    for place in range(2, len(words) - 1):
        if rng.random() < 0.1:
            words[place] += ","
        elif rng.random() < 0.04:
            words[place] += f" {rng.integers(2, 1950)}"
    words[-1] += "."
    return " ".join([words[0].capitalize(), *words[1:]])
