"""Settings: frozen, typed, with the one source of defaults.

A settings file is TOML with one table per section. Unknown keys and wrong types are
refused with the key's full name. ``docs/configuration.md`` is made from these classes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct, field
from rapidfuzz import process as fuzzy

from pipeline.errors import ConfigError
from pipeline.model import LineKind

SecondReader = Literal["doubtful", "all"]

Probability = Annotated[float, Meta(ge=0.0, le=1.0)]

_COMMA = re.compile(r"(?<!\\),(?![^{}]*\})(?![^\[\]]*\])(?![^()]*\))")


class _Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class InputSettings(_Section, frozen=True, kw_only=True):
    """What may come in."""

    max_pixels: Annotated[
        int, Meta(gt=0, description="Largest image, width x height, checked before decoding.")
    ] = 200_000_000
    max_text_bytes: Annotated[
        int,
        Meta(
            gt=0,
            description="Largest raw text file, or file of another program's words, in bytes.",
        ),
    ] = 50_000_000
    layer_votes: Annotated[
        bool, Meta(description="A scan's text layer decides doubtful words that are no words.")
    ] = True
    pdf_dpi: Annotated[
        int, Meta(ge=72, le=1200, description="Dots per inch for PDF pages that are rendered.")
    ] = 300
    text_layer: Annotated[
        bool, Meta(description="Take a PDF's text layer instead of its picture; `clean` does.")
    ] = False
    follow_links: Annotated[bool, Meta(description="Search linked folders too, each once.")] = False
    encoding: Annotated[
        str, Meta(description="Character set of raw text; `auto` tells it from the bytes.")
    ] = "auto"


class PreprocessSettings(_Section, frozen=True, kw_only=True):
    """What is done to a scan before lines are looked for."""

    colour: Annotated[bool, Meta(description="Make coloured ink pale where type is black.")] = True
    border: Annotated[bool, Meta(description="Whiten the scanner's dark frame.")] = True
    flatten: Annotated[bool, Meta(description="Even out the paper's grey (background).")] = True
    orientation: Annotated[
        bool, Meta(description="Turn pages that lie on their side or stand on their head.")
    ] = True
    largest_x_height: Annotated[
        float, Meta(ge=0.0, le=200.0, description="Shrink larger type to so many pixels; 0: never.")
    ] = 17.0
    deskew: Annotated[bool, Meta(description="Turn the page so that lines lie level.")] = True
    max_skew: Annotated[
        float, Meta(ge=0.0, le=15.0, description="Largest skew looked for, in degrees.")
    ] = 4.0
    blots: Annotated[bool, Meta(description="Whiten punch holes and other solid spots.")] = True
    ruling_lines: Annotated[
        bool, Meta(description="Take out ruling lines and mend the letters.")
    ] = True
    pen: Annotated[bool, Meta(description="Take out long strokes of the pen likewise.")] = True


class LayoutSettings(_Section, frozen=True, kw_only=True):
    """How lines are found and cut out."""

    margin: Annotated[
        float,
        Meta(ge=0.0, le=1.0, description="White above and below a line, share of its height."),
    ] = 0.08
    line_height: Annotated[
        int, Meta(ge=16, le=200, description="Height of every line's picture, in pixels.")
    ] = 48


class OcrSettings(_Section, frozen=True, kw_only=True):
    """Who reads, and how."""

    readers: Annotated[
        Literal["both", "tesseract", "typewriter"],
        Meta(description="`both` lets Tesseract and the recogniser vote; else the one alone."),
    ] = "both"
    second_reader: Annotated[
        SecondReader,
        Meta(
            description="With `both`: the lines that Tesseract reads too, the doubtful ones or all."
        ),
    ] = "doubtful"
    beam: Annotated[
        int, Meta(ge=1, le=64, description="Readings that the recogniser weighs at each step.")
    ] = 8
    language_weight: Annotated[
        float, Meta(ge=0, le=2, description="Weight of the character model in them; 0: without.")
    ] = 0.3
    insertion_bonus: Annotated[
        float, Meta(ge=-2, le=4, description="What each sign read adds to a reading's score.")
    ] = 0.5
    engine: Annotated[
        Literal["auto", "tesserocr", "pytesseract"],
        Meta(description="`auto` takes tesserocr where it imports and finds its data."),
    ] = "auto"
    language: Annotated[str, Meta(min_length=1, description="Tesseract language(s).")] = "rus"
    latin: Annotated[
        str,
        Meta(
            description="Tesseract language of lines in Latin letters; empty: read all as Russian."
        ),
    ] = "eng"
    tessdata: Annotated[
        str, Meta(description="Folder of the language data; empty: the system's.")
    ] = ""
    line_psm: Annotated[
        int, Meta(ge=0, le=13, description="Tesseract page segmentation mode for one line.")
    ] = 7
    timeout: Annotated[
        float, Meta(gt=0, description="Seconds one engine call may take (pytesseract only).")
    ] = 120.0


class NoiseSettings(_Section, frozen=True, kw_only=True):
    """Where the filter draws its lines."""

    keep_at: Annotated[
        Probability, Meta(description="Probability of being text from which a line is kept.")
    ] = 0.6
    drop_at: Annotated[
        Probability, Meta(description="Probability below which it is not text; between: unsure.")
    ] = 0.3
    force_keep: Annotated[
        tuple[str, ...], Meta(description="Regular expressions: matching lines are always kept.")
    ] = ()
    force_drop: Annotated[
        tuple[str, ...], Meta(description="Regular expressions: matching lines are dropped.")
    ] = ()


class CleanupSettings(_Section, frozen=True, kw_only=True):
    """Which edits are made over the raw reading."""

    corrections: Annotated[
        bool, Meta(description="Repair misreadings that are nearly certain.")
    ] = True
    sure_at: Annotated[
        Probability,
        Meta(
            description="Probability from which a misread word of another engine's text is changed."
        ),
    ] = 0.5
    conventions: Annotated[
        bool, Meta(description="Make the reading layer (hyphens, hard sign, Roman months).")
    ] = True
    yo: Annotated[
        bool, Meta(description="Write ё in the reading layer where a word has no other reading.")
    ] = False


class OutputSettings(_Section, frozen=True, kw_only=True):
    """What the transcript holds."""

    kinds: Annotated[
        tuple[LineKind, ...], Meta(description="Kinds of lines in the transcript.")
    ] = (LineKind.ADDRESSEE, LineKind.HEADING, LineKind.BODY, LineKind.SIGNATURE)
    unsure_below: Annotated[
        Probability, Meta(description="Probability of being right below which a word is unsure.")
    ] = 0.9
    split: Annotated[
        Literal["", "telegrams"],
        Meta(description="`telegrams`: each telegram of a file is a document of its own."),
    ] = ""


class EvaluateSettings(_Section, frozen=True, kw_only=True):
    """How results are compared with ground truth."""

    kinds: Annotated[
        tuple[LineKind, ...],
        Meta(description="Kinds compared where the truth labels its lines (`.gt.json`)."),
    ] = (LineKind.BODY,)
    unlabelled_kinds: Annotated[
        tuple[LineKind, ...],
        Meta(description="Kinds compared with a plain truth (`.gt.txt`); none: those it holds."),
    ] = ()


class ReportSettings(_Section, frozen=True, kw_only=True):
    """What the report looks like."""

    write: Annotated[bool, Meta(description="Leave a report in the folder of the results.")] = True
    language: Annotated[
        Literal["auto", "en", "ru"],
        Meta(description="Its language at first (auto: the browser's); a button changes it."),
    ] = "auto"
    picture_width: Annotated[
        int, Meta(ge=0, le=10_000, description="Width of the scans' pictures, pixels; 0: none.")
    ] = 1200


class ReviewSettings(_Section, frozen=True, kw_only=True):
    """The editor's page."""

    audit: Annotated[
        Probability,
        Meta(description="Share of the sure words that is asked at random, to know how sure."),
    ] = 0.02
    picture_width: Annotated[
        int, Meta(ge=200, le=10_000, description="Width of the scans' pictures, in pixels.")
    ] = 2000


class BatchSettings(_Section, frozen=True, kw_only=True):
    """How many pages at once, what a page may cost, and when a run stops by itself."""

    jobs: Annotated[int, Meta(ge=0, le=512, description="Worker processes; 0: one per core.")] = 0
    page_seconds: Annotated[
        float, Meta(ge=0, description="Seconds a page may take; then it is given up; 0: any.")
    ] = 300.0
    page_memory: Annotated[
        int, Meta(ge=0, description="Megabytes of memory a page may take; 0: any number.")
    ] = 4096
    stop_failures: Annotated[
        int, Meta(ge=0, description="Stop when so many documents have failed; 0: never.")
    ] = 0
    stop_failure_share: Annotated[
        Probability,
        Meta(description="Stop when over this share of 20 or more documents failed; 0: never."),
    ] = 0.0
    free_disk: Annotated[
        int, Meta(ge=0, description="Stop when fewer megabytes are free for the output; 0: never.")
    ] = 100
    group: Annotated[
        str, Meta(description="`folder`, or a pattern: images that are pages of one document.")
    ] = ""
    cluster: Annotated[
        str, Meta(description="Address of a Dask scheduler, or `local`; empty: this machine.")
    ] = ""
    carry: Annotated[str, Meta(description="`s3://...`: through where a cluster gets files.")] = ""
    share: Annotated[bool, Meta(description="Share the work with other runs.")] = False
    check_contents: Annotated[bool, Meta(description="Look at files that look unchanged.")] = False
    fail_on_check: Annotated[
        bool, Meta(description="Exit code 21 where a page has something to be looked at.")
    ] = False


class Settings(_Section, frozen=True, kw_only=True):
    """All settings of a run."""

    input: InputSettings = field(default_factory=InputSettings)
    preprocess: PreprocessSettings = field(default_factory=PreprocessSettings)
    layout: LayoutSettings = field(default_factory=LayoutSettings)
    ocr: OcrSettings = field(default_factory=OcrSettings)
    noise: NoiseSettings = field(default_factory=NoiseSettings)
    cleanup: CleanupSettings = field(default_factory=CleanupSettings)
    output: OutputSettings = field(default_factory=OutputSettings)
    evaluate: EvaluateSettings = field(default_factory=EvaluateSettings)
    report: ReportSettings = field(default_factory=ReportSettings)
    review: ReviewSettings = field(default_factory=ReviewSettings)
    batch: BatchSettings = field(default_factory=BatchSettings)


def load_settings(
    path: Path | None = None, overrides: Mapping[str, object] | None = None
) -> Settings:
    """Settings from the TOML file ``path``, then ``overrides`` (``"section.key"``: value).

    Raises:
        ConfigError: the file cannot be read, is not TOML, has an unknown key or a wrong type.

    """
    data = read_toml(path) if path is not None else {}
    for name, value in (overrides or {}).items():
        section, _, key = name.partition(".")
        data.setdefault(section, {})[key] = value
    where = path if path is not None else "settings"
    _refuse_unknown(where, data, Settings, "")
    try:
        return msgspec.convert(data, Settings)
    except msgspec.ValidationError as error:
        raise ConfigError(where, in_words(str(error))) from None


def flatten(settings: Struct, prefix: str = "") -> tuple[tuple[str, str], ...]:
    """All settings as sorted ``("section.key", value)`` pairs of text, for provenance."""
    pairs: list[tuple[str, str]] = []
    for name in settings.__struct_fields__:
        value = getattr(settings, name)
        if isinstance(value, Struct):
            pairs += flatten(value, f"{prefix}{name}.")
        else:
            pairs.append((f"{prefix}{name}", msgspec.json.encode(value).decode()))
    return tuple(sorted(pairs))


def read_toml(path: Path) -> dict[str, Any]:
    """The contents of a TOML file.

    Raises:
        ConfigError: the file is missing, unreadable or not TOML.

    """
    try:
        with path.open("rb") as stream:
            return tomllib.load(stream)
    except OSError as error:
        raise ConfigError(path, f"cannot be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(path, f"is not TOML: {error}") from error
    except RecursionError as error:
        raise ConfigError(path, "is nested too deeply") from error


def _refuse_unknown(where: object, data: object, struct: type[Struct], prefix: str) -> None:
    if not isinstance(data, Mapping):
        raise ConfigError(where, f"`{prefix.rstrip('.')}` must be a table")
    hints = get_type_hints(struct)
    for key, value in data.items():
        if key not in struct.__struct_fields__:
            close = fuzzy.extractOne(key, struct.__struct_fields__, score_cutoff=60)
            hint = f"; did you mean `{prefix}{close[0]}`?" if close else ""
            raise ConfigError(where, f"unknown key `{prefix}{key}`{hint}")
        kind = hints[key]
        if isinstance(kind, type) and issubclass(kind, Struct):
            _refuse_unknown(where, value, kind, f"{prefix}{key}.")


def in_words(message: str) -> str:
    """The message of a ``msgspec.ValidationError`` with the key that it is about in front."""
    text, _, path = message.partition(" - at `$.")
    if text.startswith("Invalid enum value"):
        values = _values(path)
        known = f"; one of {values}" if values else ""
        text = text.replace("Invalid enum value", "there is no") + known
    return f"`{path.rstrip('`')}`: {text[:1].lower()}{text[1:]}" if path else text


def _values(path: str) -> str:
    """What the setting of ``path`` (as msgspec gives it) may be; nothing for other tables."""
    section, _, name = re.sub(r"\[.*|`", "", path).partition(".")
    if section not in Settings.__struct_fields__:
        return ""
    hint = get_type_hints(get_type_hints(Settings)[section])[name]
    while (inner := get_args(hint)) and get_origin(hint) is not Literal:
        hint = inner[0]
    return ", ".join(str(x) for x in (inner or hint))


def overrides_from(
    assignments: Iterable[str], options: Mapping[str, str | None]
) -> dict[str, object]:
    """Overrides for :func:`load_settings` from ``KEY=VALUE`` texts and from options.

    A value is read as TOML where it is TOML (``3``, ``true``, ``["body"]``), else as text; commas
    part the items of a list, but for those in brackets of a pattern or behind a backslash.
    ``options`` that are ``None`` were not given.

    Raises:
        ConfigError: an assignment has no ``=``, or its key has no section.

    """
    pairs: list[tuple[str, str]] = []
    for assignment in assignments:
        key, equals, value = assignment.partition("=")
        if not equals or "." not in key:
            raise ConfigError("--set", f"`{assignment}` is not of the form section.key=value")
        pairs.append((key.strip(), value.strip()))
    pairs += [(key, value) for key, value in options.items() if value is not None]
    return {key: _value(key, value) for key, value in pairs}


def _value(key: str, text: str) -> object:
    section, _, name = key.partition(".")
    default = getattr(getattr(Settings(), section, None), name, None)
    if isinstance(default, tuple) and not text.startswith("["):
        return [item.strip() for item in _COMMA.split(text) if item.strip()]
    if isinstance(default, str):
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
