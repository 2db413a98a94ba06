"""``python -m pipeline.training``: draw lines, train, export; fit vote and noise filter."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from pipeline.character_lm import CHARACTERS
from pipeline.errors import DependencyMissingError, DepeshaError
from pipeline.ocr.typewriter import MODEL
from pipeline.resources.tables import resources_dir
from pipeline.store import write_atomic
from pipeline.training.corpus_counts import COUNTS, packed, read_counts, read_texts, shown
from pipeline.training.counts import build_character_lm
from pipeline.training.machines import missing_faces
from pipeline.training.misreadings import measure_misreadings
from pipeline.training.pool import make_pool, read_pool
from pipeline.word_trie import WORDS

CASES = Path(__file__).parents[2] / "tests" / "cases" / "noise"


def main(arguments: list[str] | None = None) -> int:
    """Run one step of the recipe; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.training", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    pool = steps.add_parser("pool", help="draw the lines to learn from")
    pool.add_argument("folder", type=Path)
    pool.add_argument("--corpus", type=Path, help="folder of period text (none: all is made up)")
    pool.add_argument("--pages", type=int, default=1600)
    pool.add_argument("--jobs", type=int, default=2)
    real = steps.add_parser("real", help="cut the lines of real sheets to learn from")
    real.add_argument("shared", type=Path, help="folder of real material, such as ../shared/real")
    real.add_argument("out", type=Path, help="where they are kept; no part of the project")
    train = steps.add_parser("train", help="train; goes on where it was stopped")
    train.add_argument("pool", type=Path)
    train.add_argument("folder", type=Path, help="where checkpoints are kept")
    train.add_argument("--begin", type=Path, default=MODEL, help="the model to begin with")
    train.add_argument("--real", type=Path, help="folder of real lines (none: drawn ones only)")
    train.add_argument("--leave", type=int, help="part of the real documents to leave out, 0 to 3")
    train.add_argument("--corpus", type=Path, help="folder of period text")
    train.add_argument("--sentences", type=Path, help="further sentences, .txt.xz")
    train.add_argument("--words", type=Path, help="word forms and counts, .tsv.xz")
    train.add_argument("--updates", type=int, default=6200)
    train.add_argument("--workers", type=int, default=2, help="processes that make batches")
    train.add_argument("--threads", type=int, default=2)
    ship = steps.add_parser("export", help="write the model that ships")
    ship.add_argument("folder", type=Path, help="where checkpoints are kept")
    ship.add_argument("--out", type=Path, default=MODEL)
    ship.add_argument("--version", default="2")
    chars = steps.add_parser("characters", help="count the character model that ships")
    chars.add_argument("corpus", type=Path, help="folder of period text")
    chars.add_argument("--newer", type=Path, help="folder of counts of newer text")
    chars.add_argument("--out", type=Path, default=CHARACTERS)
    _add_fits(steps)
    _add_corrector(steps)
    _add_counts(steps)
    options = parser.parse_args(arguments)
    try:
        return _STEPS[options.step](options) or 0
    except DepeshaError as error:
        print(error, file=sys.stderr)
        return int(error.exit_code)


def _add_fits(steps: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The steps that fit the weights of ``config/fitted/``."""
    noise = steps.add_parser("fit-noise", help="fit the weights of the noise filter that ship")
    noise.add_argument("folder", type=Path, help="where drawn and read pages are kept")
    noise.add_argument("--real", type=Path, help="folder of keyed pages")
    rule = steps.add_parser("try-rule", help="try a new rule of the noise filter, fit its weight")
    rule.add_argument("name", help="its function")
    rule.add_argument("case", type=Path, nargs="+", help="pages that show what it is for")
    rule.add_argument("--cases", type=Path, default=CASES, help="all known pages")
    rule.add_argument("--pages", type=Path, help="folder where `fit-noise` keeps what was read")
    rule.add_argument("--write", action="store_true", help="write its weight, if it has support")
    vote = steps.add_parser("fit-vote", help="fit the weights of the vote that ship")
    vote.add_argument("folder", type=Path, help="where drawn and read lines are kept")
    vote.add_argument("--pages", type=int, default=120)
    vote.add_argument("--real", type=Path, help="folder of real lines")
    vote.add_argument("--left-out", type=Path, help="folder of networks 0.onnx to 3.onnx")
    sure = steps.add_parser("fit-certainty", help="fit the certainty of words of one reader")
    sure.add_argument("folder", type=Path, help="where drawn pages are kept")
    sure.add_argument("--real", type=Path, help="folder of keyed pages")
    form = steps.add_parser("fit-fields", help="fit the probabilities of the form's fields")
    form.add_argument("folder", type=Path, help="where drawn and read pages are kept")
    form.add_argument("--pages", type=int, default=80)
    for fitted in (noise, vote, sure, form):
        fitted.add_argument("--dry", action="store_true", help="print what is found, write nothing")


_CORRECTOR = (
    "word-trie",
    "agreement",
    "fit-channel",
    "read-small",
    "fit-corrector",
    "fit-raw-text",
)
"""The steps that make what the corrector knows."""


def _add_counts(steps: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The steps that make the counts of ``config/fitted/``, and the one that shows them."""
    for name in COUNTS:
        step = steps.add_parser(f"count-{name}", help=f"count the {name} of a corpus")
        step.add_argument("corpus", type=Path, help="tar of period text")
        step.add_argument("--out", type=Path, help="default: the file that ships")
    misread = steps.add_parser("misreadings", help="measure how often letters are misread")
    misread.add_argument("--pages", type=int, default=200)
    misread.add_argument("--keep", type=Path, help="where the lines are kept; read if there")
    misread.add_argument("--out", type=Path, help="default: the file that ships")
    show = steps.add_parser("show", help="print the counts that ship as text")
    show.add_argument("counts", choices=COUNTS)


def _add_corrector(steps: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The steps that make what the corrector of other engines' text knows."""
    tree = steps.add_parser("word-trie", help="count the words of the corrector")
    tree.add_argument("corpus", type=Path, help="tar of period text")
    tree.add_argument("newer", type=Path, help="counted word forms of newer prose")
    tree.add_argument("--out", type=Path, default=WORDS)
    for name, text in (
        ("fit-channel", "what engines read for true letters"),
        ("fit-corrector", "when a change is right"),
        ("fit-raw-text", "whether a line of another engine's text is Russian"),
    ):
        step = steps.add_parser(name, help=f"fit {text}")
        step.add_argument("real", type=Path, help="folder of keyed pages and raw texts of them")
        if name == "fit-corrector":
            step.add_argument("clean", type=Path, help="clean sentences, one a line, .xz")
            step.add_argument("small", type=Path, help="texts that read-small has read")
    small = steps.add_parser("read-small", help="read keyed pages shrunk, with Tesseract")
    small.add_argument("real", type=Path, help="folder of keyed pages and raw texts of them")
    small.add_argument("folder", type=Path, help="where the texts go")
    agree = steps.add_parser("agreement", help="count how classes of words go together")
    agree.add_argument("corpus", type=Path, help="tar of period text")
    agree.add_argument("sentences", type=Path, help="newer sentences, one a line, .xz")


def _corrector(options: argparse.Namespace) -> None:
    from pipeline.training import (
        agreement,
        fit_channel,
        fit_corrector,
        fit_raw_text,
        misread_pages,
        word_trie,
    )

    folder = resources_dir() / "fitted"
    if options.step == "word-trie":
        print(word_trie.build_word_trie(options.corpus, options.newer, options.out))
    elif options.step == "fit-channel":
        print(fit_channel.make(options.real, folder / "channel.msgpack"))
    elif options.step == "fit-corrector":
        target = folder / "corrector.toml"
        print(fit_corrector.make(options.real, options.clean, options.small, target))
    elif options.step == "read-small":
        print(misread_pages.read_small(options.real, options.folder))
    elif options.step == "agreement":
        target = folder / "agreement.msgpack"
        print(agreement.make(options.corpus, options.sentences, target))
    else:
        print(fit_raw_text.make(options.real, folder / "raw_text.toml"))


def _pool(options: argparse.Namespace) -> None:
    for file in missing_faces():
        print(f"{file} is not installed: no line is typed in it", file=sys.stderr)
    made = make_pool(options.folder, options.corpus, options.pages, jobs=options.jobs)
    print(f"{len(made)} shards in {options.folder}")


def _real(options: argparse.Namespace) -> None:
    from pipeline.training.recipe import cut_real

    keyed, agreed = cut_real(options.shared, options.out)
    print(f"{keyed} keyed lines and {agreed} on which two readings agree, in {options.out}")


def _characters(options: argparse.Namespace) -> None:
    print(build_character_lm(options.corpus, options.out, newer=options.newer))


def _need_scipy() -> None:
    if find_spec("scipy") is None:
        raise DependencyMissingError("SciPy", "is needed to fit weights: pip install scipy")


def _fit_noise(options: argparse.Namespace) -> None:
    _need_scipy()
    from pipeline.training.fit_noise import fit_noise

    target = None if options.dry else resources_dir() / "fitted/noise.toml"
    fit_noise(options.folder, target, options.real)


def _try_rule(options: argparse.Namespace) -> int:
    _need_scipy()
    from pipeline.training.noise_rule import evidence, otherwise, told, try_rule, write_weights

    trial = try_rule(options.name, list(evidence(options.case, options.cases, options.pages)))
    for line in (*otherwise(options.case, trial.weights), *told(options.name, trial)):
        print(line)
    if trial.lacking:
        return 1
    if options.write:
        print(f"written: {write_weights(trial.weights)}, docs/noise.md")
    return 0


def _fit_vote(options: argparse.Namespace) -> None:
    _need_scipy()
    from pipeline.training.fit_vote import fit_vote

    target = None if options.dry else resources_dir() / "fitted/vote.toml"
    real = (options.real, options.left_out) if options.real and options.left_out else None
    fit_vote(options.folder, options.pages, target, real)


def _fit_certainty(options: argparse.Namespace) -> None:
    _need_scipy()
    from pipeline.training.fit_certainty import fit_certainty

    target = None if options.dry else resources_dir() / "fitted/certainty.toml"
    fit_certainty(options.folder, options.real, target)


def _fit_fields(options: argparse.Namespace) -> None:
    _need_scipy()
    from pipeline.training.fit_fields import fit_fields

    target = None if options.dry else resources_dir() / "fitted/fields.toml"
    fit_fields(options.folder, options.pages, target)


def _count(options: argparse.Namespace) -> None:
    counts = COUNTS[options.step.removeprefix("count-")]
    out = options.out or resources_dir() / counts.file
    write_atomic(out, packed(counts.made(read_texts(options.corpus))))
    print(out)


def _measure(options: argparse.Namespace) -> None:
    out = options.out or resources_dir() / "fitted/misreadings.toml"
    print(measure_misreadings(out, options.pages, options.keep))


def _show(options: argparse.Namespace) -> None:
    for line in shown(read_counts(options.counts)):
        print(line)


def _with_torch(options: argparse.Namespace) -> None:
    try:
        import torch
    except ImportError as error:
        raise DependencyMissingError("PyTorch", "is the extra `train` of depesha") from error
    del torch
    from pipeline.training.begin import begin_from
    from pipeline.training.export import export
    from pipeline.training.network import Shape
    from pipeline.training.recipe import Folders, batches_of
    from pipeline.training.trainer import Recipe, load_network, train

    if options.step == "export":
        network, updates = load_network(options.folder)
        digest = export(network, options.out, updates=updates, version=options.version)
        print(f"{options.out}: {updates} updates, SHA-256 {digest}")
        return
    folders = Folders(
        begin=options.begin,
        real=options.real,
        corpus=options.corpus,
        sentences=options.sentences,
        words=options.words,
    )
    drawn = read_pool(options.pool)
    batches = batches_of(
        folders, drawn, options.updates, leave=options.leave, jobs=options.workers + 1
    )
    recipe = Recipe(updates=options.updates, threads=options.threads, workers=options.workers)
    train(batches, recipe, Shape(), options.folder, _said, partial(begin_from, options.begin))


def _said(line: str) -> None:
    print(line, flush=True)


_STEPS: dict[str, Callable[[argparse.Namespace], int | None]] = {
    "pool": _pool,
    "real": _real,
    "train": _with_torch,
    "export": _with_torch,
    "characters": _characters,
    "fit-noise": _fit_noise,
    "try-rule": _try_rule,
    "fit-vote": _fit_vote,
    "fit-certainty": _fit_certainty,
    "fit-fields": _fit_fields,
    "count-words": _count,
    "count-letters": _count,
    "misreadings": _measure,
    **dict.fromkeys(_CORRECTOR, _corrector),
    "show": _show,
}

if __name__ == "__main__":
    sys.exit(main())
