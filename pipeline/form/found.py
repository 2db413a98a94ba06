"""What a reader of one line gives, and the field that it becomes, with its probability."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.form.names import Name, confidence_in
from pipeline.logit import logit, sigmoid
from pipeline.model import Box, Field, Line, Reason
from pipeline.resources import fitted

EVIDENCE = ("always", "unlike", "mended", "unknown", "doubtful", "word", "differ", "text")
"""What a field's probability is made of; each weighs as ``config/fitted/fields.toml`` has it.

``always`` is 1; ``unlike``: how much the reading differs from the value; ``mended``: the table of
names changed it; ``unknown``: a name that nobody knows; ``doubtful``: a part of it comes from
elsewhere or may be otherwise; ``word``: log-odds that the words were read right, as the readers
say, within +-4 and less 4 (so that 0 is best); ``differ``: the share of readers that have it not;
``text``: raw text, whose readers are silent.
"""

_UTMOST = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A field's value with the text it was read from.

    ``likeness`` (0.0-1.0), ``mended`` and ``unknown`` as those of a name; ``doubtful`` (0.0-1.0)
    how much of the value comes from elsewhere than ``raw``, or may be otherwise.
    """

    name: str
    value: str
    raw: str
    why: str = "fits its pattern"
    likeness: float = 1.0
    number: int | None = None
    mended: bool = False
    unknown: bool = False
    doubtful: float = 0.0

    @classmethod
    def named(
        cls, field: str, name: Name, raw: str, *, number: int | None = None, doubtful: float = 0.0
    ) -> Found:
        """The value of ``field`` that ``name`` is, read from ``raw``."""
        return cls(
            name=field,
            value=name.value,
            raw=raw,
            why=name.why,
            likeness=name.likeness,
            number=number,
            mended=name.mended,
            unknown=name.unknown,
            doubtful=doubtful,
        )


Reader = Callable[[Line], Iterator[Found]]


def as_field(found: Found, line: Line, telegram: int | None) -> Field:
    """Make ``found``, which was read from ``line``, a field of the ``telegram``-th telegram.

    Its confidence is the fitted probability that the value is right.
    """
    return Field(
        name=found.name,
        value=found.value,
        raw=found.raw,
        number=found.number,
        telegram=telegram,
        box=_box(found, line),
        confidence=round(_probability(found.name, evidence(found, line)), 3),
        reasons=(
            Reason(
                rule=f"form-{found.name.replace('_', '-')}",
                evidence=f"read from {' '.join(found.raw.split())!r}: {found.why}",
                weight=0.0,
            ),
        ),
    )


def evidence(found: Found, line: Line) -> tuple[float, ...]:
    """What speaks for and against ``found``: a number for each of :data:`EVIDENCE`."""
    confidence = confidence_in(line, found.raw)
    silent = confidence is None
    odds = _UTMOST if confidence is None else logit(min(0.999, max(0.001, confidence)))
    return (
        1.0,
        1.0 - min(1.0, max(0.0, found.likeness)),
        float(found.mended),
        float(found.unknown),
        found.doubtful,
        min(_UTMOST, max(-_UTMOST, odds)) - _UTMOST,
        _differ(found, line),
        float(silent),
    )


def _differ(found: Found, line: Line) -> float:
    """The share of the other readers that have ``found.raw`` nowhere in the line."""
    if not line.alternatives:
        return 0.0
    raw = "".join(found.raw.split()).lower()
    without = [raw not in "".join(other.text.split()).lower() for other in line.alternatives]
    return sum(without) / len(without)


def _probability(name: str, facts: tuple[float, ...]) -> float:
    weights, by_field = _weights()
    total = sum(w * x for w, x in zip(weights, facts, strict=True)) + by_field.get(name, 0.0)
    return sigmoid(total)


@cache
def _weights() -> tuple[tuple[float, ...], dict[str, float]]:
    table = fitted.fields()
    return tuple(table.weights[name] for name in EVIDENCE), dict(table.fields)


def _box(found: Found, line: Line) -> Box | None:
    """The box of the words it was read from, where they can be told; else the line's."""
    words = [w.box for w in line.reading.words if w.box and w.text.strip() in found.raw]
    return words[0] if len(words) == 1 and len(found.raw.split()) == 1 else line.box
