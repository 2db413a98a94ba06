"""All documents in one file for each format, written as they come: memory does not grow."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, BinaryIO

from pipeline.errors import DepeshaError, ExitCode, OutputError, UsageError
from pipeline.executors import Interrupts
from pipeline.export.formats import Format, chosen
from pipeline.export.metadata import Metadata, load_metadata
from pipeline.export.options import Options
from pipeline.export.source import Source
from pipeline.export.write import (
    ExportJob,
    ExportResult,
    Failed,
    Order,
    Progress,
    load_source,
)
from pipeline.store import is_failure, make_folder

NAME = "documents"
"""Of the files, without their ending."""


class _Growing:
    """The files of one format, under temporary names until all documents are in them."""

    def __init__(self, one: Format, out: Path, options: Options) -> None:
        self._module: Any = one.load()
        self._out = out
        self._options = options
        self._files: dict[str, tuple[BinaryIO, Path]] = {}
        try:
            for ending, head in self._module.HEADS.items():
                handle, name = tempfile.mkstemp(dir=out, prefix=".depesha-", suffix=".tmp")
                self._files[ending] = (os.fdopen(handle, "wb"), Path(name))
                self._files[ending][0].write(head)
        except OSError as error:
            self.drop()
            raise OutputError(out, f"cannot be written: {error.strerror or error}") from error

    def add(self, source: Source) -> None:
        """One more document: whole or, where it fails, not at all."""
        made = self._module.part(source, self._options)
        for ending, data in made.items():
            self._files[ending][0].write(data)

    def finish(self) -> dict[str, int]:
        """Put the files in their place; names and sizes."""
        sizes = {}
        for ending, (stream, _) in self._files.items():
            stream.write(self._module.TAILS[ending])
            stream.flush()
            os.fsync(stream.fileno())
            sizes[NAME + ending] = stream.tell()
        for ending, (stream, temporary) in self._files.items():
            stream.close()
            temporary.chmod(0o644)
            temporary.replace(self._out / (NAME + ending))
        self._files = {}
        return sizes

    def drop(self) -> None:
        """Remove what was not finished."""
        for stream, temporary in self._files.values():
            with suppress(OSError):
                stream.close()
            with suppress(OSError):
                temporary.unlink()
        self._files = {}


def export_one_file(order: Order, progress: Progress | None = None) -> ExportResult:
    """Do ``order`` with one file for each format, ``documents.ENDING``, made anew each time.

    It is done in this process, whatever ``jobs`` says. A document that cannot be read or has no
    scan is left out and named.

    Raises:
        UsageError: a format is unknown, or holds one document a file (ALTO, PAGE, DOCX).
        DependencyMissingError: a package that a format needs is not installed.
        InputMissingError, InputUnreadableError: the metadata cannot be read.
        OutputError: a file cannot be written.

    """
    some = chosen(order.formats)
    if alone := [one.name for one in some if not one.one_file]:
        raise UsageError("--one-file", f"{alone[0]} holds one document a file; leave it out")
    rows = load_metadata(order.metadata) if order.metadata is not None else Metadata()
    make_folder(order.folder)
    result = ExportResult(out=order.folder)
    jobs = list(order.documents(tuple(one.name for one in some)))
    with ExitStack() as stack, Interrupts() as interrupts:
        growing = []
        for one in some:
            files = _Growing(one, order.folder, order.options)
            stack.callback(files.drop)
            growing.append((one, files))
        for number, job in enumerate(jobs, start=1):
            if interrupts.count:
                result.interrupted = True
                return result
            result.documents += 1
            if is_failure(job.folder):
                result.not_read.append(job.name)
            else:
                _add(job, growing, result, rows)
            if progress is not None:
                progress(number, len(jobs))
        _finish(growing, order.folder, result)
    result.unused = rows.unused
    return result


def _add(
    job: ExportJob,
    growing: list[tuple[Format, _Growing]],
    result: ExportResult,
    rows: Metadata,
) -> None:
    try:
        source, key = load_source(job)
    except DepeshaError as error:
        result.failed.append(
            Failed(document=job.name, format="", code=error.exit_code, message=str(error))
        )
        return
    rows.take(key)
    for one, files in growing:
        if one.needs_scan and not source.has_scan:
            result.without_scan[one.name] += 1
            continue
        try:
            files.add(source)
        except DepeshaError as error:
            code, message = error.exit_code, str(error)
        except OSError as error:
            raise OutputError(job.out, f"cannot be written: {error.strerror or error}") from error
        except Exception as error:  # a fault of ours costs this document in this format only
            code = ExitCode.INTERNAL
            message = f"unexpected error, please report it: {type(error).__name__}: {error}"
        else:
            continue
        result.failed.append(Failed(document=job.name, format=one.name, code=code, message=message))


def _finish(growing: list[tuple[Format, _Growing]], out: Path, result: ExportResult) -> None:
    try:
        for one, files in growing:
            sizes = files.finish()
            result.made[one.name] = len(sizes)
            result.bytes[one.name] = sum(sizes.values())
    except OSError as error:
        raise OutputError(out, f"cannot be written: {error.strerror or error}") from error
