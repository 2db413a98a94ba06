"""A second run over corrected documents: how many corrections stay, are asked again, are lost.

    python benchmarks/review_rerun.py FIRST SECOND

FIRST and SECOND are folders of results of the same scans, read with other settings. On FIRST
every third line of the transcript is corrected (a letter of its longest word), a kept line is
dropped and a dropped one brought back, and every second page is marked as looked at, all in a log
of its own; then the log is read over SECOND. A correction is *kept* where its line there has the
editor's text, *asked* where it stands among the questions, *lost* where it is neither.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from pipeline.model import Layer, Verdict
from pipeline.review.actions import event_of
from pipeline.review.asking import Known, RefusedError, Request
from pipeline.review.decisions import LineState, PageStatus
from pipeline.review.edited import cleanup_of, kinds_of, rows
from pipeline.review.log import REVIEW_FILE, EventLog, fold
from pipeline.review.places import decisions_for
from pipeline.store import StoredDocument, is_failure, load_stored, result_folders


def known(log: EventLog, stored: StoredDocument) -> Known:
    """All that is decided of a document so far."""
    events = log.events(stored.document.id)
    threads = fold(events)
    kinds = kinds_of(stored.run)
    decisions = decisions_for(stored.document, stored.run.fingerprint, threads, kinds)
    return Known(
        stored=stored,
        decisions=decisions,
        threads=threads,
        events=events,
        kinds=kinds,
        user="anna",
    )


def do(log: EventLog, stored: StoredDocument, **what: object) -> None:
    """One action on the first run."""
    now = known(log, stored)
    request = Request(base=stored.run.fingerprint, **what)  # type: ignore[arg-type]
    try:
        event = event_of(request, now)
    except RefusedError:
        return
    log.add(event, {k: now.threads[k].revision for k in event.before if k in now.threads})


def correct(log: EventLog, stored: StoredDocument, *, approve: bool) -> None:
    """The corrections of one document."""
    shown = set(kinds_of(stored.run))
    kept = [x for x in stored.document.lines if x.verdict is not Verdict.DROP and x.kind in shown]
    for line in kept[::3]:
        words = line.text_in(Layer.DIPLOMATIC).split()
        if words:
            place = max(range(len(words)), key=lambda n: len(words[n]))
            words[place] = words[place][:-1] + ("ъ" if words[place][-1] != "ъ" else "ь")
            do(log, stored, action="text", line=line.id, text=" ".join(words))
    if len(kept) > 4:
        do(log, stored, action="drop", line=kept[4].id)
    dropped = [x for x in stored.document.lines if x.verdict is Verdict.DROP and len(x.raw) > 4]
    for line in dropped[:1]:
        do(log, stored, action="restore", line=line.id)
    if approve:
        for page in stored.document.pages:
            do(log, stored, action="page", page=page.number, status=PageStatus.LOOKED)


def counted(log: EventLog, second: StoredDocument) -> Counter[str]:
    """What became of the corrections of one document."""
    now = known(log, second)
    states = {
        key: thread.state
        for key, thread in now.threads.items()
        if isinstance(thread.state, LineState) and thread.state != LineState()
    }
    asked = {question.key for question in now.decisions.questions}
    lines = {key: line for line, key in now.decisions.keys.items()}
    found = [
        row
        for of_page in rows(second.document, now.decisions, cleanup_of(second.run))
        for row in of_page
    ]
    by_id = {row.head: row for row in found}
    counts: Counter[str] = Counter(corrections=len(states))
    for key, state in states.items():
        if key in asked:
            counts["asked"] += 1
            continue
        row = by_id.get(lines.get(key, ""))
        stands = (
            row is not None
            and (state.text is None or row.text == state.text)
            and (state.verdict is None or row.line.verdict is state.verdict)
        )
        counts["kept" if stands else "lost"] += 1
    for page in now.decisions.pages.values():
        counts[f"pages {page.status}"] += 1
    counts["approved lines asked"] += sum(q.approved for q in now.decisions.questions)
    return counts


def main() -> None:
    first, second = Path(sys.argv[1]), Path(sys.argv[2])
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        log = EventLog(Path(folder) / REVIEW_FILE)
        for number, path in enumerate(result_folders(second)):
            own = first / path.relative_to(second)
            if is_failure(path) or not own.is_dir() or is_failure(own):
                continue
            before, after = load_stored(own), load_stored(path)
            correct(log, before, approve=number % 2 == 0)
            total += Counter(documents=1) + counted(log, after)
            same = sum(
                a.raw == b.raw
                for a, b in zip(before.document.lines, after.document.lines, strict=False)
            )
            total += Counter({"lines": len(before.document.lines), "read alike": same})
        log.close()
    for name, count in total.items():
        print(f"{name:24} {count}")


if __name__ == "__main__":
    main()
