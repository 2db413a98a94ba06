"""Where the data of ``config/`` stand, how a file of them is read and checked, their digest."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from pipeline.config import in_words, read_toml
from pipeline.errors import ConfigError

UNDECIDING = ("facsimile", "settings")
"""Folders whose files change no transcript: what facsimiles are drawn from, and examples."""


class Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of ``config/``, or a part of one; a key that it does not know is refused."""


_T = TypeVar("_T", bound=Table)


def resources_dir() -> Path:
    """The folder of the data: inside an installed package, else the checkout's ``config/``.

    ``DEPESHA_TABLES`` names another one, of the same folders and files.
    """
    if override := os.environ.get("DEPESHA_TABLES"):
        return Path(override)
    package = Path(__file__).parents[1]
    installed = package / "_config"
    return installed if installed.is_dir() else package.parent / "config"


def read_table(name: str, kind: type[_T]) -> _T:
    """The file ``name`` (``fitted/vote.toml``) of the data, as ``kind``.

    Files in TOML are written by hand or to be looked into, those in MessagePack hold many
    figures (``python -m pipeline.training show`` prints them).

    Raises:
        ConfigError: it is missing or damaged, has an unknown key, lacks one, or has a value
            of a wrong type; names the file and the key.

    """
    path = resources_dir() / name
    data = _read_msgpack(path) if path.suffix == ".msgpack" else read_toml(path)
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise ConfigError(path, in_words(str(error))) from None


def _read_msgpack(path: Path) -> Any:
    try:
        return msgspec.msgpack.decode(path.read_bytes())
    except OSError as error:
        raise ConfigError(path, f"cannot be read: {error.strerror or error}") from error
    except msgspec.DecodeError as error:
        raise ConfigError(path, f"is not MessagePack: {error}") from error


AFTER_READING = frozenset(
    f"{name}.toml"
    for name in (
        "language/form",
        "language/names",
        "fitted/corrector",
        "fitted/expected_error",
        "fitted/fields",
        "fitted/misreadings",
        "fitted/noise",
        "fitted/raw_text",
    )
) | {"fitted/channel.msgpack"}
"""Files that nothing looks into before a page was read."""


def resources_digest(*, reading: bool = False) -> str:
    """SHA-256 (hex) over names and contents of all files that decide what a document becomes.

    Those of facsimiles and the example settings do not. ``reading``: only of those that may
    decide how its pages are read.
    """
    folder = resources_dir()
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.suffix not in {".toml", ".msgpack"} or name.parts[0] in UNDECIDING:
            continue
        if not (reading and name.as_posix() in AFTER_READING):
            digest.update(name.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
