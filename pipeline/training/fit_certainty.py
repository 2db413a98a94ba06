"""Fit the certainty of words that one reader read and write ``config/fitted/certainty.toml``.

``python -m pipeline.training fit-certainty FOLDER [--real PAGES] [--dry]``. On the lines of the
benchmark set ``dev`` (drawn into FOLDER where it is not), which the recogniser has not learned
from, a word is right or wrong. The keyed pages of PAGES it has learned from, and is surer of them
than it would be of others; there the goal is not whether a word is right but the probability that
the vote's model gives it (``vote.toml``; fitted on networks that had left these documents out), so
that what was learned honestly of two readers is handed on to one. Lines whose pictures and texts do
not match are left out. Prints how well the fit is calibrated on every fourth page of ``dev``, which
it then has not seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.character_lm import CharacterLM
from pipeline.config import Settings, load_settings
from pipeline.evaluate.confidence import Confidence, calibration_error, confidence_of
from pipeline.ground_truth import find_truth
from pipeline.layout import find_lines
from pipeline.logit import sigmoid
from pipeline.model import LineKind, Reading
from pipeline.ocr import Engine, open_engine
from pipeline.ocr.certainty import ALONE_NAMES, facts_alone
from pipeline.ocr.ctc import LineRecognition
from pipeline.ocr.typewriter import Typewriter
from pipeline.ocr.vote import drafts, own_segment, segments_of, vote_model, word_evidence
from pipeline.preprocess import prepare
from pipeline.scans import open_scan
from pipeline.store import write_atomic
from pipeline.training.fit_vote import logistic, right_words
from pipeline.training.keyed import folded, typed
from pipeline.training.keyed_match import matches
from pipeline.training.set_pages import set_pictures

_ASIDE = 4
_DRAWN = frozenset({LineKind.STAMP, LineKind.HANDWRITING, LineKind.NOISE})
_NOT_KEYED = "W"


@dataclass(frozen=True, eq=False)
class ReadLine:
    """A line of one picture as both readers read it, and its true text."""

    page: str
    true: str
    own: LineRecognition
    other: Reading


def fit_certainty(folder: Path, real: Path | None, target: Path | None) -> None:
    """Fit, print what was found, write the table to ``target`` (``None``: write nothing)."""
    settings = load_settings()
    readers = Typewriter(settings.ocr), open_engine(settings.ocr)
    drawn: list[ReadLine] = []
    for path in set_pictures("dev", folder):
        truth = find_truth(path.stem, path.parent)
        lines = truth.lines if truth is not None else ()
        wanted = [x.text for x in lines if x.text and x.kind not in _DRAWN]
        drawn += read_lines(path, wanted, readers, settings)
    keyed: list[ReadLine] = []
    for table in sorted(real.glob("*.gt.tsv")) if real is not None else ():
        page = table.name.removesuffix(".gt.tsv")
        path = next(x for x in sorted(table.parent.glob(f"{page}.*")) if x != table)
        rows = [r.split("\t", 1) for r in table.read_text("utf-8").splitlines() if "\t" in r]
        wanted = [text for tag, text in rows if tag != _NOT_KEYED]
        keyed += read_lines(path, wanted, readers, settings)
    pages = sorted({line.page for line in drawn})
    aside = set(pages[::_ASIDE])
    weights = fit([x for x in drawn if x.page not in aside], keyed)
    said = calibration([x for x in drawn if x.page in aside], weights)
    print(f"{len(drawn)} drawn and {len(keyed)} keyed lines; on {len(aside)} pages left out:")
    print(f"calibration error {calibration_error(said) or 0:.2%}")
    if target is not None:
        write_atomic(target, as_toml(fit(drawn, keyed)).encode())
        print(f"written: {target}")


def read_lines(
    path: Path, wanted: Sequence[str], readers: tuple[Typewriter, Engine], settings: Settings
) -> Iterator[ReadLine]:
    """The lines of one cell on the page ``path`` that match one of the texts ``wanted``."""
    with open_scan(path, settings.input) as scan:
        loaded = scan.load(1)
    if loaded.pixels is None:
        return
    prepared = prepare(loaded.pixels, settings.preprocess, pixel_aspect=loaded.pixel_aspect)
    lines = find_lines(prepared, settings.layout).lines
    images = [line.images[0].pixels for line in lines if len(line.images) == 1]
    recognised, others = readers[0].recognize(images), readers[1].read_lines(images)
    texts = [typed(text) for text in wanted]
    own = [folded(x.decoded.text) for x in recognised]
    for number, place in matches([folded(text) for text in texts], own):
        yield ReadLine(path.stem, texts[number], recognised[place], others[place])


def fit(drawn: Sequence[ReadLine], keyed: Sequence[ReadLine]) -> tuple[float, ...]:
    """The weights by ``ALONE_NAMES``."""
    facts: list[tuple[float, ...]] = []
    goals: list[float] = []
    for line in drawn:
        texts, found = _facts(line)
        facts += found
        goals += map(float, right_words(texts, line.true))
    model, chars = vote_model(), CharacterLM.load()
    for line in keyed:
        voted = drafts(list(segments_of(line.own, line.other, chars, model)))
        texts, found = _facts(line)
        if [draft.text for draft in voted] == texts:
            facts += found
            goals += [model.probability_of(word_evidence(x, line.other, chars)) for x in voted]
    weights: list[float] = logistic(np.array(facts), np.array(goals), np.ones(len(goals))).tolist()
    return tuple(weights)


def calibration(lines: Sequence[ReadLine], weights: Sequence[float]) -> Confidence:
    """What the probabilities of the words of ``lines`` are worth."""
    total = Confidence()
    for line in lines:
        texts, found = _facts(line)
        sure = [sigmoid(sum(w * x for w, x in zip(weights, facts, strict=True))) for facts in found]
        total += confidence_of(line.true, list(zip(texts, sure, strict=True)))
    return total


def _facts(line: ReadLine) -> tuple[list[str], list[tuple[float, ...]]]:
    """The words of the recogniser's reading and the evidence on each."""
    own, chars = line.own.decoded, CharacterLM.load()
    found = drafts([own_segment(own, line.own.edges, 0, len(own.text))])
    facts = [facts_alone(word_evidence(draft, None, chars)) for draft in found]
    return [draft.text for draft in found], facts


def as_toml(weights: Sequence[float]) -> str:
    """The table as ``config/fitted/certainty.toml`` has it."""
    rows = [f"{name} = {weight:.4f}" for name, weight in zip(ALONE_NAMES, weights, strict=True)]
    return "\n".join((_HEADER, *rows)) + "\n"


_HEADER = """\
# How sure a word is that only the recogniser read, in log-odds of being right. Fitted by
# `python -m pipeline.training fit-certainty`; not meant to be set by hand. Example: `known = 1.3`
# makes the odds of a word that the lexicon has e^1.3 times those of one that it has not.

[alone]"""
