"""What bringing pages to their truth costs: keys and minutes, on the page and in a text editor.

    python benchmarks/review_trial.py OUTPUTS TRUTH

Nobody is at the keyboard: the truth decides. On the page every word that it asks is confirmed (1
key), taken from the other reader (1 key) or typed. *Doubts*: only that. *To the truth*: then each
line that is still wrong is gone to with arrow keys and its words typed; lines that are no text are
dropped. A word is typed anew or mended, whatever takes fewer keys. In a text editor over
`transcript.txt` a wrong word is found with the search (4 letters, 3 keys) and mended. Errors are
characters by which the lines of the transcript differ from the lines of the truth.

Minutes are by the keystroke-level model (Card, Moran and Newell 1980): 0.28 s a key, 1.35 s to
make up one's mind, twice that for a word held against its picture; who has to find errors that
nothing points at reads the whole page against the scan, at 180 words a minute.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from rapidfuzz.distance import Levenshtein, Postfix, Prefix
from review_rerun import known

from pipeline.config import Settings
from pipeline.ground_truth import load_truth
from pipeline.model import LineKind
from pipeline.review.actions import event_of
from pipeline.review.asking import RefusedError, Request
from pipeline.review.edited import Row, cleanup_of, kinds_of, rows
from pipeline.review.log import REVIEW_FILE, EventLog
from pipeline.review.worth import asked
from pipeline.store import StoredDocument, load_stored, result_folders

KEY, MIND, LOOK, WORDS_A_MINUTE = 0.28, 1.35, 2.70, 180
ALIKE = 0.5
"""Likeness from which a line of the truth is what a line should read."""


class Trial:
    """One page in work."""

    def __init__(self, log: EventLog, stored: StoredDocument, truth: Path) -> None:
        self.log, self.stored, self.path = log, stored, truth
        self.true = [" ".join(line.text.split()) for line in load_truth(truth).lines if line.text]
        self.keys = 0
        self.seconds = 0.0

    def rows(self) -> list[Row]:
        """The lines as they are now."""
        decisions = known(self.log, self.stored).decisions
        made = rows(self.stored.document, decisions, cleanup_of(self.stored.run))
        return [row for of_page in made for row in of_page]

    def errors(self) -> int:
        """Characters by which the lines of the transcript differ from those of the truth."""
        shown = set(kinds_of(self.stored.run))
        return sum(
            Levenshtein.distance(row.text, self.wanted(row) or "")
            for row in self.rows()
            if row.line.verdict != "drop" and row.line.kind in shown
        )

    def do(self, **what: object) -> None:
        """One action."""
        now = known(self.log, self.stored)
        request = Request(base=self.stored.run.fingerprint, **what)  # type: ignore[arg-type]
        try:
            event = event_of(request, now)
        except RefusedError:
            return
        self.log.add(event, {k: now.threads[k].revision for k in event.before if k in now.threads})

    def wanted(self, row: Row) -> str | None:
        """What the line should read; ``None`` where it is in no truth."""
        best = max(self.true, key=lambda t: Levenshtein.normalized_similarity(t, row.text))
        return best if Levenshtein.normalized_similarity(best, row.text) >= ALIKE else None

    def doubts(self) -> None:
        """Answer every word that the page asks."""
        settings = Settings()
        done: set[tuple[str, int]] = set()
        while True:
            now = self.rows()
            open_ = [
                one
                for one in asked(
                    self.stored.document.id,
                    now,
                    kinds_of(self.stored.run),
                    settings.output.unsure_below,
                    settings.review.audit,
                )
                if (now[one.row].head, one.word) not in done
            ]
            if not open_:
                return
            one = open_[0]
            row = now[one.row]
            done.add((row.head, one.word))
            self.seconds += LOOK
            read = row.text[one.start : one.end]
            good = self.best(row, one.start, one.end, one.other)
            asked_as = "audit" if one.audit else "doubt"
            if good == read:
                self.press(1)
                self.do(action="accept", line=row.head, word=one.word, asked=asked_as)
                continue
            self.press(1 if good == one.other else typed(read, good))
            text = row.text[: one.start] + good + row.text[one.end :]
            self.do(action="text", line=row.head, part=row.part, text=text, asked=asked_as)

    def best(self, row: Row, start: int, end: int, other: str | None) -> str:
        """What brings the line nearest to its truth: the word as it stands, another's, or typed."""
        wanted = self.wanted(row)
        read = row.text[start:end]
        if wanted is None:
            return read
        choices = [read, other, true_part(row.text, start, end, wanted)]
        return min(
            (choice for choice in choices if choice is not None),
            key=lambda x: Levenshtein.distance(row.text[:start] + x + row.text[end:], wanted),
        )

    def rest(self) -> None:
        """Go to each line that is still wrong, and make it right."""
        before = 0
        shown = set(kinds_of(self.stored.run))
        for number, row in enumerate(self.rows()):
            if row.line.verdict == "drop" or row.line.kind not in shown:
                continue
            wanted = self.wanted(row)
            if wanted == row.text:
                continue
            self.press(number - before)
            before = number
            self.seconds += MIND
            if wanted is None:
                self.press(1)
                self.do(action="drop", line=row.head)
                continue
            self.press(word_keys(row.text, wanted))
            self.do(action="text", line=row.head, part=row.part, text=wanted)

    def press(self, keys: int) -> None:
        """So many keys."""
        self.keys += keys
        self.seconds += KEY * keys


def true_part(text: str, start: int, end: int, wanted: str) -> str:
    """What stands in ``wanted`` where ``text[start:end]`` does."""
    places = [0] * (len(text) + 1)
    for op in Levenshtein.opcodes(text, wanted):
        for index in range(op.src_end - op.src_start):
            places[op.src_start + index] = min(op.dest_start + index, op.dest_end)
    places[len(text)] = len(wanted)
    first, last = places[start], places[end] if end < len(text) else len(wanted)
    while first > 0 and not wanted[first - 1].isspace():
        first -= 1
    while last < len(wanted) and not wanted[last].isspace():
        last += 1
    return wanted[first:last].strip()


def typed(old: str, new: str) -> int:
    """Keys to open a word, make ``old`` into ``new`` (anew, or mended from an end), and save."""
    same = Prefix.similarity(old, new)
    ends = min(same, Postfix.similarity(old[same:], new[same:]))
    return 2 + min(len(new), 1 + ends + changes(old, new))


def changes(old: str, new: str) -> int:
    """Letters to take out and to put in."""
    return sum(
        (op.src_end - op.src_start) + (op.dest_end - op.dest_start)
        for op in Levenshtein.opcodes(old, new)
        if op.tag != "equal"
    )


def word_keys(text: str, wanted: str) -> int:
    """Arrow keys to each wrong word of a line, and what is typed there."""
    keys, at = 0, 0
    for op in Levenshtein.opcodes(text.split(), wanted.split()):
        if op.tag != "equal":
            old = " ".join(text.split()[op.src_start : op.src_end])
            new = " ".join(wanted.split()[op.dest_start : op.dest_end])
            keys += abs(op.src_start - at) + typed(old, new)
            at = op.src_start
    return keys


def editor_keys(text: str, wanted: str) -> tuple[int, int]:
    """In a text editor: keys for what differs between two lines, and the places there are."""
    keys = places = 0
    for op in Levenshtein.opcodes(text.split(), wanted.split()):
        if op.tag != "equal":
            old = " ".join(text.split()[op.src_start : op.src_end])
            new = " ".join(wanted.split()[op.dest_start : op.dest_end])
            keys += 7 + changes(old, new)
            places += 1
    return keys, places


def main() -> None:
    out, truths = Path(sys.argv[1]), Path(sys.argv[2])
    total: Counter[str] = Counter()
    print("page       errors | doubts: keys  min  left | all: keys  min  left | editor: keys  min")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        log = EventLog(Path(folder) / REVIEW_FILE)
        for path in result_folders(out):
            trial = Trial(log, load_stored(path), truths / f"{path.name}.gt.tsv")
            total += report(path.name, trial)
    print(dict(total))


def report(name: str, trial: Trial) -> Counter[str]:
    """Work a page off; its figures, printed too."""
    start = trial.errors()
    shown = set(kinds_of(trial.stored.run)) | {LineKind.BODY}
    keys = places = words = 0
    for row in trial.rows():
        if row.line.verdict == "drop" or row.line.kind not in shown:
            continue
        words += len(row.text.split())
        wanted = trial.wanted(row)
        more, found = editor_keys(row.text, wanted) if wanted is not None else (4, 1)
        keys, places = keys + more, places + found
    reading = 60 * words / WORDS_A_MINUTE
    editor = keys * KEY + places * MIND + reading
    trial.doubts()
    doubts = (trial.keys, trial.seconds, trial.errors())
    trial.rest()
    whole = (trial.keys, trial.seconds + reading, trial.errors())
    print(
        f"{name:10} {start:6} | {doubts[0]:12} {doubts[1] / 60:4.1f} {doubts[2]:5} |"
        f" {whole[0]:9} {whole[1] / 60:4.1f} {whole[2]:5} | {keys:12} {editor / 60:4.1f}",
        flush=True,
    )
    return Counter(
        errors=start, doubts_keys=doubts[0], doubts_seconds=round(doubts[1]),
        doubts_left=doubts[2], keys=whole[0], seconds=round(whole[1]), left=whole[2],
        editor_keys=keys, editor_seconds=round(editor), words=words,
    )  # fmt: skip


if __name__ == "__main__":
    main()
