"""What stands below the inputs: the files to be done, and everything else, and why not."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.config import InputSettings
from pipeline.errors import DepeshaError, InputMissingError, InputUnreadableError, NoInputError
from pipeline.scans.find import READING_SUFFIXES, SUFFIXES, TRUTH_ENDS, is_input_name, natural_key

_SYSTEM_FOLDERS = frozenset(
    (
        "$recycle.bin",
        "recycler",
        "system volume information",
        "__macosx",
        "@eadir",
        "thumbnails",
        "thumbs",
    )
)
"""Names (small letters) of recycle bins and thumbnails."""

_OUTPUT_MARKS = ("depesha.sqlite", ".depesha")
_RESULT_MARKS = ("document.json.xz", "document.json", "error.json")
"""Files that make a folder an output folder, or a document's folder in one, where another of
ours (``dropped.txt``, ``previous``, or nothing else at all) says so too."""

OTHER_KIND = "is of another kind ("
"""How the reason for files with unknown endings begins; the ending follows."""

_LOOK_END = ".look.png"
_SUMMARY_HEAD = b'"depesha/summary"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file to be done: ``root``: the input folder it lies below, ``None`` if named itself.

    ``size`` in bytes, ``mtime`` in nanoseconds.
    """

    path: Path
    root: Path | None
    size: int
    mtime: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A file or folder that was not taken; ``kind`` is the ending of a file of another kind."""

    path: str
    reason: str
    kind: str = ""


def survey(
    inputs: Sequence[Path], settings: InputSettings, out: Path | None = None
) -> Iterator[Found | LeftOut | DepeshaError]:
    """Everything named by ``inputs`` (files and folders), one by one, as it is found.

    Files come in the order given; a folder's, with all below it, in natural order
    (``page-2`` before ``page-10``), without hidden files, ground truth (``*.gt.txt``,
    ``*.gt.json``), READMEs and unknown suffixes. A file that is named itself is taken
    whatever its name. Nothing in ``out`` is taken, and no result of another run.

    Yields:
        Files; what was not taken (but for ground truth, READMEs and hidden files: nobody takes
        these for scans); and errors: :class:`InputMissingError`, :class:`NoInputError`,
        :class:`InputUnreadableError` for a folder that may not be read, also below an input.

    """
    walk = _Walk(settings, None if out is None else os.path.realpath(out))
    done: set[str] = set()
    for path in inputs:
        real = os.path.realpath(path)
        if real in done:
            continue
        done.add(real)
        try:
            yield from walk.input(path)
        except DepeshaError as error:
            yield error


def refuse_own(inputs: Sequence[Path], out: Path) -> None:
    """Refuse inputs that are, or lie in, the output folder ``out``: results are no scans.

    Raises:
        NoInputError: one does.

    """
    folder = os.path.realpath(out)
    for path in inputs:
        if _is_in(os.path.realpath(path), folder):
            raise NoInputError(path, f"lies in the output folder {folder}; choose another --out")


def _is_in(real: str, folder: str) -> bool:
    return real == folder or real.startswith(folder.rstrip(os.sep) + os.sep)


class _Walk:
    def __init__(self, settings: InputSettings, out: str | None) -> None:
        self._settings = settings
        self._out = out
        self._entered: set[tuple[int, int]] = set()

    def input(self, path: Path) -> Iterator[Found | LeftOut | DepeshaError]:
        try:
            found = path.stat()
        except FileNotFoundError:
            if path.is_symlink():
                raise InputMissingError(path, "points to a file that does not exist") from None
            raise InputMissingError(path, "no such file or folder; check the path") from None
        except OSError as error:
            raise _unreadable(path, error) from error
        if stat.S_ISDIR(found.st_mode):
            yield from self._root(path)
        elif not stat.S_ISREG(found.st_mode):
            raise InputUnreadableError(path, "is not a regular file")
        else:
            yield Found(path=path, root=None, size=found.st_size, mtime=found.st_mtime_ns)

    def _root(self, root: Path) -> Iterator[Found | LeftOut | DepeshaError]:
        count = words = 0
        for item in self._folder(root, root):
            count += not isinstance(item, LeftOut)
            words += isinstance(item, LeftOut) and item.kind in READING_SUFFIXES
            yield item
        if not count:
            kinds = ", ".join(sorted(SUFFIXES))
            named = "; name files of other programs' words one by one to take them"
            raise NoInputError(
                root, f"holds no scans; taken are files ending in {kinds}{named if words else ''}"
            )

    def _folder(self, folder: Path, root: Path) -> Iterator[Found | LeftOut | DepeshaError]:
        try:
            with os.scandir(folder) as found:
                entries = list(found)
            at = folder.stat()
        except OSError as error:
            yield _unreadable(folder, error)
            return
        if (at.st_dev, at.st_ino) in self._entered:
            return  # overlapping inputs, or a loop of links
        self._entered.add((at.st_dev, at.st_ino))
        if reason := _ours(folder, {entry.name for entry in entries}):
            yield LeftOut(path=str(folder), reason=reason)
            return
        for entry in sorted(entries, key=lambda entry: natural_key(Path(entry.name))):
            yield from self._entry(entry, root)

    def _entry(
        self, entry: os.DirEntry[str], root: Path
    ) -> Iterator[Found | LeftOut | DepeshaError]:
        path = Path(entry.path)
        small = entry.name.lower()
        if small.startswith("."):
            return
        try:
            linked = entry.is_symlink()
            status = entry.stat()
        except OSError as error:
            if is_input_name(entry.name):
                broken = "points to a file that does not exist"
                linked = entry.is_symlink()
                yield InputMissingError(path, broken) if linked else _unreadable(path, error)
            return
        if stat.S_ISDIR(status.st_mode):
            reason = self._why_not_searched(path, small, linked=linked)
            if reason:
                yield LeftOut(path=entry.path, reason=reason)
            else:
                yield from self._folder(path, root)
        elif not small.startswith("readme") and not small.endswith(TRUTH_ENDS):
            kind = "" if is_input_name(small) else path.suffix.lower() or "no ending"
            reason = self._why_not_taken(path, status, root, kind, linked=linked)
            if reason:
                yield LeftOut(path=entry.path, reason=reason, kind=kind)
            else:
                yield Found(path=path, root=root, size=status.st_size, mtime=status.st_mtime_ns)

    def _why_not_searched(self, path: Path, small: str, *, linked: bool) -> str:
        if linked and not self._settings.follow_links:
            return "is a link to a folder, not followed"
        if self._in_out(os.path.realpath(path)):
            return "is the output folder"
        if small in _SYSTEM_FOLDERS:
            return "is a recycle bin or holds thumbnails, not searched"
        return ""

    def _why_not_taken(
        self, path: Path, status: os.stat_result, root: Path, kind: str, *, linked: bool
    ) -> str:
        if not stat.S_ISREG(status.st_mode):
            return "is a pipe or a device, no file"
        if path.name.lower().endswith(_LOOK_END):
            return "was drawn by depesha look"
        if kind:
            return f"{OTHER_KIND}{kind})"
        if linked and self._taken_itself(path, root):
            return "is a link to a file that is taken itself"
        return ""

    def _in_out(self, real: str) -> bool:
        return self._out is not None and _is_in(real, self._out)

    def _taken_itself(self, link: Path, root: Path) -> bool:
        target = os.path.realpath(link)
        inside = target.startswith(os.path.realpath(root).rstrip(os.sep) + os.sep)
        return inside and is_input_name(Path(target).name)


def _ours(folder: Path, names: set[str]) -> str:
    """Why a folder with files of these ``names`` holds results of ours; empty where it does not."""
    if any(name in names for name in _OUTPUT_MARKS):
        return "is an output folder of Depesha"
    if any(name in names for name in _RESULT_MARKS) and (
        names & {"dropped.txt", "previous"} or len(names) == 1
    ):
        return "holds a result of Depesha"
    if {"summary.json", "summary.csv"} <= names:
        try:
            with (folder / "summary.json").open("rb") as stream:
                if _SUMMARY_HEAD in stream.read(200):
                    return "is an output folder of Depesha"
        except OSError:
            return ""
    return ""


def _unreadable(path: Path, error: OSError) -> InputUnreadableError:
    return InputUnreadableError(path, f"cannot be read: {error.strerror or error}")
