"""The trainer: batches, CTC, AdamW on a cosine, checkpoints to go on from."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pipeline.alphabet import ALPHABET, NUMBERS
from pipeline.errors import InputMissingError
from pipeline.ocr.typewriter import HEIGHT, STEP, to_ink
from pipeline.store import make_folder, write_atomic
from pipeline.training.augment import varied
from pipeline.training.network import Recogniser, Shape
from pipeline.training.pages import Sample

_SHORT = 330
"""Width in pixels of the lines that training begins with: CTC finds its feet on short ones."""

_MARGIN = 1.15
"""A line can become this much narrower when varied; its signs must still fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to train.

    ``lines`` a batch, ``updates`` in all, the first ``warm`` of them on short lines with a rising
    rate; ``rate`` at its highest; ``half``: in half precision (bfloat16) where that is faster;
    ``seed`` of batches and weights.
    """

    updates: int = 8000
    lines: int = 32
    warm: int = 1500
    rate: float = 1.5e-3
    decay: float = 0.01
    seed: int = 1
    threads: int = 2
    half: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """``ink`` float32 ``(N, 1, 48, W)``; ``targets`` int64, of all lines after each other."""

    ink: Tensor
    targets: Tensor
    lengths: Tensor


def train(
    pool: Sequence[Sample],
    recipe: Recipe,
    shape: Shape,
    folder: Path,
    said: Callable[[str], None],
) -> Recogniser:
    """The network after ``recipe.updates``; goes on from the checkpoint in ``folder``, if any.

    ``said`` gets a line of progress every 50 updates. The checkpoint, ``last.pt``, is written
    every 500 updates and at the end. One seed on one machine gives the same network.
    """
    torch.set_num_threads(recipe.threads)
    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = Recogniser(shape).to(device, memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda n: _share(n, recipe))
    done = _resume(folder, network, optimiser, schedule)
    usable = [x for x in pool if _fits(x)]
    network.train()
    began, losses = time.monotonic(), []
    for number, batch in enumerate(batches(usable, recipe, done), start=done + 1):
        losses.append(_update(network, optimiser, batch, device, half=recipe.half))
        schedule.step()
        if number % 50 == 0:
            mean = float(np.mean(losses[-50:]))
            said(f"{number} updates, loss {mean:.4f}, {time.monotonic() - began:.0f} s")
        if number % 500 == 0 or number == recipe.updates:
            _keep(folder, network, optimiser, schedule, number)
    return network.eval()


def batches(pool: Sequence[Sample], recipe: Recipe, done: int = 0) -> Iterator[Batch]:
    """The batches from number ``done`` to the last; lines of a batch are of about one width."""
    order = np.argsort([x.pixels.shape[1] for x in pool], kind="stable")
    widths = np.array([pool[i].pixels.shape[1] for i in order])
    short = max(int(np.searchsorted(widths, _SHORT)), min(len(pool), recipe.lines))
    for number in range(done, recipe.updates):
        rng = np.random.default_rng([recipe.seed, number])
        reach = short if number < recipe.warm else len(pool)
        # A window of lines of like width, so that little of a batch is padding.
        middle = int(rng.integers(reach))
        window = max(4 * recipe.lines, reach // 12)
        first = min(max(0, middle - window // 2), max(0, reach - window))
        chosen = order[rng.integers(first, min(reach, first + window), recipe.lines)]
        yield _batch([pool[i] for i in chosen], pool, rng)


def targets_of(text: str) -> list[int]:
    """The numbers of the signs of ``text``; 0 is the blank."""
    return [NUMBERS[sign] for sign in text]


def padded(lines: Sequence[NDArray[np.float32]]) -> Tensor:
    """Lines of ink ``(48, W)`` as one tensor ``(N, 1, 48, W)``, with paper on the right."""
    widest = max(line.shape[1] for line in lines)
    wide = -(-widest // STEP) * STEP
    out = np.zeros((len(lines), 1, HEIGHT, wide), np.float32)
    for place, line in enumerate(lines):
        out[place, 0, :, : line.shape[1]] = line
    return torch.from_numpy(out)


def _batch(chosen: Sequence[Sample], pool: Sequence[Sample], rng: np.random.Generator) -> Batch:
    ink = [varied(x.pixels, pool[int(rng.integers(len(pool)))].pixels, rng) for x in chosen]
    numbers = [targets_of(x.text) for x in chosen]
    return Batch(
        ink=padded(ink),
        targets=torch.tensor([n for line in numbers for n in line], dtype=torch.long),
        lengths=torch.tensor([len(line) for line in numbers], dtype=torch.long),
    )


def _update(
    network: nn.Module, optimiser: torch.optim.Optimizer, batch: Batch, device: Any, *, half: bool
) -> float:
    optimiser.zero_grad(set_to_none=True)
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=half):
        read = network(batch.ink.to(device, memory_format=torch.channels_last))
    loss = loss_of(read.float(), batch)
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()
    return float(loss.detach())


def loss_of(read: Tensor, batch: Batch) -> Tensor:
    """The CTC loss a sign of a batch read as ``(N, T, signs)``."""
    count, steps, _ = read.shape
    long = torch.full((count,), steps, dtype=torch.long)
    summed = nn.functional.ctc_loss(
        read.transpose(0, 1),
        batch.targets,
        long,
        batch.lengths,
        reduction="sum",
        zero_infinity=True,
    )
    return summed / max(1, int(batch.lengths.sum()))


def _fits(sample: Sample) -> bool:
    """Whether the steps of the line, made narrower, have room for its signs."""
    twins = sum(a == b for a, b in zip(sample.text, sample.text[1:], strict=False))
    return sample.pixels.shape[1] / STEP / _MARGIN >= len(sample.text) + twins + 1


def _share(number: int, recipe: Recipe) -> float:
    """Share of the highest rate at update ``number``: up over ``warm``, then half a cosine."""
    if number < recipe.warm:
        return min(1.0, 0.1 + number / (0.4 * recipe.warm))
    along = (number - recipe.warm) / max(1, recipe.updates - recipe.warm)
    return float(0.5 * (1 + np.cos(np.pi * min(1.0, along))) * 0.99 + 0.01)


def _resume(folder: Path, network: nn.Module, optimiser: Any, schedule: Any) -> int:
    path = folder / "last.pt"
    if not path.exists():
        return 0
    kept = torch.load(path, map_location="cpu", weights_only=True)
    network.load_state_dict(kept["network"])
    optimiser.load_state_dict(kept["optimiser"])
    schedule.load_state_dict(kept["schedule"])
    return int(kept["updates"])


def _keep(folder: Path, network: Recogniser, optimiser: Any, schedule: Any, number: int) -> None:
    make_folder(folder)
    stream = io.BytesIO()
    torch.save(
        {
            "network": network.state_dict(),
            "optimiser": optimiser.state_dict(),
            "schedule": schedule.state_dict(),
            "updates": number,
            "shape": network.shape.as_json(),
        },
        stream,
    )
    write_atomic(folder / "last.pt", stream.getvalue())


def load_network(folder: Path) -> tuple[Recogniser, int]:
    """The network of the checkpoint in ``folder``, and after how many updates it was kept.

    Raises:
        InputMissingError: there is none.

    """
    path = folder / "last.pt"
    if not path.exists():
        raise InputMissingError(path, "there is no checkpoint")
    kept = torch.load(path, map_location="cpu", weights_only=True)
    shape = {**kept["shape"], "channels": tuple(kept["shape"]["channels"])}
    network = Recogniser(Shape(**shape))
    network.load_state_dict(kept["network"])
    return network.eval(), int(kept["updates"])


def read_greedy(network: Recogniser, sample: Sample) -> str:
    """The likeliest sign of each step, repetitions and blanks taken out."""
    with torch.no_grad():
        best = network(padded([to_ink(sample.pixels)]))[0].argmax(1).numpy()
    kept = best[np.insert(best[1:] != best[:-1], 0, True)]
    return "".join(ALPHABET[i - 1] for i in kept if i)
