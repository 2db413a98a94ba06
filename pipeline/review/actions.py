"""What an editor can do: each action as the event that it makes of what is decided so far.

Nothing here saves. An action on what is not there any more, or that makes no sense, is refused with
a sentence; whether somebody else was quicker is told by the log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import regex
from msgspec import structs
from rapidfuzz.distance import Levenshtein

from pipeline.form import NAMES
from pipeline.model import LineKind, Page, Verdict
from pipeline.review.asking import LONGEST_NOTE, Known, RefusedError, Request, tidy
from pipeline.review.decisions import (
    ILLEGIBLE,
    Anchor,
    Approved,
    Event,
    FieldState,
    LineState,
    Note,
    PageState,
    PageStatus,
    State,
    default_of,
    line_key,
    page_key,
)
from pipeline.review.edited import diplomatic, grouped, text_of
from pipeline.review.log import undoable
from pipeline.review.places import DONE, anchor_of

_WORD = regex.compile(r"\S+")


def event_of(request: Request, known: Known) -> Event:
    """The event that ``request`` makes, not yet added to the log.

    Raises:
        RefusedError: it makes no sense.

    """
    if request.base != known.stored.run.fingerprint:
        raise RefusedError("read_anew")
    return _ACTIONS[request.action](request, _Maker(known, request))


class _Maker:
    """Collects the states that an event changes."""

    def __init__(self, known: Known, request: Request) -> None:
        self.known = known
        self.request = request
        self.before: dict[str, State] = {}
        self.after: dict[str, State] = {}
        self.anchors: dict[str, Anchor] = {}
        self.page: Page | None = None
        self.index = -1
        self.groups: list[list[str]] = []
        for page in known.stored.document.pages:
            for index, group in enumerate(grouped(page, known.decisions)):
                if group[0].id == request.line:
                    self.page, self.index, self.group = page, index, group
        if request.line and self.page is None:
            raise RefusedError("no_such_line")

    @property
    def state(self) -> LineState:
        """What is decided of the line so far."""
        return self.state_of(self.request.line)

    def state_of(self, line_id: str) -> LineState:
        return self.known.decisions.lines.get(line_id, LineState())

    @property
    def text(self) -> str:
        """The whole text of the line, with a line feed where it was cut."""
        if self.page is None:
            raise RefusedError("no_such_line")
        return text_of(self.group, self.state)

    @property
    def part(self) -> str:
        """The part that is meant."""
        parts = self.text.split("\n")
        if self.request.part >= len(parts):
            raise RefusedError("no_such_line")
        return parts[self.request.part]

    def with_part(self, new: str) -> str:
        parts = self.text.split("\n")
        parts[self.request.part] = new
        return "\n".join(parts)

    def set_line(self, line_id: str, state: LineState) -> None:
        page, line = next(
            (page, line)
            for page in self.known.stored.document.pages
            for line in page.lines
            if line.id == line_id
        )
        key = self.known.decisions.keys.get(line_id)
        if key is None:
            key = line_key(self.known.stored.run.fingerprint, line_id)
        self.set(key, state)
        self.anchors[key] = anchor_of(line, page.number, self.known.stored.run.fingerprint)

    def set(self, key: str, state: State) -> None:
        thread = self.known.threads.get(key)
        self.before[key] = thread.state if thread else default_of(key)
        self.after[key] = state

    def event(self, line: str = "") -> Event:
        if self.before == self.after:
            raise RefusedError("nothing_changes")
        return Event(
            document=self.known.stored.document.id,
            user=self.known.user,
            base=self.known.stored.run.fingerprint,
            action=self.request.action,
            asked=self.request.asked,
            line=line or self.request.line,
            anchors=self.anchors,
            before=self.before,
            after=self.after,
        )

    def line_event(self, state: LineState) -> Event:
        self.set_line(self.request.line, state)
        return self.event()


def _with_text(state: LineState, old: str, new: str) -> LineState:
    """``state`` with another text; notes go with their words."""
    notes = state.notes
    if notes:
        places = {
            op.src_start + i: op.dest_start + min(i, max(0, op.dest_end - op.dest_start - 1))
            for op in Levenshtein.opcodes(_WORD.findall(old), _WORD.findall(new))
            for i in range(op.src_end - op.src_start)
        }
        notes = tuple(structs.replace(n, word=places.get(n.word, n.word)) for n in notes)
    return structs.replace(state, text=new, notes=notes)


def _text(request: Request, maker: _Maker) -> Event:
    old = maker.text
    new = tidy(request.text)
    if new == maker.part:
        raise RefusedError("nothing_changes")
    return maker.line_event(_with_text(maker.state, old, maker.with_part(new)))


def _accept(request: Request, maker: _Maker) -> Event:
    maker.text  # noqa: B018
    if request.word < 0 or request.word in maker.state.seen:
        raise RefusedError("nothing_changes")
    seen = tuple(sorted({*maker.state.seen, request.word}))
    return maker.line_event(structs.replace(maker.state, seen=seen))


def _words(maker: _Maker, word: int) -> tuple[str, int, int]:
    """The part, and where in it the word stands."""
    part = maker.part
    places = [match.span() for match in _WORD.finditer(part)]
    if not 0 <= word < len(places):
        raise RefusedError("no_such_word")
    return part, *places[word]


def _illegible(request: Request, maker: _Maker) -> Event:
    part, start, end = _words(maker, request.word)
    new = maker.with_part(part[:start] + ILLEGIBLE + part[end:])
    return maker.line_event(structs.replace(maker.state, text=new))


def _split(request: Request, maker: _Maker) -> Event:
    part, start, _ = _words(maker, request.word)
    if request.word == 0:
        raise RefusedError("split_at_first")
    new = maker.with_part(part[:start].rstrip() + "\n" + part[start:])
    return maker.line_event(structs.replace(maker.state, text=new))


def _join(request: Request, maker: _Maker) -> Event:
    text = maker.text
    parts = text.split("\n")
    if request.part + 1 < len(parts):
        both = " ".join(parts[request.part : request.part + 2])
        parts[request.part : request.part + 2] = [both]
        return maker.line_event(structs.replace(maker.state, text="\n".join(parts)))
    if maker.page is None:
        raise RefusedError("no_such_line")
    groups = list(grouped(maker.page, maker.known.decisions))
    if maker.index + 1 >= len(groups):
        raise RefusedError("no_next_line")
    following = groups[maker.index + 1]
    other = maker.state_of(following[0].id)
    words = len(_WORD.findall(text))
    notes = tuple(structs.replace(note, word=note.word + words) for note in other.notes)
    own = structs.replace(
        maker.state,
        text=f"{text} {text_of(following, other)}",
        notes=(*maker.state.notes, *notes),
    )
    maker.set_line(following[0].id, structs.replace(other, joined=True, text=None, notes=()))
    return maker.line_event(own)


def _note(request: Request, maker: _Maker) -> Event:
    _words(maker, request.word)
    before = "\n".join(maker.text.split("\n")[: request.part])
    index = len(_WORD.findall(before)) + request.word
    text = request.text.strip()[:LONGEST_NOTE]
    notes = [note for note in maker.state.notes if note.word != index]
    if text:
        notes.append(Note(word=index, text=text))
    state = structs.replace(maker.state, notes=tuple(sorted(notes, key=lambda n: n.word)))
    return maker.line_event(state)


def _kind(request: Request, maker: _Maker) -> Event:
    maker.text  # noqa: B018
    if request.kind is None:
        raise RefusedError("nothing_changes")
    return maker.line_event(structs.replace(maker.state, kind=request.kind))


def _drop(_: Request, maker: _Maker) -> Event:
    maker.text  # noqa: B018
    return maker.line_event(structs.replace(maker.state, verdict=Verdict.DROP))


def _restore(_: Request, maker: _Maker) -> Event:
    maker.text  # noqa: B018
    kind = maker.state.kind or maker.group[0].kind
    shown = kind if kind in maker.known.kinds else LineKind.BODY
    new_kind = maker.state.kind if shown is maker.group[0].kind else shown
    return maker.line_event(structs.replace(maker.state, verdict=Verdict.KEEP, kind=new_kind))


def _paragraph(_: Request, maker: _Maker) -> Event:
    maker.text  # noqa: B018
    now = maker.state.paragraph
    opens = maker.group[0].starts_paragraph if now is None else now
    return maker.line_event(structs.replace(maker.state, paragraph=not opens))


def _page(request: Request, maker: _Maker) -> Event:
    pages = maker.known.stored.document.pages
    page = next((page for page in pages if page.number == request.page), None)
    if page is None or request.status is None:
        raise RefusedError("no_such_page")
    key = page_key(page.number)
    now = maker.known.decisions.pages.get(page.number, PageState())
    user = maker.known.user
    if request.status is PageStatus.CHECKED and (now.status not in DONE or now.first == user):
        raise RefusedError("another_person")
    lines: tuple[Approved, ...] = ()
    first = now.first
    if request.status in DONE:
        lines = tuple(_approved(page, maker.known))
        first = first if request.status is PageStatus.CHECKED else user
    note = tidy(request.text)[:LONGEST_NOTE]
    maker.set(key, PageState(status=request.status, note=note, first=first, lines=lines))
    return maker.event(str(page.number))


def _approved(page: Page, known: Known) -> list[Approved]:
    made = []
    for line in page.lines:
        state = known.decisions.lines.get(line.id, LineState())
        made.append(
            Approved(
                anchor=anchor_of(line, page.number, known.stored.run.fingerprint),
                text=diplomatic(line) if state.text is None else state.text,
                kind=state.kind or line.kind,
                verdict=state.verdict or line.verdict,
                paragraph=line.starts_paragraph if state.paragraph is None else state.paragraph,
            )
        )
    return made


def _field(request: Request, maker: _Maker) -> Event:
    parts = request.key.split(":")
    sound = len(parts) == 4 and parts[0] == "field" and parts[1] in NAMES
    if not sound or not all(x == "" or (x.isdecimal() and len(x) < 4) for x in parts[2:]):
        raise RefusedError("no_such_field")
    maker.set(request.key, FieldState(value=tidy(request.text)))
    return maker.event(parts[1])


def _question(maker: _Maker) -> tuple[str, LineState]:
    for question in maker.known.decisions.questions:
        if question.key == maker.request.key and not question.approved:
            return question.key, question.state
    raise RefusedError("no_such_question")


def _apply(request: Request, maker: _Maker) -> Event:
    """What was decided once and fits no line any more is put to the line that the editor names."""
    key, state = _question(maker)
    maker.set(key, LineState())
    maker.set_line(request.line, structs.replace(state, seen=(), joined=False))
    return maker.event()


def _set_aside(_: Request, maker: _Maker) -> Event:
    key, _state = _question(maker)
    maker.set(key, LineState())
    return maker.event()


def _undo(request: Request, maker: _Maker) -> Event:
    done, undone = undoable(maker.known.events, maker.known.user)
    event = done if request.action == "undo" else undone
    if event is None:
        raise RefusedError("nothing_to_undo" if request.action == "undo" else "nothing_to_redo")
    for key, state in event.before.items():
        thread = maker.known.threads.get(key)
        if thread is None or thread.state != event.after[key]:
            raise RefusedError("changed_since")
        maker.set(key, state)
        if thread.anchor is not None:
            maker.anchors[key] = thread.anchor
    return replace(maker.event(event.line), undoes=event.number, asked=event.asked)


_ACTIONS: dict[str, Callable[[Request, _Maker], Event]] = {
    "text": _text,
    "accept": _accept,
    "illegible": _illegible,
    "note": _note,
    "kind": _kind,
    "drop": _drop,
    "restore": _restore,
    "paragraph": _paragraph,
    "split": _split,
    "join": _join,
    "page": _page,
    "field": _field,
    "apply": _apply,
    "set_aside": _set_aside,
    "undo": _undo,
    "redo": _undo,
}
