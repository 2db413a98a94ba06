"""From evidence to a probability, a verdict and a kind for every line of a page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import regex

from pipeline.config import NoiseSettings, table
from pipeline.errors import ConfigError
from pipeline.model import Line, LineKind, Reason, Verdict
from pipeline.noise.features import Features
from pipeline.noise.kinds import find_zones, kind_of
from pipeline.noise.rules import RULES, Neighbours


def judge(lines: Sequence[Line], settings: NoiseSettings) -> tuple[Line, ...]:
    """The lines of one page with kind, verdict, reasons and probability of true text.

    No line is lost and none is reordered. Lines that match ``force_keep`` or
    ``force_drop`` say so as their first reason.

    Raises:
        ConfigError: a force pattern is not a regular expression.

    """
    page = [Features(line) for line in lines]
    zones = find_zones(page)
    keep, drop = (_patterns(settings, key) for key in ("force_keep", "force_drop"))
    judged: list[Line] = []
    for index, features in enumerate(page):
        near = Neighbours(
            above=page[index - 1] if index else None,
            below=page[index + 1] if index + 1 < len(page) else None,
            in_form_head=zones.has_form and index < zones.first,
            inside_text=zones.first <= index <= zones.last + 1,
        )
        reasons = _reasons(features, near)
        probability = _probability(reasons)
        kind = kind_of(index, page, zones, probability)
        verdict = _verdict(kind, probability, settings)
        forced = _forced(features.line.raw, keep, drop)
        if forced is not None:
            verdict, reason = forced
            reasons = (reason, *reasons)
            kind = _forced_kind(kind, verdict)
        judged.append(
            replace(
                features.line,
                kind=kind,
                verdict=verdict,
                reasons=reasons,
                confidence=round(probability, 4),
            )
        )
    return tuple(judged)


def _reasons(features: Features, near: Neighbours) -> tuple[Reason, ...]:
    weights = table("noise")["weights"]
    found: list[Reason] = []
    for rule in RULES:
        finding = rule(features, near)
        if finding is not None:
            strength, evidence = finding
            name = rule.__name__
            weight = round(min(1.0, strength) * weights[name], 3)
            found.append(Reason(rule=name.replace("_", "-"), evidence=evidence, weight=weight))
    return tuple(sorted(found, key=lambda r: -abs(r.weight)))


def _probability(reasons: Sequence[Reason]) -> float:
    total = float(table("noise")["bias"]) + sum(r.weight for r in reasons)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def _verdict(kind: LineKind, probability: float, settings: NoiseSettings) -> Verdict:
    if kind is LineKind.PAGE_NUMBER or probability >= settings.keep_at:
        return Verdict.KEEP
    return Verdict.DROP if probability < settings.drop_at else Verdict.UNSURE


def _patterns(settings: NoiseSettings, key: str) -> tuple[regex.Pattern[str], ...]:
    try:
        return tuple(regex.compile(p) for p in getattr(settings, key))
    except regex.error as error:
        raise ConfigError(f"noise.{key}", f"is not a regular expression: {error}") from error


def _forced(
    raw: str, keep: Sequence[regex.Pattern[str]], drop: Sequence[regex.Pattern[str]]
) -> tuple[Verdict, Reason] | None:
    for verdict, patterns, weight in ((Verdict.KEEP, keep, 30.0), (Verdict.DROP, drop, -30.0)):
        for pattern in patterns:
            if pattern.search(raw, timeout=1.0):
                evidence = f"settings force {verdict}: {pattern.pattern}"
                return verdict, Reason(rule=f"force-{verdict}", evidence=evidence, weight=weight)
    return None


def _forced_kind(kind: LineKind, verdict: Verdict) -> LineKind:
    if verdict is Verdict.KEEP and kind in (LineKind.NOISE, LineKind.TABLE):
        return LineKind.BODY
    return kind
