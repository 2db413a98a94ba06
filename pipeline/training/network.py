"""The network: a small convolutional and recurrent one, for lines 48 pixels high.

The architecture follows Shi, Bai and Yao, An End-to-End Trainable Neural Network for Image-based
Sequence Recognition (2015), arXiv:1507.05717.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from pipeline.alphabet import ALPHABET
from pipeline.ocr.typewriter import HEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The network's size.

    ``channels`` of the four blocks; ``seen`` features a step, ``hidden`` cells of each LSTM and
    direction; ``signs`` without the blank.
    """

    channels: tuple[int, int, int, int] = (32, 64, 96, 144)
    seen: int = 160
    hidden: int = 192
    signs: int = len(ALPHABET)

    def as_json(self) -> dict[str, object]:
        """For the checkpoint."""
        return asdict(self)


class Recogniser(nn.Module):
    """Lines to signs. In: float32 ``(N, 1, 48, W)``, 0.0 paper to 1.0 ink, ``W`` divisible by 4.

    Out: float32 ``(N, W / 4, 1 + signs)``, logarithms of probabilities; index 0 is the blank.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        a, b, c, d = shape.channels
        self.features = nn.Sequential(
            *_block(1, a, (2, 2)),
            *_block(a, b, (2, 2)),
            *_block(b, c, (2, 1)),
            *_block(c, d, (2, 1)),
        )
        self.squeeze = nn.Linear(d * HEIGHT // 16, shape.seen)
        self.drop = nn.Dropout(0.1)
        self.along = nn.LSTM(
            shape.seen,
            shape.hidden,
            num_layers=2,
            bidirectional=True,
            batch_first=True,
            dropout=0.1,
        )
        self.out = nn.Linear(2 * shape.hidden, 1 + shape.signs)

    def forward(self, lines: Tensor) -> Tensor:
        """See the class."""
        seen = self.features(lines)
        columns = seen.permute(0, 3, 1, 2).flatten(2)
        steps = torch.relu(self.squeeze(columns))
        read, _ = self.along(self.drop(steps))
        return torch.log_softmax(self.out(self.drop(read)), dim=2)


def _block(inside: int, outside: int, pool: tuple[int, int]) -> list[nn.Module]:
    return [
        nn.Conv2d(inside, outside, 3, padding=1, bias=False),
        nn.BatchNorm2d(outside),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(pool),
    ]
