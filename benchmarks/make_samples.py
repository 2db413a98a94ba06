"""Draw the facsimiles of ``scans/`` and their truth anew, from their fixed seed."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.facsimile import draw_facsimile

ROOT = Path(__file__).parents[1]
SAMPLES = {"light": 1, "medium": 2, "heavy": 3}
SEED = 1950


def main() -> int:
    """Write the three scans and their truths."""
    source = ROOT / "config" / "facsimile" / "roshchin.toml"
    for name, severity in SAMPLES.items():
        (made,) = draw_facsimile(source, severity, SEED)
        stem = f"roshchin-facsimile-{name}"
        scan = ROOT / "scans" / f"{stem}{made.suffix}"
        scan.write_bytes(made.data)
        truth = ROOT / "ground_truth" / stem
        Path(f"{truth}.gt.txt").write_text(made.body, encoding="utf-8")
        data = json.dumps(made.truth, ensure_ascii=False, indent=1)
        Path(f"{truth}.gt.json").write_text(data + "\n", encoding="utf-8")
        print(f"{scan.name}: severity {severity}, {len(made.data) // 1000} kB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
