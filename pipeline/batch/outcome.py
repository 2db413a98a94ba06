"""What becomes of a document that was read: stored, whole or in parts, or as a failure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.batch.fingerprints import fingerprint
from pipeline.batch.jobs import Done, Part, Plan
from pipeline.batch.naming import Task
from pipeline.batch.prune import remove_document
from pipeline.batch.results import Row, make_row, row_of_parts
from pipeline.errors import DepeshaError, ExitCode, OutputError, ResultError, TruthError
from pipeline.evaluate import ScoreCounts, stored_score
from pipeline.evaluate.pairs import find_truths
from pipeline.ground_truth import load_truth
from pipeline.model import Document, Page, Problem, Status
from pipeline.store import (
    DOCUMENT_FILE,
    VOLUME_FILE,
    RunInfo,
    StoredDocument,
    StoredVolume,
    load_run,
    load_stored,
    load_volume,
    save_document,
    save_error,
    save_volume,
    set_aside,
)
from pipeline.transcript import TEXT_FILES, make_texts
from pipeline.volumes import PART_NAME, split


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A result that stands from before: one document, or the parts of a volume.

    ``made`` are its documents, all with their texts if ``whole``; ``read`` its pages as they were
    read, empty where one of them is missing.
    """

    run: RunInfo
    made: tuple[StoredDocument, ...]
    whole: bool
    read: tuple[Page, ...]
    problems: tuple[Problem, ...]
    is_volume: bool = False


def standings(plan: Plan, task: Task) -> Iterator[Standing]:
    """What stands of ``task``: mostly one result, two where a run was killed between them."""
    folder = plan.out / task.id
    with suppress(ResultError):
        yield _volume(load_volume(folder), folder)
    with suppress(ResultError):
        stored = load_stored(folder)
        yield Standing(
            run=stored.run,
            made=(stored,),
            whole=_has_texts(folder),
            read=stored.read,
            problems=stored.document.problems,
        )


def as_stored(plan: Plan, task: Task, standing: Standing, sha256: str) -> Done:
    """What came of a document whose result stands as it would be made."""
    done = _done(plan, task, standing.run, standing.made, sha256, unchanged=True)
    names = [_part_name(stored) for stored in standing.made] if standing.is_volume else []
    return replace(done, kept=_remove_others(plan, task, names))


def save(
    plan: Plan,
    task: Task,
    read: Sequence[Page],
    problems: Sequence[Problem],
    sha256: str,
    seconds: float,
) -> Done:
    """Make the document of pages that were ``read``, store it, in parts where it is a volume.

    Raises:
        OutputError: it cannot be stored.

    """
    document = plan.derive(task.id, read, problems, plan.settings)
    run = _run_info(plan, task, sha256, document.status, seconds)
    parts = split(document, plan.settings)
    if len(parts) == 1:
        made = [StoredDocument(run=run, document=document)]
        kept = _store(plan, made[0], read)
        names: list[str] = []
    else:
        made, kept = [], ()
        left = list(read)
        pages = sum(len(part.pages) for part in parts)
        for part in parts:
            share = round(run.seconds * len(part.pages) / max(1, pages), 3)
            told = replace(run, status=part.status, part_of=task.id, seconds=share)
            made.append(StoredDocument(run=told, document=part))
            # A page that two parts share is stored, as it was read, with the first.
            scans = {(page.scan.path, page.scan.page) for page in part.pages}
            own = [page for page in left if (page.scan.path, page.scan.page) in scans]
            left = [page for page in left if page not in own]
            _check_free(plan, task, part)
            kept += _store(plan, made[-1], own)
        names = [_part_name(stored) for stored in made]
        volume = StoredVolume(
            run=run,
            document_id=task.id,
            parts=tuple(names),
            pages=tuple(page.number for page in read),
            problems=tuple(problems),
        )
        save_volume(plan.out / task.id, volume)
    kept += _remove_others(plan, task, names)
    return replace(_done(plan, task, run, made, sha256, unchanged=False), kept=kept)


def save_failure(plan: Plan, task: Task, problem: Problem, sha256: str, seconds: float) -> Row:
    """Store why ``task`` failed, in place of a result, and give its row."""
    run = _run_info(plan, task, sha256, Status.FAILED, seconds)
    # A folder that cannot be written may be the very cause; the summary has it anyway.
    with suppress(OutputError):
        for name in _part_folders(plan, task):
            set_aside(plan.out / task.id / name)
        save_error(plan.out / task.id, task.id, run=run, problems=(problem,))
    return Row(
        id=task.id,
        source=task.source,
        status=Status.FAILED,
        seconds=seconds,
        problems=(problem,),
    )


def as_problem(error: Exception, path: Path, page: int | None = None) -> Problem:
    """``error`` as it is stored: without the name of the document it stands beside."""
    if not isinstance(error, DepeshaError):
        message = f"{type(error).__name__}: {error}"
        return Problem(code=ExitCode.INTERNAL.name, message=message, page=page)
    message = error.message if error.subject == str(path) else str(error)
    return Problem(code=error.exit_code.name, message=message, page=page)


def _volume(volume: StoredVolume, folder: Path) -> Standing:
    made: list[StoredDocument] = []
    read: dict[int, Page] = {}
    whole = True
    for name in volume.parts:
        try:
            stored = load_stored(folder / name)
        except ResultError:
            whole = False
            continue
        made.append(stored)
        whole &= stored.run.fingerprint == volume.run.fingerprint and _has_texts(folder / name)
        if stored.run.reading == volume.run.reading:
            read.update((page.number, page) for page in stored.read)
    complete = read.keys() >= set(volume.pages)
    return Standing(
        run=volume.run,
        made=tuple(made),
        whole=whole,
        read=tuple(read[number] for number in sorted(volume.pages)) if complete else (),
        problems=volume.problems,
        is_volume=True,
    )


def _has_texts(folder: Path) -> bool:
    return all((folder / name).is_file() for name in TEXT_FILES)


def _part_name(stored: StoredDocument) -> str:
    return stored.document.id.rpartition("/")[2]


def _store(plan: Plan, made: StoredDocument, read: Sequence[Page]) -> tuple[str, ...]:
    document = made.document
    folder = plan.out / document.id
    texts = make_texts(document, plan.settings.output.kinds)
    kept = save_document(folder, document, run=made.run, texts=texts, read=read)
    return tuple(str(folder / name) for name in kept)


def _check_free(plan: Plan, task: Task, part: Document) -> None:
    """Nothing of another file's is displaced, whatever its name."""
    with suppress(ResultError):
        if load_run(plan.out / part.id).source_key != task.key:
            raise OutputError(plan.out / part.id, "is the result of another file; rename that file")


def _part_folders(plan: Plan, task: Task) -> list[str]:
    """Names of the folders below that of ``task`` that hold parts of it."""
    folder = plan.out / task.id
    with suppress(OSError):
        return [
            path.name
            for path in folder.iterdir()
            if PART_NAME.fullmatch(path.name) and _is_part(path, task)
        ]
    return []


def _is_part(folder: Path, task: Task) -> bool:
    with suppress(ResultError):
        return load_run(folder).part_of == task.id
    return False


def _remove_others(plan: Plan, task: Task, parts: Sequence[str]) -> tuple[str, ...]:
    """Remove what stood before in another form; texts that a person changed stay, and are named.

    With ``parts`` these stay, and what was one document goes; without, all parts go.
    """
    folder = plan.out / task.id
    stale = [folder / name for name in _part_folders(plan, task) if name not in parts]
    if not parts:
        (folder / VOLUME_FILE).unlink(missing_ok=True)
    elif (folder / DOCUMENT_FILE).exists():
        stale.append(folder)
    return tuple(str(path) for one in stale for path in remove_document(one, plan.out))


def _done(
    plan: Plan,
    task: Task,
    run: RunInfo,
    made: Sequence[StoredDocument],
    sha256: str,
    *,
    unchanged: bool,
) -> Done:
    rows = [_row(plan, task, stored, unchanged=unchanged) for stored in made]
    if len(made) == 1 and not made[0].run.part_of:
        return Done(row=rows[0], sha256=sha256)
    pages = {(page.scan.path, page.scan.page) for x in made for page in x.document.pages}
    row = row_of_parts(task.id, rows, pages=len(pages), seconds=run.seconds)
    sizes = [(plan.out / row.id / DOCUMENT_FILE).stat().st_size for row in rows]
    parts = tuple(Part(row=one, bytes=size) for one, size in zip(rows, sizes, strict=True))
    return Done(row=row, sha256=sha256, parts=parts)


def _row(plan: Plan, task: Task, stored: StoredDocument, *, unchanged: bool) -> Row:
    # A page's problem may name the file; the row does already, and equal causes go together.
    problems = tuple(
        replace(problem, message=problem.message.removeprefix(f"{task.path}: "))
        for problem in stored.document.problems
    )
    counts = None
    try:
        if (path := _truth_of(plan, stored)) is not None:
            folder = plan.out / stored.document.id
            truth = load_truth(path)
            score = stored_score(folder, stored.document, truth, plan.settings.evaluate)
            counts = ScoreCounts.of(score)
    except TruthError as error:
        problems = (*problems, as_problem(error, task.path))
    except Exception as error:  # nothing in a truth may cost the document its result
        problems = (*problems, as_problem(TruthError("", f"cannot be used: {error}"), task.path))
    return make_row(
        stored.document,
        source=task.source,
        unchanged=unchanged,
        seconds=stored.run.seconds,
        counts=counts,
        problems=problems,
    )


def _truth_of(plan: Plan, stored: StoredDocument) -> Path | None:
    """Its truth; that of a part stands under its whole id, for short names could be many's."""
    name = stored.document.id
    if not stored.run.part_of or plan.ground_truth is None:
        return plan.truths.get(name)
    with suppress(TruthError):
        return find_truths(plan.ground_truth).get(name)
    return None


def _run_info(plan: Plan, task: Task, sha256: str, status: Status, seconds: float) -> RunInfo:
    stages = plan.stages
    return RunInfo(
        fingerprint=fingerprint(stages.derived, sha256),
        reading=fingerprint(stages.reading, sha256),
        source=task.source,
        source_key=task.key,
        input_sha256=sha256,
        status=status,
        seconds=round(seconds, 3),
        settings=stages.settings,
        versions=stages.versions,
    )
