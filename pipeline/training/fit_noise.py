"""Fit the weights of the noise filter and write ``config/fitted/noise.toml``.

``python -m pipeline.training fit-noise FOLDER [--real PAGES] [--dry]``. Fitted on the benchmark set
``dev``, read by our lines and by stock Tesseract (readings are kept in FOLDER), on keyed pages
(PAGES; ``keyed_labels.py`` says what their lines are), and on made-up garbled texts
(``garbled_texts.py``). The likelihood of the true kinds is made as large as it gets, less a
penalty on large weights; lines whose kind is not known count with all kinds. The sharpness comes
from five-fold cross-validation over pages of ``dev`` and documents of PAGES: the log-odds of
pages that a fit has not seen are divided by the number that makes them likeliest. Takes about two
minutes after reading.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from pipeline.config import load_settings
from pipeline.layout.split import split_merged
from pipeline.layout.text import text_lines
from pipeline.model import LineKind
from pipeline.noise.crf import STATES, TEXT, Array, Weights, marginals, text_log_odds
from pipeline.noise.rules import NAMES, RULES, gather
from pipeline.training.garbled_texts import garbled_texts
from pipeline.training.keyed_labels import allowed_states
from pipeline.training.line_labels import labels, own_lines, stock_lines, with_places
from pipeline.training.real_lines import document_of
from pipeline.training.set_pages import own_page, set_pages

TEXTS = 400
WEIGHT = 3
"""Pages that were drawn and read count so many times: made-up texts are only like them. Keyed pages
count once: they are nearly all prose, and would make body of what may be a signature."""

PENALTY = 2.0
STEPS = 700
"""More than the fit needs."""

_SHAPES = [(len(RULES), len(STATES)), *[(len(STATES),)] * 3, (len(STATES), len(STATES))]
"""Of the weights of rules, bias, first, last and after."""

_NEVER = -1e6


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One page: strengths ``(N, R)`` and the states that each line may be in, ``(N, S)``."""

    page: str
    strengths: Array
    allowed: NDArray[np.bool_]


@dataclass(kw_only=True)
class Batch:
    """Samples padded to one length: ``(B, T, R)``, ``(B, T, S)``, and lengths ``(B,)``."""

    strengths: Array
    allowed: NDArray[np.bool_]
    lengths: NDArray[np.int64]


def fit_noise(folder: Path, target: Path | None, real: Path | None = None) -> None:
    """Fit, print what was found, write the table to ``target`` (``None``: write nothing).

    Pages are drawn and read into ``folder`` where they are not yet. ``real``: a folder of keyed
    pages.
    """
    pages = dev_samples(folder) * WEIGHT
    if real is not None:
        pages += real_samples(real, folder)
    texts = text_samples(TEXTS, 1)
    print(f"{len(pages)} readings of pages, {len(texts)} texts, {len(RULES)} rules")
    sharpness = cross_validated(pages, texts)
    weights = replace(fit([*pages, *texts]), sharpness=sharpness)
    if target is not None:
        target.write_text(as_toml(weights), encoding="utf-8")
        print(f"written: {target}")


def dev_samples(folder: Path) -> list[Sample]:
    """Both readings of every page of ``dev``."""
    settings = load_settings()
    samples: list[Sample] = []
    for page in set_pages("dev", settings, folder):
        own, stock = own_lines(page), stock_lines(page)
        kinds = labels(own, page.truth.lines)
        samples.append(_sample(page.stem, gather(own, page.own.scan.height).strengths, kinds))
        kinds = labels(with_places(stock, page.stock_places), page.truth.lines)
        samples.append(_sample(page.stem, gather(stock, None).strengths, kinds))
    return samples


def real_samples(real: Path, folder: Path) -> list[Sample]:
    """The keyed pages in ``real``, named by their documents; readings are kept in ``folder``."""
    settings = load_settings()
    samples: list[Sample] = []
    for table in sorted(real.glob("*.gt.tsv")):
        page = table.name.removesuffix(".gt.tsv")
        path = next(x for x in sorted(real.glob(f"{page}.*")) if x != table)
        read = own_page(path, settings, folder / "readings")
        lines = split_merged(read.lines)
        rows = [row.split("\t", 1) for row in table.read_text("utf-8").split("\n") if "\t" in row]
        allowed = allowed_states(lines, [(tag, text) for tag, text in rows])
        strengths = gather(lines, read.scan.height).strengths
        samples.append(Sample(page=document_of(page), strengths=strengths, allowed=allowed))
    return samples


def text_samples(count: int, seed: int) -> list[Sample]:
    """Made-up garbled texts."""
    samples: list[Sample] = []
    for number, rows in enumerate(garbled_texts(count, seed)):
        lines = text_lines("\n".join(text for _, text in rows), 1)
        kinds: list[LineKind | None] = [kind for kind, text in rows if text.strip()]
        if lines:
            assert len(lines) == len(kinds)  # noqa: S101
            samples.append(_sample(f"text-{number}", gather(lines, None).strengths, kinds))
    return samples


def _sample(page: str, strengths: Array, kinds: Sequence[LineKind | None]) -> Sample:
    body = [i for i, kind in enumerate(kinds) if kind is LineKind.BODY]
    allowed = np.zeros((len(kinds), len(STATES)), bool)
    for i, kind in enumerate(kinds):
        if kind is None:
            allowed[i] = True
        else:
            allowed[i, STATES.index(_state(kind, i, body, kinds))] = True
    return Sample(page=page, strengths=strengths, allowed=allowed)


def _state(kind: LineKind, at: int, body: list[int], kinds: Sequence[LineKind | None]) -> str:
    if kind in (LineKind.STAMP, LineKind.HANDWRITING):
        return "noise"
    if kind is not LineKind.FORM:
        return str(kind)
    if body:
        return "head" if at < body[0] else "foot"
    marks = [i for i, k in enumerate(kinds) if k in (LineKind.ADDRESSEE, LineKind.TABLE)]
    return "head" if not marks or at < max(marks) else "foot"


def fit(samples: Sequence[Sample]) -> Weights:
    """The likeliest weights, less the penalty on large ones (L-BFGS on the whole batch)."""
    batch = batched(samples)

    def loss(flat: Array) -> tuple[float, Array]:
        score, slopes = gradients(batch, _parted(flat))
        return -score, -np.concatenate([slope.ravel() for slope in slopes])

    start = np.zeros(sum(map(math.prod, _SHAPES)))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    lines = int(batch.lengths.sum())
    print(f"fitted on {lines} lines: mean log-likelihood {-found.fun / lines:.4f}")
    rules, bias, first, last, after = _parted(found.x)
    return Weights(rules=rules, bias=bias, first=first, last=last, after=after, sharpness=1.0)


def _parted(flat: Array) -> list[Array]:
    """The weights of :data:`_SHAPES` out of one row."""
    ends = np.cumsum([math.prod(shape) for shape in _SHAPES])
    return [
        part.reshape(shape) for part, shape in zip(np.split(flat, ends[:-1]), _SHAPES, strict=True)
    ]


def batched(samples: Sequence[Sample]) -> Batch:
    """``samples`` (at least one) padded to the longest."""
    longest = max(len(s.strengths) for s in samples)
    strengths = np.zeros((len(samples), longest, len(RULES)))
    allowed = np.ones((len(samples), longest, len(STATES)), bool)
    for b, sample in enumerate(samples):
        strengths[b, : len(sample.strengths)] = sample.strengths
        allowed[b, : len(sample.allowed)] = sample.allowed
    lengths = np.array([len(s.strengths) for s in samples])
    return Batch(strengths=strengths, allowed=allowed, lengths=lengths)


def gradients(batch: Batch, values: Sequence[Array]) -> tuple[float, list[Array]]:
    """Log-likelihood less penalty, and its slope for each of ``values``."""
    rules, bias, *_ = values
    own = batch.strengths @ rules + bias
    barred = np.where(batch.allowed, own, _NEVER)
    known, seen = _expected(barred, batch.lengths, values)
    free, guessed = _expected(own, batch.lengths, values)
    slopes = [a - b for a, b in zip(seen(batch), guessed(batch), strict=True)]
    for k, value in enumerate(values):
        slopes[k] = slopes[k] - value / PENALTY
    penalty = sum(float((v**2).sum()) for v in values) / (2 * PENALTY)
    return float(known - free) - penalty, slopes


def _expected(own: Array, lengths: NDArray[np.int64], values: Sequence[Array]):  # type: ignore[no-untyped-def]
    """Log-sum over all ways, and a function that gives the expected counts."""
    _, _, first, last, after = values
    count, longest, states = own.shape
    step = np.exp(after)
    ahead, back = np.zeros_like(own), np.zeros_like(own)
    at_end = np.arange(longest)[None, :] == (lengths - 1)[:, None]
    inside = np.arange(longest)[None, :] < lengths[:, None]
    ahead[:, 0] = own[:, 0] + first
    for t in range(1, longest):
        ahead[:, t] = own[:, t] + _product(ahead[:, t - 1], step)
    for t in range(longest - 1, -1, -1):
        if t + 1 < longest:
            back[:, t] = _product(back[:, t + 1] + own[:, t + 1], step.T)
        back[:, t] = np.where(at_end[:, t, None], last, back[:, t])
    end = ahead[np.arange(count), lengths - 1] + last
    top = end.max(axis=1)
    total = np.log(np.exp(end - top[:, None]).sum(axis=1)) + top

    def counts(batch: Batch) -> list[Array]:
        chance = np.exp(ahead + back - total[:, None, None]) * inside[:, :, None]
        pairs = np.zeros((states, states))
        for t in range(1, longest):
            live = inside[:, t]
            left = ahead[live, t - 1] - total[live, None]
            right = own[live, t] + back[live, t]
            # Scaled so that neither factor overflows; each pair is a probability.
            shift = left.max(axis=1, keepdims=True)
            pairs += (np.exp(left - shift).T @ np.exp(right + shift)) * step
        rules = np.einsum("btr,bts->rs", batch.strengths, chance)
        ends = chance[np.arange(count), lengths - 1].sum(axis=0)
        return [rules, chance.sum(axis=(0, 1)), chance[:, 0].sum(axis=0), ends, pairs]

    return float(total.sum()), counts


def _product(logs: Array, step: Array) -> Array:
    top = logs.max(axis=1, keepdims=True)
    result: Array = np.log(np.exp(logs - top) @ step) + top
    return result


def cross_validated(pages: Sequence[Sample], texts: Sequence[Sample]) -> float:
    """The sharpness, from pages that were left out of the fit, a fifth at a time."""
    odds, truth = [], []
    names = sorted({sample.page for sample in pages})
    for fold in range(5):
        out = set(names[fold::5])
        inside = [s for s in pages if s.page not in out]
        weights = fit([*inside, *texts])
        for sample in (s for s in pages if s.page in out):
            chance = marginals(sample.strengths @ weights.rules + weights.bias, weights)
            text = (sample.allowed & TEXT).any(axis=1)
            sure = text != (sample.allowed & ~TEXT).any(axis=1)
            odds.append(text_log_odds(chance)[sure])
            truth.append(text[sure])
    found, wanted = np.concatenate(odds), np.concatenate(truth)
    scales = np.arange(1.0, 4.01, 0.05)
    losses = [_loss(found / scale, wanted) for scale in scales]
    best = float(scales[int(np.argmin(losses))])
    wrong = [int(((found < 0) & wanted).sum()), int(((found > 0) & ~wanted).sum())]
    print(f"left out: loss {losses[0]:.4f}, {min(losses):.4f} at sharpness {best:.2f}")
    print(f"of {len(found)} lines: text taken for other {wrong[0]}, other for text {wrong[1]}")
    print("threshold  text below it  other below it")
    for threshold in (0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6):
        below = found / best < np.log(threshold / (1 - threshold))
        shares = [
            float((below & (wanted == side)).sum() / (wanted == side).sum())
            for side in (True, False)
        ]
        print(f"{threshold:9.2f} {shares[0]:13.2%} {shares[1]:15.2%}")
    return round(best, 2)


def _loss(odds: Array, truth: NDArray[np.bool_]) -> float:
    return float(np.logaddexp(0.0, np.where(truth, -odds, odds)).mean())


def as_toml(weights: Weights) -> str:
    """The table as ``config/fitted/noise.toml`` has it."""
    docs = {rule.__name__: (rule.__doc__ or "").split("\n")[0].rstrip(".") for rule in RULES}
    rows = [
        _HEADER,
        f"sharpness = {weights.sharpness}\n",
        "# Of any line, of a page's first, and of its last line.",
    ]
    rows += [f"{name} = {_entry(getattr(weights, name))}" for name in ("bias", "first", "last")]
    rows.append("\n[weights]")
    for name, row in zip(NAMES, weights.rules, strict=True):
        rows += [f"# {docs[name]}.", f"{name} = {_entry(row)}"]
    rows.append("\n# What follows what: from the line above (the key) to the line itself.\n[after]")
    rows += [f"{s} = {_entry(row)}" for s, row in zip(STATES, weights.after, strict=True)]
    return "\n".join(rows) + "\n"


def _entry(row: Array) -> str:
    return "{ " + ", ".join(f"{s} = {v:.2f}" for s, v in zip(STATES, row, strict=True)) + " }"


_HEADER = """\
# Weights of the noise filter, in log-odds: what each rule's evidence adds to each part of a
# document that a line may belong to (strength 0 to 1, times the weight). Above zero speaks for
# that part. Fitted by `python -m pipeline.training fit-noise` on the benchmark set `dev`, on keyed
# pages and on made-up garbled texts; not meant to be set by hand. docs/noise.md says how to read
# them.

# What the log-odds of being text are divided by, so that they are as sure as they turn out right.
# Example: 1.5 makes 0.99 of 0.999."""
