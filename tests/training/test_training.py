"""The recipe at small scale: lines are drawn, a few updates lower the loss, the export agrees."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from pipeline.alphabet import ALPHABET
from pipeline.config import Settings
from pipeline.errors import InputMissingError
from pipeline.ocr.typewriter import HEIGHT
from pipeline.resources import facsimile as data
from pipeline.training import pool
from pipeline.training.augment import varied
from pipeline.training.line_texts import Texts
from pipeline.training.machines import missing_faces
from pipeline.training.pages import Sample, samples
from pipeline.training.pool import make_pool, read_pool
from pipeline.training.sources import Batches, Source
from pipeline.training.texts import passage, read_corpus, typeable

PARAGRAPH = "Товарищ Иванов сообщил, что договор о поставке хлеба и угля подписан."


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Sample]:
    folder = tmp_path_factory.mktemp("pool")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "PAGES_A_SHARD", 3)
        first = make_pool(folder, None, 6)
        changed = [path.stat().st_mtime_ns for path in first]
        assert make_pool(folder, None, 6) == first
    assert [path.stat().st_mtime_ns for path in first] == changed  # drawn once
    return read_pool(folder)


def test_drawn_lines_have_their_text(lines: Sequence[Sample]) -> None:
    assert len(lines) > 40
    assert all(line.pixels.shape[0] == HEIGHT for line in lines)
    assert all(set(line.text) <= set(ALPHABET) for line in lines)
    # A letter takes some room: no line has another's text.
    assert all(line.pixels.shape[1] >= 5 * len(line.text) for line in lines)


def test_a_page_is_the_same_for_the_same_seed() -> None:
    first, second = (list(samples(7, (PARAGRAPH,), Settings())) for _ in range(2))
    assert [x.text for x in first] == [x.text for x in second]
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(first, second, strict=True))


def test_held_out_faces_are_none_of_those_learned_from() -> None:
    groups = data.training()
    learned = {face.file for face in groups.faces}
    assert not learned & {face.file for face in groups.held_out}
    files = {x.name: x.file for x in data.facsimile().typewriters}
    assert not learned & {files[name] for name in data.sets().sets["test"].faces}
    assert not set(groups.letters) & {face.file for face in groups.held_out}
    assert not set(groups.letters) & {files[name] for name in data.sets().sets["test"].faces}
    known = {face.file for face in (*groups.faces, *groups.held_out)} | set(groups.letters)
    assert set(missing_faces()) <= known


def test_a_line_varied_keeps_its_height_and_its_range(lines: Sequence[Sample]) -> None:
    for seed in range(40):
        rng = np.random.default_rng(seed)
        ink = varied(lines[seed].pixels, lines[seed + 1].pixels, rng)
        assert ink.dtype == np.float32
        assert ink.shape[0] == HEIGHT
        assert 0.0 <= ink.min() <= ink.max() <= 1.0


def test_the_corpus_is_typed_with_signs_of_typewriters(tmp_path: Path) -> None:
    (tmp_path / "one").write_text(f"Volume: 1\n\n{PARAGRAPH} – «да»\nshort\n", encoding="utf-8")
    (text,) = read_corpus(tmp_path)
    assert text == f"{PARAGRAPH} - «да»"
    assert typeable("nothing here is in Russian, it is left out") == ""
    rng = np.random.default_rng(3)
    assert all(passage((), rng) for _ in range(50))


def test_an_empty_corpus_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(InputMissingError, match=str(tmp_path.name)):
        read_corpus(tmp_path)


def test_a_few_updates_lower_the_loss_and_the_export_agrees(
    lines: Sequence[Sample], tmp_path: Path
) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed (the extra `train`)")
    pytest.importorskip("onnx", reason="ONNX is not installed (the extra `train`)")
    import torch  # noqa: PLC0415

    from pipeline.training.begin import begin_from  # noqa: PLC0415
    from pipeline.training.export import export, run_onnx  # noqa: PLC0415
    from pipeline.training.network import Recogniser, Shape  # noqa: PLC0415
    from pipeline.training.trainer import (  # noqa: PLC0415
        Recipe,
        load_network,
        loss_of,
        padded,
        train,
    )

    shape = Shape(channels=(4, 6, 8, 8), seen=16, hidden=16)
    recipe = Recipe(updates=24, warm=4, rate=5e-3, half=False, threads=1)
    short = [x for x in lines if 0 < len(x.text) <= 30]
    batches = Batches(
        keyed=None, agreed=None, drawn=Source.of(short), machines=(), drawn_machines=(),
        texts=Texts(), updates=recipe.updates, columns=2000,
    )  # fmt: skip
    ink, targets, lengths = (torch.from_numpy(x) for x in batches[0])
    picture = ink.float().div(255).unsqueeze(1)

    def loss(network: Recogniser) -> float:
        return float(loss_of(network(picture), targets, lengths).detach())

    before = loss(Recogniser(shape).eval())
    said: list[str] = []
    network = train(batches, recipe, shape, tmp_path, said.append)
    assert loss(network) < before

    kept, updates = load_network(tmp_path)
    assert updates == recipe.updates
    again = train(batches, recipe, shape, tmp_path, said.append)  # nothing is left to do
    some = padded([varied(x.pixels, x.pixels, np.random.default_rng(1)) for x in short[:3]])
    expected = network(some).detach().numpy()
    np.testing.assert_array_equal(again(some).detach().numpy(), expected)

    for eight_bits, near in ((False, 1e-4), (True, 0.2)):
        model = tmp_path / f"small-{eight_bits}.onnx"
        digest = export(kept, model, updates=updates, version="test", eight_bits=eight_bits)
        assert len(digest) == 64
        np.testing.assert_allclose(run_onnx(model, some.numpy()), expected, atol=near)

        # A larger network begins where a smaller one ended.
        wide = Recogniser(Shape(channels=(6, 8, 10, 12), seen=24, hidden=20))
        begin_from(model, wide, picture)
        np.testing.assert_allclose(wide.eval()(some).detach().numpy(), expected, atol=near + 1e-2)
