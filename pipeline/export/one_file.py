"""All documents in one file for each format, written as they come: memory does not grow."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from pipeline.errors import DepeshaError, ExitCode, OutputError, UsageError
from pipeline.executors import Interrupts
from pipeline.export.formats import Format, chosen
from pipeline.export.growing import OneAfterTheOther, Together
from pipeline.export.metadata import Metadata, load_metadata
from pipeline.export.options import Options
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


def export_one_file(order: Order, progress: Progress | None = None) -> ExportResult:
    """Do ``order`` with one file for each format, ``documents.ENDING``, made anew each time.

    It is done in this process, whatever ``jobs`` says. A document that cannot be read or has no
    scan is left out and named.

    Raises:
        UsageError: a format is unknown, or cannot hold more than a page (PAGE).
        DependencyMissingError: a package that a format needs is not installed.
        InputMissingError, InputUnreadableError: the metadata cannot be read.
        OutputError: a file cannot be written.

    """
    some = chosen(order.formats)
    if alone := [one.name for one in some if not one.one_file]:
        raise UsageError(
            "--one-file", f"{alone[0]} has one page a file by its standard; export it without"
        )
    rows = load_metadata(order.metadata) if order.metadata is not None else Metadata()
    make_folder(order.folder)
    result = ExportResult(out=order.folder)
    jobs = list(order.documents(tuple(one.name for one in some)))
    with ExitStack() as stack, Interrupts() as interrupts:
        growing = []
        for one in some:
            files = _together(one, order.folder, order.options)
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


def _together(one: Format, out: Path, options: Options) -> Together:
    """What gathers the documents: the format's own ``Together``, where it has one."""
    module = one.load()
    try:
        if hasattr(module, "Together"):
            made: Together = module.Together(out, options)
            return made
        return OneAfterTheOther(module, out, options)
    except OSError as error:
        raise OutputError(out, f"cannot be written: {error.strerror or error}") from error


def _add(
    job: ExportJob,
    growing: list[tuple[Format, Together]],
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


def _finish(growing: list[tuple[Format, Together]], out: Path, result: ExportResult) -> None:
    try:
        for one, gathered in growing:
            for ending, file in gathered.finish().items():
                result.bytes[one.name] += file.place(out / (NAME + ending))
                result.made[one.name] += 1
    except OSError as error:
        raise OutputError(out, f"cannot be written: {error.strerror or error}") from error
