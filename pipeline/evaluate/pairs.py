"""Which result is compared with which truth, in files and folders of any depth."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import DepeshaError, InputMissingError, ResultError, TruthError
from pipeline.evaluate.names import folded, match_names
from pipeline.formats import SUFFIXES, stem_of
from pipeline.ground_truth import (
    JSON_SUFFIX,
    KEYED_SUFFIX,
    MARKUP_SUFFIXES,
    TEXT_SUFFIX,
    load_truth,
    truth_stem,
)
from pipeline.store import DOCUMENT_FILE, EXPORT_RECORD, is_result, result_folders

_OURS = (TEXT_SUFFIX, JSON_SUFFIX, KEYED_SUFFIX, ".gt.xml", ".gt.hocr")
_NO_RESULTS = ("report", "previous")
"""Folders in which nothing is looked for: what a report or an earlier run left."""

_COLUMNS = ["result", "truth"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A result and its truth, by path. ``name`` is the result's, and differs in each pair.

    That is its path below the folder of the results, without its ending. ``result`` is ``None``
    where an empty text takes the place of one that is missing.
    """

    name: str
    result: Path | None
    truth: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Results and truths of which it is not clear which belong together; none is compared."""

    results: tuple[Path, ...]
    truths: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """All pairs, sorted by name, and everything that is not in one.

    ``alone`` are results without a truth, ``unread`` truths without a result. ``doubled`` are
    files that hold a result which another format of the same name holds too; they are not
    compared.
    """

    pairs: tuple[Pair, ...]
    alone: tuple[Path, ...] = ()
    unread: tuple[Path, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    doubled: tuple[Path, ...] = ()

    @property
    def unmatched(self) -> tuple[str, ...]:
        """All paths that are in no pair, in the order in which they are told."""
        doubted = [path for doubt in self.doubts for path in (*doubt.results, *doubt.truths)]
        return tuple(map(str, (*self.alone, *self.unread, *doubted, *self.doubled)))


def pair_paths(result: Path, truth: Path, mapping: Path | None = None) -> Pairing:
    """The pairs of ``result`` and ``truth``, files or folders.

    One file against one file are a pair whatever their names. In folders, at any depth, names
    decide: see :func:`pipeline.evaluate.names.match_names`. ``mapping`` decides instead where it is
    given: a CSV file with the columns ``result`` and ``truth``, paths below the two folders.

    Raises:
        InputMissingError: ``result`` does not exist.
        ResultError: ``result`` holds no result, or is one file and unreadable.
        TruthError: ``truth`` is missing, holds none, or ``mapping`` cannot be understood.

    """
    if not result.exists():
        raise InputMissingError(result, "does not exist (as results to be evaluated)")
    if is_one_result(result):
        results = {name_of(result): result}
        doubled: tuple[Path, ...] = ()
    else:
        results, doubled = _find_results(result)
    if not truth.is_dir():
        stem = load_truth(truth).stem
        if len(results) == 1:
            ((name, path),) = results.items()
            return Pairing(pairs=(Pair(name=name, result=path, truth=truth),), doubled=doubled)
        return _matched(results, {stem: truth}, doubled)
    truths = find_truths(truth)
    if mapping is not None:
        return _mapped(mapping, results, truths)
    found = _matched(results, truths, doubled)
    if is_one_result(result):
        if not found.pairs:
            raise TruthError(truth, f"holds no ground truth for {result}")
        return Pairing(pairs=found.pairs)
    return found


def is_one_result(path: Path) -> bool:
    """Whether ``path`` is a single result: a file, or the folder of a stored document."""
    return path.is_file() or is_result(path)


def name_of(path: Path) -> str:
    """The name of a single result: its stem, or that of the folder it is in."""
    if path.name == DOCUMENT_FILE:
        return path.resolve().parent.name
    return path.resolve().name if path.is_dir() else stem_of(path)


def find_truths(folder: Path) -> dict[str, Path]:
    """Name to path of every truth in ``folder``, at any depth; a name is its path without ending.

    Other names than ``STEM.gt.*`` only where the folder has none such. Of two files of one name
    the more telling counts: both are read where they are twins (``.gt.txt`` and ``.gt.json``).

    Raises:
        TruthError: there is none.

    """
    found: dict[str, Path] = {}
    for path, name in truth_files(folder):
        found.setdefault(name, path)
    return dict(sorted(found.items()))


def truths_of(names: Sequence[str], folder: Path) -> tuple[dict[str, Path], list[str]]:
    """The truth in ``folder`` of each document that has one, and what there is to be said.

    ``names`` are the documents' ids. Said is what could belong to several, and that there is no
    truth at all.
    """
    try:
        truths = find_truths(folder)
    except TruthError as error:
        return {}, [str(error)]
    paths = list(truths.values())
    found = match_names(names, list(truths))
    doubts = [
        f"{told([paths[i] for i in x.truths], 5)} could belong to "
        f"{', '.join(names[i] for i in x.results[:5])}: it is not clear which, not scored"
        for x in found.ambiguous
    ]
    pairs = {names[i]: paths[j] for i, j in found.pairs.items()}
    if not pairs and not doubts:
        doubts = [f"{folder}: none of its {len(paths)} truths belongs to a document"]
    return pairs, doubts


def truth_files(folder: Path) -> list[tuple[Path, str]]:
    """Every file of a truth in ``folder`` with its name, of one name the more telling first.

    Raises:
        TruthError: there is none.

    """
    entries = list(_files(folder, TruthError, lambda _: True))
    named = [x for x in entries if x.name.lower().endswith(_OURS)]
    other = [x for x in entries if x.name.lower().endswith((".txt", ".tsv", *MARKUP_SUFFIXES))]
    if not named and not other:
        endings = f"NAME{TEXT_SUFFIX}, {JSON_SUFFIX}, {KEYED_SUFFIX}, .xml, .hocr or .txt"
        raise TruthError(folder, f"holds no ground truth: no {endings}")
    ordered = sorted(named or other, key=lambda x: (_rank(x), x))
    return [(path, name_below(path, folder)) for path in ordered]


def _matched(
    results: dict[str, Path], truths: dict[str, Path], doubled: tuple[Path, ...]
) -> Pairing:
    names, true_names = list(results), list(truths)
    paths, true_paths = list(results.values()), list(truths.values())
    found = match_names(names, true_names)
    doubts = tuple(
        Doubt(
            results=tuple(paths[i] for i in x.results),
            truths=tuple(true_paths[i] for i in x.truths),
        )
        for x in found.ambiguous
    )
    doubted = {i for x in found.ambiguous for i in x.results}
    true_doubted = {i for x in found.ambiguous for i in x.truths}
    used = set(found.pairs.values())
    return Pairing(
        pairs=tuple(
            Pair(name=names[i], result=paths[i], truth=true_paths[j])
            for i, j in found.pairs.items()
        ),
        alone=tuple(
            path for i, path in enumerate(paths) if i not in found.pairs and i not in doubted
        ),
        unread=tuple(
            path for i, path in enumerate(true_paths) if i not in used and i not in true_doubted
        ),
        doubts=doubts,
        doubled=doubled,
    )


def _mapped(mapping: Path, results: dict[str, Path], truths: dict[str, Path]) -> Pairing:
    sides = [_Lookup(results), _Lookup(truths)]
    pairs: dict[str, Pair] = {}
    for number, row in _rows(mapping):
        found = [side.find(text) for side, text in zip(sides, row, strict=True)]
        for text, item, what in zip(row, found, _COLUMNS, strict=True):
            if item is None:
                raise TruthError(mapping, f"row {number}: there is no {what} `{text}`")
        (name, path), (_, true) = (item or ("", Path()) for item in found)
        if name in pairs and pairs[name].truth != true:
            raise TruthError(mapping, f"row {number}: `{row[0]}` has a truth already")
        pairs[name] = Pair(name=name, result=path, truth=true)
    used = {pair.result for pair in pairs.values()}
    read = {pair.truth for pair in pairs.values()}
    return Pairing(
        pairs=tuple(sorted(pairs.values(), key=lambda pair: pair.name)),
        alone=tuple(path for path in results.values() if path not in used),
        unread=tuple(path for path in truths.values() if path not in read),
    )


class _Lookup:
    """Files of one side by what a mapping may call them: with or without their ending."""

    def __init__(self, files: dict[str, Path]) -> None:
        self._known: dict[str, tuple[str, Path]] = {}
        for name, path in files.items():
            folder, slash, _ = name.rpartition("/")
            for spelling in (name, folder + slash + path.name):
                self._known.setdefault(folded(spelling), (name, path))

    def find(self, text: str) -> tuple[str, Path] | None:
        return self._known.get(folded(text.strip().replace("\\", "/").removeprefix("./")))


def _rows(mapping: Path) -> Iterator[tuple[int, tuple[str, str]]]:
    try:
        text = mapping.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise TruthError(mapping, f"cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise TruthError(mapping, "is not UTF-8; save it as UTF-8") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    table = csv.reader(text.splitlines(), delimiter=delimiter)
    head = [cell.strip().lower() for cell in next(table, [])]
    if head[:2] != _COLUMNS:
        raise TruthError(mapping, "does not begin with the columns `result,truth`")
    for number, row in enumerate(table, start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) < 2 or not row[0].strip() or not row[1].strip():
            raise TruthError(mapping, f"row {number} does not name a result and a truth")
        yield number, (row[0], row[1])


def _find_results(folder: Path) -> tuple[dict[str, Path], tuple[Path, ...]]:
    """Name to path of stored documents and of files of text, sorted; and files left out."""
    stored = {_relative(path, folder): path for path in result_folders(folder)}
    texts = _files(folder, ResultError, lambda name: name.endswith(SUFFIXES) and ".gt." not in name)
    found: dict[str, Path] = dict(stored)
    folders = set(stored.values())
    doubled: list[Path] = []
    # A format with places and confidences goes before plain text of the same name.
    for path in sorted(texts, key=lambda x: (x.name.lower().endswith(".txt"), x)):
        if path.parent in folders:
            continue  # the transcript beside a stored document
        name = name_below(path, folder)
        if name in found:
            doubled.append(path)
        else:
            found[name] = path
    if not found:
        endings = ", ".join(f"NAME{x}" for x in SUFFIXES)
        raise ResultError(folder, f"holds no results: no folder of a document, and no {endings}")
    return dict(sorted(found.items())), tuple(doubled)


def _rank(path: Path) -> int:
    """Which of two truths of one name counts: the first of ours, which brings in its twin."""
    small = path.name.lower()
    return next((i for i, ending in enumerate(_OURS) if small.endswith(ending)), len(_OURS))


def _files(
    folder: Path, error: type[DepeshaError], wanted: Callable[[str], bool]
) -> Iterator[Path]:
    """Files at any depth whose name in small letters is ``wanted``; hidden ones never."""

    def refuse(fault: OSError) -> None:
        raise error(fault.filename or folder, f"cannot be read: {fault.strerror or fault}")

    for place, below, files in os.walk(folder, onerror=refuse):
        below[:] = sorted(x for x in below if not _passed_over(Path(place) / x))
        for name in sorted(files):
            if name[0] != "." and wanted(name.lower()):
                yield Path(place) / name


def _passed_over(folder: Path) -> bool:
    """Whether nothing is looked for here: ``depesha export`` repeats what stands in results."""
    if folder.name[0] == "." or folder.name in _NO_RESULTS:
        return True
    return (folder / EXPORT_RECORD).is_file()


def name_below(path: Path, root: Path) -> str:
    """The name of a file in ``root``: its path below it, without its ending."""
    folder = _relative(path.parent, root)
    stem = truth_stem(path)
    return stem if folder == "." else f"{folder}/{stem}"


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def told(paths: Sequence[Path], shown: int = 3) -> str:
    """The first of many paths, for one line."""
    names = ", ".join(str(path) for path in paths[:shown])
    return names if len(paths) <= shown else f"{names} ..."
