"""A transcript that a person changed in a text editor: noticed, and taken in as corrections."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import structs
from rapidfuzz.distance import Levenshtein

from pipeline.model import Line, Verdict
from pipeline.review.asking import Known, RefusedError, tidy
from pipeline.review.decisions import Anchor, Event, LineState, Note, State, default_of, line_key
from pipeline.review.edited import Row, cleanup_of, with_rows
from pipeline.review.edited import rows as rows_of
from pipeline.review.log import fold
from pipeline.review.places import Decisions, anchor_of, decisions_for
from pipeline.store import changed_texts, last_written, stands, text_digest
from pipeline.transcript import JOIN_HYPHEN, TRANSCRIPT, make_texts, selected

_TOKEN = re.compile(r"\s+|\S+")
_LARGEST = 20_000_000
_REPLAYED = 200
"""Events before the last that are tried for what was written."""


def changed_by_hand(
    folder: Path, events: Iterable[Event], written: Iterable[tuple[str, str]] = ()
) -> tuple[str, str] | None:
    """Text and digest of the transcript in ``folder`` where a person changed it, else ``None``.

    What was taken in once is not asked again, unless it was changed again since. ``written`` are
    digests of texts that the run wrote, by name: where these stand nothing more is looked at.
    """
    if stands(folder, TRANSCRIPT, dict(written).get(TRANSCRIPT, "")):
        return None
    if TRANSCRIPT not in changed_texts(folder, [TRANSCRIPT]):
        return None
    with suppress(OSError, UnicodeDecodeError):
        path = folder / TRANSCRIPT
        if path.stat().st_size <= _LARGEST:
            data = path.read_bytes()
            digest = hashlib.sha256(data).hexdigest()[:16]
            name = f"{TRANSCRIPT} {digest}"
            if not any(event.action == "take_in" and event.line == name for event in events):
                return data.decode("utf-8-sig"), digest
    return None


def taken_in(folder: Path, known: Known) -> tuple[Event, dict[str, int]]:
    """The one event that takes the changed transcript in, and the revisions it builds on.

    What was changed is told from the text that Depesha had written there. A line that was decided
    on since keeps what was decided, and gets what the file says as a note.

    Raises:
        RefusedError: no transcript was changed, or it says the same.

    """
    found = changed_by_hand(folder, known.events)
    if found is None:
        raise RefusedError("nothing_by_hand")
    text, digest = found
    rows = _rows(known, known.events)
    written = _rows(known, _events_then(folder, known))
    then = {row.line.id: row.text for row in written}
    new = dict(new_texts(written, text, known))
    collected = _Collected(known, f"{TRANSCRIPT} {digest}")
    heads: dict[str, list[Row]] = {}
    for row in rows:
        heads.setdefault(row.head, []).append(row)
    for head, parts in heads.items():
        if any(row.line.id in new for row in parts):
            collected.take(head, parts, then, new)
    return collected.done()


class _Collected:
    def __init__(self, known: Known, name: str) -> None:
        self.known, self.name = known, name
        self.before: dict[str, State] = {}
        self.after: dict[str, State] = {}
        self.anchors: dict[str, Anchor] = {}

    def take(
        self, head: str, parts: Sequence[Row], then: Mapping[str, str], new: Mapping[str, str]
    ) -> None:
        """Take in what the file says of the line ``head``, whose rows are ``parts`` now."""
        base = self.known.stored.run.fingerprint
        page, line = next(
            (page.number, line)
            for page in self.known.stored.document.pages
            for line in page.lines
            if line.id == head
        )
        key = self.known.decisions.keys.get(head) or line_key(base, head)
        thread = self.known.threads.get(key)
        state = self.known.decisions.lines.get(head, LineState())
        texts = [new.get(row.line.id, row.text) for row in parts]
        if any(row.text != then.get(row.line.id) for row in parts if row.line.id in new):
            said = f"{TRANSCRIPT}: {' '.join(texts)}"
            state = structs.replace(state, notes=(*state.notes, Note(word=0, text=said)))
        elif kept := [part for part in texts if part]:
            state = structs.replace(state, text="\n".join(kept))
        else:
            state = structs.replace(state, verdict=Verdict.DROP)
        self.before[key] = thread.state if thread else default_of(key)
        self.after[key] = state
        self.anchors[key] = anchor_of(line, page, base)

    def done(self) -> tuple[Event, dict[str, int]]:
        if not self.after:
            raise RefusedError("nothing_changes")
        event = Event(
            document=self.known.stored.document.id,
            user=self.known.user,
            base=self.known.stored.run.fingerprint,
            action="take_in",
            line=self.name,
            anchors=self.anchors,
            before=self.before,
            after=self.after,
        )
        threads = self.known.threads
        return event, {key: threads[key].revision for key in self.before if key in threads}


def _events_then(folder: Path, known: Known) -> tuple[Event, ...]:
    """The events that were in the transcript when Depesha last wrote it."""
    digest = last_written(folder, TRANSCRIPT)
    events = tuple(known.events)
    for count in (len(events), *range(len(events) - 1, max(-1, len(events) - _REPLAYED), -1)):
        document = with_rows(
            known.stored.document, _paged(known, events[:count]), _decided(known, events[:count])
        )
        if text_digest(make_texts(document, known.kinds)[TRANSCRIPT]) == digest:
            return events[:count]
    return ()


def _decided(known: Known, events: Sequence[Event]) -> Decisions:
    stored = known.stored
    return decisions_for(stored.document, stored.run.fingerprint, fold(events), known.kinds)


def _paged(known: Known, events: Sequence[Event]) -> list[list[Row]]:
    return rows_of(known.stored.document, _decided(known, events), cleanup_of(known.stored.run))


def _rows(known: Known, events: Sequence[Event]) -> list[Row]:
    return [row for of_page in _paged(known, events) for row in of_page]


def new_texts(rows: Sequence[Row], text: str, known: Known) -> Iterator[tuple[str, str]]:
    """Id and new diplomatic text of each line that reads otherwise in ``text``, a transcript."""
    shown = set(selected([row.line for row in rows], known.kinds))
    kept = [row for row in rows if row.line in shown]
    old, places = _flat([row.line for row in kept])
    new = " ".join(text.split())
    at = _new_places(old, new)
    for row, (start, end) in zip(kept, places, strict=True):
        own, changed = old[start:end], new[at[start] : at[end]].strip()
        if changed != own.strip():
            yield row.line.id, tidy(_diplomatic(row, own.strip(), changed))


def _flat(lines: Sequence[Line]) -> tuple[str, list[tuple[int, int]]]:
    """The reading layer as one line of text, and where each line stands in it."""
    text, places, glue = "", [], True
    for line in lines:
        own = " ".join(line.text.split())
        if not glue and text:
            text += " "
        places.append((len(text), len(text) + len(own)))
        text += own
        glue = any(edit.rule == JOIN_HYPHEN for edit in line.edits)
    return text, places


def _new_places(old: str, new: str) -> list[int]:
    """For each place of ``old`` (and its end) the one in ``new``; what is put in goes before it."""
    places = [0] * (len(old) + 1)
    places[len(old)] = len(new)
    for op in Levenshtein.opcodes(old, new):
        for index in range(op.src_end - op.src_start):
            places[op.src_start + index] = min(op.dest_start + index, op.dest_end)
    return places


def _diplomatic(row: Row, own: str, changed: str) -> str:
    """What stands on the sheet where the reading layer's ``own`` was changed so."""
    if own == " ".join(row.text.split()):
        return changed
    sheet, read, new = (_TOKEN.findall(x) for x in (row.text, own, changed))
    # Which token of the sheet each token of the reading layer is.
    same: dict[int, int] = {}
    for op in Levenshtein.opcodes(read, sheet):
        if op.src_end - op.src_start == op.dest_end - op.dest_start:
            for index in range(op.src_end - op.src_start):
                same[op.src_start + index] = op.dest_start + index
    made: list[str] = []
    for op in Levenshtein.opcodes(read, new):
        if op.tag == "equal":
            made += [
                sheet[same[i]] if i in same else read[i] for i in range(op.src_start, op.src_end)
            ]
        else:
            made += new[op.dest_start : op.dest_end]
            last = op.src_end == len(read) and op.dest_end > op.dest_start
            if last and any(edit.rule == JOIN_HYPHEN for edit in row.line.edits):
                made.append("" if made[-1].endswith("-") else "-")
    return "".join(made)
