"""Lines in TEI: words with their doubts, typing habits beside what an editor prints, names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from pipeline.export.options import Options
from pipeline.export.source import Source
from pipeline.export.tei_fields import Mark, marks
from pipeline.export.tokens import EDITOR, LineWords, Token, line_words
from pipeline.export.xml import add, append_text, decimal, xml_id
from pipeline.model import Edit, Layer, Line


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of a document's elements; ``prefix`` tells them from those of others."""

    prefix: str = ""

    @property
    def machine(self) -> str:
        """Of who read it."""
        return f"{self.prefix}depesha"

    @property
    def hand(self) -> str:
        """Of who corrected it."""
        return f"{self.prefix}editor"

    def reader(self, name: str) -> str:
        """Of one of the readers."""
        return xml_id(f"{self.prefix}reader", name)

    def page(self, number: int) -> str:
        """Of a surface."""
        return f"{self.prefix}page-{number}"

    def zone(self, line: str) -> str:
        """Of the place of a line."""
        return xml_id(f"{self.prefix}zone", line)


@dataclass(frozen=True, slots=True)
class _Group:
    """Words as typed, and what an editor prints for them; the same where nothing was changed."""

    typed: tuple[Token, ...]
    printed: tuple[Token, ...]

    @property
    def start(self) -> int:
        """Where it begins in the raw text."""
        return min(token.start for token in (*self.typed, *self.printed))

    @property
    def end(self) -> int:
        """Where it ends in the raw text, exclusive."""
        return max(token.end for token in (*self.typed, *self.printed))

    @property
    def is_plain(self) -> bool:
        """Whether both layers have the same."""
        return [x.text for x in self.typed] == [x.text for x in self.printed]


class LineWriter:
    """Puts lines into elements."""

    def __init__(self, source: Source, options: Options, ids: Ids) -> None:
        self._options = options
        self._ids = ids
        self._marks = marks(source.document)

    def write(self, parent: Element, line: Line, number: int, *, broken: bool) -> None:
        """``lb`` and the words of ``line`` after all that is in ``parent``.

        ``broken``: its first word began in the line before.
        """
        facs = None if line.box is None else f"#{self._ids.zone(line.id)}"
        begun = add(parent, "lb", n=number, facs=facs)
        if broken:
            begun.set("break", "no")
        groups = list(self._groups(line))
        words = line_words(line, self._layers()[-1])
        found = self._marks.get(line.id, ())
        place = 0
        while place < len(groups):
            mark = next((x for x in found if _within(groups[place], x)), None)
            last = place + 1
            target = parent
            if mark is not None:
                while last < len(groups) and _within(groups[last], mark):
                    last += 1
                target = add(parent, mark.element, **mark.attributes)
            for index in range(place, last):
                if index > place:
                    append_text(target, " ")
                self._group(target, groups[index])
            if mark is not None and groups[last - 1].end > mark.end:
                append_text(parent, _sign_after(target))
            if last < len(groups):
                append_text(parent, " ")
            place = last
        if words.join is not None and words.tokens:
            self._hyphen(parent, words)

    def _layers(self) -> tuple[Layer, ...]:
        chosen = self._options.layer
        return (Layer.DIPLOMATIC, Layer.READING) if chosen is None else (chosen,)

    def _groups(self, line: Line) -> Iterator[_Group]:
        """The words of both layers, side by side where they come from the same raw text."""
        layers = [_without_hyphen(line_words(line, layer)) for layer in self._layers()]
        if len(layers) == 1:
            yield from (_Group((token,), (token,)) for token in layers[0])
            return
        typed, printed = layers
        i = j = 0
        while i < len(typed) or j < len(printed):
            left, right = i, j
            ends = [-1, -1]
            if i < len(typed):
                ends[0] = typed[i].end
                i += 1
            if j < len(printed):
                ends[1] = printed[j].end
                j += 1
            while ends[0] != ends[1]:
                if ends[0] < ends[1] and i < len(typed) and typed[i].start < ends[1]:
                    ends[0] = typed[i].end
                    i += 1
                elif ends[1] < ends[0] and j < len(printed) and printed[j].start < ends[0]:
                    ends[1] = printed[j].end
                    j += 1
                else:
                    break
            yield _Group(tuple(typed[left:i]), tuple(printed[right:j]))

    def _group(self, parent: Element, group: _Group) -> None:
        if group.is_plain:
            for index, token in enumerate(group.typed):
                if index:
                    append_text(parent, " ")
                self._token(parent, token)
            return
        slip = any(
            edit.rule == EDITOR and edit.layer is Layer.READING
            for token in group.printed
            for edit in token.edits
        )
        choice = add(parent, "choice")
        first, second = ("sic", "corr") if slip else ("orig", "reg")
        orig = add(choice, first)
        for index, token in enumerate(group.typed):
            if index:
                append_text(orig, " ")
            self._token(orig, token)
        add(choice, second, " ".join(token.text for token in group.printed),
            resp=f"#{self._ids.hand}" if slip else None)  # fmt: skip

    def _token(self, parent: Element, token: Token) -> None:
        """One word; in ``unclear`` where it may be wrong, with what else was read."""
        sure = token.confidence is None or token.confidence >= self._options.doubt_below
        if sure or token.by_hand:
            append_text(parent, token.text)
            return
        cert = decimal(token.confidence or 0.0)
        machine = f"#{self._ids.machine}"
        repaired = token.read if any(e.layer is Layer.DIPLOMATIC for e in token.edits) else None
        if repaired is not None:
            # The probability is that of what was read; that of the repair is not known.
            choice = add(parent, "choice")
            add(choice, "unclear", token.text, resp=machine)
            add(choice, "unclear", repaired, cert=cert)
        elif token.other:
            choice = add(parent, "choice")
            add(choice, "unclear", token.text, cert=cert, resp=machine)
            add(choice, "unclear", token.other)
        else:
            add(parent, "unclear", token.text, cert=cert)

    def _hyphen(self, parent: Element, words: LineWords) -> None:
        join = words.join
        if join is None or not words.tokens[-1].text.endswith(join.before):
            return
        if join.after:
            add(parent, "pc", join.after, force="strong")
        elif self._options.layer is not Layer.READING:
            add(parent, "pc", join.before, force="weak")


def _within(group: _Group, mark: Mark) -> bool:
    """Whether the group is mostly part of what ``mark`` names: a full stop may follow it."""
    size = max(1, group.end - group.start)
    common = min(group.end, mark.end) - max(group.start, mark.start)
    return common / size > 0.5


def _sign_after(name: Element) -> str:
    """Take the full stop, comma or the like off the end of a name's text."""
    last = name[-1] if len(name) else None
    text = (name.text if last is None else last.tail) or ""
    bare = text.rstrip('.,;:!?»)"')
    if not bare:
        return ""
    if last is None:
        name.text = bare
    else:
        last.tail = bare
    return text[len(bare) :]


def _without_hyphen(words: LineWords) -> list[Token]:
    """The tokens; of the last one without the hyphen that parts a word."""
    tokens = list(words.tokens)
    join: Edit | None = words.join
    if join is not None and tokens and tokens[-1].text.endswith(join.before):
        last = tokens.pop()
        if text := last.text.removesuffix(join.before):
            end = max(last.start, last.end - len(join.before))
            tokens.append(replace(last, text=text, end=end))
    return tokens
