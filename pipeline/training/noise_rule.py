"""Try a new rule of the noise filter on what is known, and fit its weight: seconds, not a fit anew.

``python -m pipeline.training try-rule NAME CASE ... [--pages FOLDER] [--write]``. All other weights
stay as they ship. The evidence is the new cases, all cases of ``tests/cases/noise/``, the made-up
garbled texts, and with ``--pages`` the readings of the set ``dev`` that ``fit-noise`` keeps there.
Only pages on which the rule says anything count: the others are the same whatever it weighs.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
from scipy.optimize import minimize

from pipeline.config import NoiseSettings
from pipeline.errors import UsageError
from pipeline.layout.split import split_merged
from pipeline.layout.text import text_lines
from pipeline.noise import classify
from pipeline.noise.crf import STATES, TEXT, Array, Weights, marginals, text_log_odds, weights_of
from pipeline.noise.rules import NAMES, gather
from pipeline.resources import fitted
from pipeline.resources.fitted import StateWeights
from pipeline.resources.tables import resources_dir
from pipeline.store import write_atomic
from pipeline.training.fit_noise import (
    TEXTS,
    WEIGHT,
    Sample,
    as_toml,
    batched,
    dev_samples,
    gradients,
    text_samples,
)
from pipeline.training.garbled_texts import garbled_texts
from pipeline.training.noise_cases import expectations, read_case

LEAST_LINES, LEAST_PAGES, LEAST_GAIN = 5, 3, 2.0
"""Lines and pages on which a rule must speak, and what it must gain (in nats of likelihood), before
its weight is believed: below that it is chance, and its sign too."""

_SHOWN = 8

Page = tuple[Sample, tuple[str, ...]]
"""A page, and the texts of its lines (none where they are not at hand)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of it. ``text``, ``other``: lines of known side on which the rule speaks.

    ``pages``: pages with such lines. ``gain``: in nats, after the penalty on large weights.
    ``mended``, ``spoilt``: lines whose side is right only with the rule, only without it.
    """

    weights: Weights
    text: int
    other: int
    pages: int
    gain: float
    mended: tuple[str, ...] = ()
    spoilt: tuple[str, ...] = ()

    @property
    def lacking(self) -> list[str]:
        """What the rule lacks to be believed; empty where it has support."""
        found = []
        if self.text + self.other < LEAST_LINES:
            found.append(f"it speaks on {self.text + self.other} lines; {LEAST_LINES} are needed")
        if self.pages < LEAST_PAGES:
            found.append(f"they are of {self.pages} pages; {LEAST_PAGES} are needed")
        if self.gain < LEAST_GAIN:
            found.append(f"it gains {self.gain:.1f} nats; {LEAST_GAIN:.0f} are needed")
        if len(self.spoilt) > len(self.mended) / 10:
            found.append(f"it spoils {len(self.spoilt)} lines and mends {len(self.mended)}")
        return found


def stored_with(name: str) -> Weights:
    """The weights that ship, and none for the rule ``name`` that has no row yet.

    Raises:
        UsageError: there is no such rule.

    """
    if name not in NAMES:
        raise UsageError(name, "is not in RULES of pipeline/noise/rules.py")
    data = fitted.noise()
    rows = {name: StateWeights(), **data.weights}
    return weights_of(msgspec.structs.replace(data, weights=rows), NAMES)


def evidence(
    new: Sequence[Path], cases: Path, pages: Path | None, texts: int = TEXTS
) -> Iterator[Page]:
    """All pages: the ``new`` ones, those of ``cases``, made-up ``texts``, and those of ``dev``."""
    known = [p for p in sorted(cases.glob("*/*")) if p.parent.name != "known_failures"]
    for path in (*new, *(p for p in known if p.resolve() not in {x.resolve() for x in new})):
        case = read_case(path)
        strengths = gather(case.lines, case.height).strengths
        sample = Sample(page=str(path), strengths=strengths, allowed=case.allowed)
        times = WEIGHT if path in new else 1
        yield from [(sample, tuple(line.raw for line in case.lines))] * times
    made = {
        f"text-{number}": tuple(text for _, text in rows if text.strip())
        for number, rows in enumerate(garbled_texts(texts, 1))
    }
    yield from ((sample, made[sample.page]) for sample in text_samples(texts, 1))
    if pages is not None:
        yield from ((sample, ()) for sample in dev_samples(pages) for _ in range(WEIGHT))


def try_rule(name: str, found: Sequence[Page]) -> Trial:
    """Fit the weight of the rule ``name`` alone on ``found``."""
    start, column = stored_with(name), NAMES.index(name)
    spoken = [(s, texts) for s, texts in found if s.strengths[:, column].any()]
    if not spoken:
        return Trial(weights=start, text=0, other=0, pages=0, gain=0.0)
    batch = batched([sample for sample, _ in spoken])
    values = [start.rules, start.bias, start.first, start.last, start.after]

    def loss(row: Array) -> tuple[float, Array]:
        rules = start.rules.copy()
        rules[column] = row
        score, slope = gradients(batch, [rules, *values[1:]])
        return -score, -slope[0][column]

    zero = np.zeros(len(STATES))
    without, best = loss(zero)[0], minimize(loss, zero, jac=True, method="L-BFGS-B")
    rules = start.rules.copy()
    rules[column] = best.x
    weights = replace(start, rules=rules)
    blank = rules.copy()
    blank[column] = 0.0
    return _counted(spoken, column, weights, replace(start, rules=blank), without - best.fun)


def _counted(
    spoken: Sequence[Page],
    column: int,
    weights: Weights,
    without: Weights,
    gain: float,
) -> Trial:
    text = other = 0
    mended, spoilt, pages = list[str](), list[str](), set[str]()
    for sample, texts in {id(sample): (sample, texts) for sample, texts in spoken}.values():
        may_text = (sample.allowed & TEXT).any(axis=1)
        known = may_text != (sample.allowed & ~TEXT).any(axis=1)
        speaks = known & (sample.strengths[:, column] > 0)
        text += int((speaks & may_text).sum())
        other += int((speaks & ~may_text).sum())
        if speaks.any():
            pages.add(sample.page)
        before, after = (_is_text(sample, w) for w in (without, weights))
        for at in np.flatnonzero(known & (before != after)):
            what = texts[at] if texts else f"line {at + 1}"
            (mended if after[at] == may_text[at] else spoilt).append(f"{sample.page}: {what}")
    return Trial(
        weights=weights,
        text=text,
        other=other,
        pages=len(pages),
        gain=float(gain),
        mended=tuple(mended),
        spoilt=tuple(spoilt),
    )


def _is_text(sample: Sample, weights: Weights) -> Array:
    chance = marginals(sample.strengths @ weights.rules + weights.bias, weights)
    return np.asarray(text_log_odds(chance) > 0)


def told(name: str, trial: Trial) -> Iterator[str]:
    """What came of it, for people."""
    where = f"{trial.text} lines of text and {trial.other} others, on {trial.pages} pages"
    yield f"`{name}` speaks on {where}"
    row = trial.weights.rules[NAMES.index(name)]
    side = float(row[TEXT].mean() - row[~TEXT].mean())
    yield f"for text {side:+.1f}: " + ", ".join(
        f"{state} {value:+.1f}" for state, value in zip(STATES, row - row.mean(), strict=True)
    )
    changed = f"lines mended {len(trial.mended)}, spoilt {len(trial.spoilt)}"
    yield f"gain {trial.gain:.1f} nats; {changed}"
    for word, lines in (("mended", trial.mended), ("spoilt", trial.spoilt)):
        yield from (f"  {word}: {line}" for line in lines[:_SHOWN])
    lacking = trial.lacking
    yield "It has support." if not lacking else "No support: " + "; ".join(lacking) + "."


def otherwise(new: Sequence[Path], weights: Weights) -> Iterator[str]:
    """Lines of the ``new`` text cases that the filter would file otherwise than they say."""
    for path in new:
        if path.suffix == ".json":
            continue
        wanted, text = expectations(path)
        lines = classify(split_merged(text_lines(text, 1)), NoiseSettings(), weights=weights)
        for line, (kind, verdict) in zip(lines, wanted, strict=True):
            if kind not in ("*", line.kind) or verdict not in ("*", line.verdict):
                as_filed = f"{line.kind} {line.verdict}, not {kind} {verdict}"
                yield f"  not as the case says: {path}: {line.raw}: {as_filed}"


def write_weights(weights: Weights) -> Path:
    """Write the table that ships, and its copy in ``docs/noise.md``; the path of the first."""
    target = resources_dir() / "fitted" / "noise.toml"
    write_atomic(target, as_toml(weights).encode())
    root = resources_dir().parent
    page, script = root / "docs" / "noise.md", root / "benchmarks" / "noise_table.py"
    made = subprocess.run([sys.executable, str(script)], capture_output=True, check=True).stdout
    table, text = made.decode("utf-8").strip(), page.read_text(encoding="utf-8")
    first = text.index("| rule | text? |")
    last = text.index("\n\n", text.index("| line above |"))
    write_atomic(page, (text[:first] + table + text[last:]).encode())
    return target
