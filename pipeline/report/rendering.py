"""What the pages are made with: templates, words and numbers in two languages, data files.

Nothing of a document can ever run. Templates (``templates/``) escape all that they are given.
Data files are JSON in which no ``<``, ``>`` or ``&`` is left, and the pages' scripts put it into
the page as text. Each page also forbids itself every script but its own files, and every
connection.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

LANGUAGES = ("en", "ru")
AUTO = "auto"
"""In place of a language: the browser's, and the first of ``LANGUAGES`` where that is none."""

_FOLDER = Path(__file__).parent
_NO_BREAK = "\u00a0"
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def render(name: str, language: str, **values: object) -> str:
    """The text of the template ``name`` filled with ``values``; lone surrogates become U+FFFD."""
    return render_in(_FOLDER, name, language, values)


def render_in(room: Path, name: str, language: str, values: Mapping[str, object]) -> str:
    """The same with ``templates/`` and ``words.toml`` of the folder ``room`` before our own."""
    made = environment(language, room)
    return _SURROGATE.sub("\ufffd", made.get_template(name).render(values))


@cache
def environment(language: str, room: Path = _FOLDER) -> Environment:
    """The templates with the words and the numbers of ``language`` (``AUTO``: the first)."""
    language = LANGUAGES[0] if language == AUTO else language
    locale = Locale(language, room)
    made = Environment(
        loader=FileSystemLoader([room / "templates", _FOLDER / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_written,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.update(
        language=language,
        t=locale.word,
        percent_text=locale.percent,
        count_text=locale.count,
        in_each_language=locale.in_each_language,
        visible=visible,
    )
    return made


def _written(value: object) -> object:
    """Floats are places in a chart: a tenth of its units is enough."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value


@cache
def all_words(room: Path = _FOLDER) -> dict[str, tuple[str, str]]:
    """Key to the English and the Russian word; those of ``room`` go before the report's."""
    words: dict[str, tuple[str, str]] = {}
    for folder in dict.fromkeys((_FOLDER, room)):
        path = folder / "words.toml"
        words |= msgspec.toml.decode(path.read_bytes(), type=dict[str, tuple[str, str]])
    return words


def words_script(language: str, room: Path = _FOLDER) -> str:
    """The script that tells a page all words; ``language`` is the one it opens in, or ``AUTO``."""
    words = {
        code: {key: both[index] for key, both in all_words(room).items()}
        for index, code in enumerate(LANGUAGES)
    }
    data = {"words": words, "phrases": list(phrases().items()), "first": language}
    return to_script("words", data)


@cache
def phrases() -> dict[str, str]:
    """Sentences that the stages write in English, with ``{1}`` for what changes; their Russian."""
    data = (_FOLDER / "phrases.toml").read_bytes()
    return msgspec.toml.decode(data, type=dict[str, dict[str, str]])["phrases"]


class Locale:
    """Words and numbers as plain text in one language."""

    def __init__(self, language: str, room: Path = _FOLDER) -> None:
        self.language = language
        self._room = room
        self._index = LANGUAGES.index(language)

    def word(self, key: str) -> str:
        """The word or sentence of ``key``."""
        return all_words(self._room)[key][self._index]

    def in_each_language(self, key: str) -> dict[str, str]:
        """Language to the word of ``key``."""
        return dict(zip(LANGUAGES, all_words(self._room)[key], strict=True))

    def percent(self, value: float, digits: int = 2) -> str:
        """A share (1.0 is 100 %) with ``digits`` after the decimal point."""
        shown = f"{100 * value:.{digits}f}".replace("-", "−")
        if self.language == "ru":
            shown = shown.replace(".", ",") + _NO_BREAK
        return shown + "%"

    def count(self, value: int) -> str:
        """A whole number, thousands apart."""
        return f"{value:,}".replace(",", _NO_BREAK if self.language == "ru" else ",")


def visible(character: str) -> str:
    """A character as it can be seen: ``␣`` for a space, ``∅`` for nothing."""
    return {"": "∅", " ": "␣"}.get(character, character)


def to_script(call: str, data: object) -> str:
    """A data file: ``depesha.CALL(DATA)``, as JSON that is safe wherever it ends up."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return f"depesha.{call}({_UNSAFE.sub(_as_escape, text)});\n"


def _as_escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
