"""Many documents into files: resumed, atomic, each failure its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from pipeline.errors import DepeshaError, ExitCode, OutputError
from pipeline.executors import Interrupts, run_jobs, worker_count
from pipeline.export.formats import FORMATS, chosen
from pipeline.export.metadata import Metadata, load_metadata
from pipeline.export.options import Options
from pipeline.export.record import Entry, Record, fingerprint, settings_of
from pipeline.export.source import Source, read_source, scan_path
from pipeline.store import is_failure, make_folder, result_folders, write_atomic

EXPORTS = "export"
"""The folder of exports, in that of the results, where no other is named."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportJob:
    """One document to be exported, small enough for another process.

    ``results`` is the folder of results, ``folder`` that of the document, ``name`` its path
    below it; ``out`` where exports go; ``formats`` by name; ``scans`` where scans have moved to.
    """

    results: Path
    folder: Path
    name: str
    out: Path
    formats: tuple[str, ...]
    options: Options
    metadata: Path | None = None
    scans: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be exported, and how.

    ``results``: a folder of results; ``out``: where exports go, ``results/export`` where it is
    ``None``; ``metadata``: a CSV; ``jobs``: processes, 0 for one per core; ``force``: what
    stands is made anew; ``only``: names of documents, ``None`` for all; ``scans``: a folder in
    which scans are looked for by the ends of their paths, ``None`` for where they were read.
    """

    results: Path
    formats: Sequence[str]
    options: Options = field(default_factory=Options)
    out: Path | None = None
    metadata: Path | None = None
    jobs: int = 1
    force: bool = False
    only: frozenset[str] | None = None
    scans: Path | None = None

    @property
    def folder(self) -> Path:
        """Where exports go."""
        return self.out if self.out is not None else self.results / EXPORTS

    def documents(self, formats: tuple[str, ...]) -> Iterator[ExportJob]:
        """A job for each result, failures too, named by its path below the results."""
        for folder in result_folders(self.results):
            name = folder.relative_to(self.results).as_posix()
            name = name if name != "." else folder.resolve().name
            if self.only is None or name in self.only:
                yield ExportJob(
                    results=self.results,
                    folder=folder,
                    name=name,
                    out=self.folder,
                    formats=formats,
                    options=self.options,
                    metadata=self.metadata,
                    scans=self.scans,
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """What could not be done: of which document, in which format (empty: in none), and why."""

    document: str
    format: str
    code: ExitCode
    message: str


@dataclass(slots=True, kw_only=True)
class ExportResult:
    """How an export came out.

    ``documents`` counts those that were looked at, ``made`` files by format, ``bytes`` their
    size, ``unchanged`` documents by format that stood already. ``without_scan`` are documents
    that came as text, in formats that show scans; ``not_read`` those whose run had failed.
    ``unused`` are rows of the metadata that no document has.
    """

    out: Path
    documents: int = 0
    made: Counter[str] = field(default_factory=Counter)
    bytes: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    without_scan: Counter[str] = field(default_factory=Counter)
    not_read: list[str] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    unused: tuple[str, ...] = ()
    interrupted: bool = False

    @property
    def exit_code(self) -> ExitCode:
        """0 only where everything was exported."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        if not self.failed and not self.not_read:
            return ExitCode.OK
        codes = {failure.code for failure in self.failed}
        alone = not (self.made or self.unchanged or self.not_read) and len(codes) == 1
        return codes.pop() if alone else ExitCode.SOME_FAILED


@dataclass(slots=True, kw_only=True)
class JobResult:
    """What became of one job."""

    name: str
    entries: list[Entry] = field(default_factory=list)
    without_scan: list[str] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    row: str | None = None


def export_results(order: Order, progress: Progress | None = None) -> ExportResult:
    """Do ``order``: a file or more for each document and format, in a folder for each format.

    What stands already, of the same result, choices and metadata, is not made again unless
    ``force``.

    Raises:
        UsageError: a format is unknown.
        DependencyMissingError: a package that a format needs is not installed.
        InputMissingError, InputUnreadableError: the metadata cannot be read.
        OutputError: the folder cannot be made.

    """
    names = tuple(one.name for one in chosen(order.formats))
    rows = load_metadata(order.metadata) if order.metadata is not None else Metadata()
    make_folder(order.folder)
    record = Record(order.folder, settings_of(order.options))
    result = ExportResult(out=order.folder)
    work: list[ExportJob] = []
    for job in order.documents(names):
        result.documents += 1
        if is_failure(job.folder):
            result.not_read.append(job.name)
            continue
        wanted = names if order.force else _to_do(job, record, rows, result)
        if wanted:
            work.append(replace(job, formats=wanted))
    _work(work, order.jobs, record, result, rows, progress)
    result.unused = rows.unused if order.only is None else ()
    return result


def export_one(job: ExportJob) -> JobResult:
    """Do one job; what fails is in its result."""
    done = JobResult(name=job.name)
    try:
        source, done.row = load_source(job)
    except DepeshaError as error:
        done.failed.append(_failed(job.name, "", error))
        return done
    for name in job.formats:
        one = FORMATS[name]
        if one.needs_scan and not source.has_scan:
            done.without_scan.append(name)
            continue
        try:
            mark = mark_of(job, source, name)
            files = _write(job.out / name, job, one.load().export(source, job.options))
        except DepeshaError as error:
            done.failed.append(_failed(job.name, name, error))
        except Exception as error:  # a fault of ours costs this document in this format only
            message = f"unexpected error, please report it: {type(error).__name__}: {error}"
            done.failed.append(
                Failed(document=job.name, format=name, code=ExitCode.INTERNAL, message=message)
            )
        else:
            done.entries.append(
                Entry(
                    document=job.name,
                    format=name,
                    source=source.run.source,
                    files=files,
                    fingerprint=mark,
                )
            )
    return done


def load_source(job: ExportJob) -> tuple[Source, str | None]:
    """The job's document with its metadata, and which row of them it is.

    Raises:
        ResultError: the stored document is damaged.

    """
    source = replace(read_source(job.results, job.folder, job.name), scans=job.scans)
    key, row = _metadata(job.metadata).row(job.name, source.run.source)
    return source.with_metadata(row), key


def mark_of(job: ExportJob, source: Source, name: str) -> str:
    """The fingerprint of the job's document in the format ``name``."""
    scan = source.mark if FORMATS[name].reads_scan else None
    return fingerprint(job.folder, job.results, _settings(job.options), source.metadata, scan)


def _to_do(job: ExportJob, record: Record, rows: Metadata, result: ExportResult) -> tuple[str, ...]:
    """The formats that do not stand yet."""
    wanted = []
    for name in job.formats:
        entry = record.find(job.name, name)
        if entry is not None and entry.stands(job.out, _expected(job, entry, rows)):
            result.unchanged[name] += 1
        else:
            wanted.append(name)
    return tuple(wanted)


def _expected(job: ExportJob, entry: Entry, rows: Metadata) -> str:
    _, row = rows.row(job.name, entry.source)
    scan = scan_path(entry.source, job.scans) if FORMATS[entry.format].reads_scan else None
    return fingerprint(job.folder, job.results, _settings(job.options), row, scan)


def _work(
    jobs: Sequence[ExportJob],
    workers: int,
    record: Record,
    result: ExportResult,
    rows: Metadata,
    progress: Progress | None,
) -> None:
    many = worker_count(workers, len(jobs))
    with Interrupts() as interrupts:
        count = 0
        for ended in run_jobs(export_one, jobs, workers=many, interrupts=interrupts):
            count += 1
            _take(jobs[ended.index], ended.value, ended.error, record, result, rows)
            if progress is not None:
                progress(count, len(jobs))
        result.interrupted = count < len(jobs)
    if jobs:
        try:
            record.compact()
        except OutputError as error:
            result.failed.append(_failed("", "", error))


def _take(
    job: ExportJob,
    done: JobResult | None,
    error: BaseException | None,
    record: Record,
    result: ExportResult,
    rows: Metadata,
) -> None:
    if done is None:
        code = ExitCode.WORKER_LOST if error is None else ExitCode.INTERNAL
        message = "the process at work on it was killed"
        if error is not None:
            message = f"unexpected error, please report it: {type(error).__name__}: {error}"
        failure = Failed(document=job.name, format="", code=code, message=message)
        result.failed.append(failure)
        return
    rows.take(done.row)
    result.failed += done.failed
    result.without_scan.update(done.without_scan)
    for entry in done.entries:
        result.made[entry.format] += len(entry.files)
        result.bytes[entry.format] += sum(entry.files.values())
        try:
            record.add(entry)
        except OSError as fault:
            # Without its row it is made again next time; the files stand.
            cause = OutputError(job.out, f"cannot be recorded: {fault.strerror or fault}")
            result.failed.append(_failed(job.name, entry.format, cause))


def _write(folder: Path, job: ExportJob, made: dict[str, bytes]) -> dict[str, int]:
    """Write what a format made; paths below the folder of exports, and sizes."""
    files: dict[str, int] = {}
    for ending, data in made.items():
        path = folder / (job.name + ending)
        make_folder(path.parent)
        write_atomic(path, data)
        files[path.relative_to(job.out).as_posix()] = len(data)
    return files


def _failed(document: str, name: str, error: DepeshaError) -> Failed:
    return Failed(document=document, format=name, code=error.exit_code, message=str(error))


@lru_cache(maxsize=1)
def _metadata(path: Path | None) -> Metadata:
    """The metadata, read once in each process."""
    return load_metadata(path) if path is not None else Metadata()


@lru_cache(maxsize=1)
def _settings(options: Options) -> dict[str, str]:
    return settings_of(options)
