"""The trainer: CTC, AdamW on a cosine, checkpoints to go on from."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pipeline.errors import InputMissingError
from pipeline.ocr.typewriter import HEIGHT, STEP
from pipeline.store import make_folder, write_atomic
from pipeline.training.network import Recogniser, Shape
from pipeline.training.sources import Batches

_BEGUN_ON = 3
"""Batches by which the normalising layers are set where training begins with an earlier model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to train.

    ``updates`` in all, the first ``warm`` of them with a rising rate; ``rate`` at its highest;
    ``workers``: processes that make batches (0: none beside the trainer); ``half``: in half
    precision (bfloat16) on an accelerator (common processors only imitate it, many times
    slower); ``seconds``: a run that would take longer ends its cosine sooner (0: it does not).
    """

    updates: int = 6000
    warm: int = 200
    rate: float = 1.2e-3
    decay: float = 0.01
    seed: int = 1
    threads: int = 2
    workers: int = 0
    half: bool = True
    seconds: float = 0.0


def train(
    batches: Batches,
    recipe: Recipe,
    shape: Shape,
    folder: Path,
    said: Callable[[str], None],
    begin: Callable[[Recogniser, Tensor], None] | None = None,
) -> Recogniser:
    """The network after ``recipe.updates``; goes on from the checkpoint in ``folder``, if any.

    ``begin`` gives a new network its first weights; it gets ink to set normalising layers by.
    ``said`` gets a line of progress every 50 updates. The checkpoint, ``last.pt``, is written
    every 1000 updates and at the end.
    """
    began = time.monotonic()
    torch.set_num_threads(recipe.threads)
    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    half = recipe.half and device.type == "cuda"
    network = Recogniser(shape).to(device, memory_format=torch.channels_last)
    if begin is not None and not (folder / "last.pt").exists():
        begin(network, _ink_of(batches).to(device))
    optimiser = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    done = _resume(folder, network, optimiser)
    network.train()
    losses: list[Tensor] = []
    number = done
    for number, batch in enumerate(_loader(batches, recipe, done), start=done + 1):
        along = number / recipe.updates
        if recipe.seconds:
            along = max(along, (time.monotonic() - began) / recipe.seconds)
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate * _share(number, along, recipe)
        losses.append(_update(network, optimiser, batch, device, half=half))
        if number % 50 == 0:
            mean = float(torch.stack(losses[-50:]).mean())
            said(f"{number} updates, loss {mean:.4f}, {time.monotonic() - began:.0f} s")
        if number % 1000 == 0:
            keep(folder, network, optimiser, number)
        if along >= 1:
            break
    keep(folder, network, optimiser, number)
    return network.eval()


def _loader(batches: Batches, recipe: Recipe, done: int) -> Iterable[tuple[Tensor, Tensor, Tensor]]:
    return torch.utils.data.DataLoader(
        batches,
        batch_size=None,
        sampler=range(done, recipe.updates),
        num_workers=recipe.workers,
        prefetch_factor=4 if recipe.workers else None,
        persistent_workers=bool(recipe.workers),
    )


def _ink_of(batches: Batches) -> Tensor:
    """float32 ``(N, 1, 48, W)``: lines of the first batches."""
    inks = [torch.from_numpy(batches[number][0]) for number in range(_BEGUN_ON)]
    widest = min(600, max(ink.shape[2] for ink in inks))
    out = torch.zeros(sum(len(ink) for ink in inks), 1, HEIGHT, widest)
    first = 0
    for ink in inks:
        part = ink[:, :, :widest].float() / 255
        out[first : first + len(ink), 0, :, : part.shape[2]] = part
        first += len(ink)
    return out


def padded(lines: Sequence[NDArray[np.float32]]) -> Tensor:
    """Lines of ink ``(48, W)`` as one tensor ``(N, 1, 48, W)``, with paper on the right."""
    widest = max(line.shape[1] for line in lines)
    wide = -(-widest // STEP) * STEP
    out = np.zeros((len(lines), 1, HEIGHT, wide), np.float32)
    for place, line in enumerate(lines):
        out[place, 0, :, : line.shape[1]] = line
    return torch.from_numpy(out)


def _update(
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
    batch: tuple[Tensor, Tensor, Tensor],
    device: Any,
    *,
    half: bool,
) -> Tensor:
    ink, targets, lengths = batch
    lines = ink.to(device, non_blocking=True).float().div_(255).unsqueeze(1)
    optimiser.zero_grad(set_to_none=True)
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=half):
        read = network(lines.contiguous(memory_format=torch.channels_last))
    loss = loss_of(read.float(), targets.to(device), lengths)
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()
    return loss.detach()


def loss_of(read: Tensor, targets: Tensor, lengths: Tensor) -> Tensor:
    """The CTC loss a sign of a batch read as ``(N, T, signs)``; targets of all lines in a row."""
    count, steps, _ = read.shape
    long = torch.full((count,), steps, dtype=torch.long)
    summed = nn.functional.ctc_loss(
        read.transpose(0, 1), targets, long, lengths, reduction="sum", zero_infinity=True
    )
    return summed / max(1, int(lengths.sum()))


def _share(number: int, along: float, recipe: Recipe) -> float:
    """Share of the highest rate: up over ``warm`` updates, then half a cosine to 1 of a hundred."""
    rising = min(1.0, 0.05 + number / max(1, recipe.warm))
    return rising * float(0.5 * (1 + np.cos(np.pi * min(1.0, along))) * 0.99 + 0.01)


def _resume(folder: Path, network: nn.Module, optimiser: Any) -> int:
    path = folder / "last.pt"
    if not path.exists():
        return 0
    kept = torch.load(path, map_location="cpu", weights_only=True)
    network.load_state_dict(kept["network"])
    if kept["optimiser"]:
        optimiser.load_state_dict(kept["optimiser"])
    return int(kept["updates"])


def keep(folder: Path, network: Recogniser, optimiser: Any, number: int) -> None:
    """Write the checkpoint into ``folder``; without an optimiser it is only to be read with."""
    make_folder(folder)
    stream = io.BytesIO()
    torch.save(
        {
            "network": {k: v.cpu() for k, v in network.state_dict().items()},
            "optimiser": optimiser.state_dict() if optimiser else {},
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
