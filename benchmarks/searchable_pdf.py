"""How much of the transcript readers of PDF find in exported PDFs, in order; and their size.

    python benchmarks/searchable_pdf.py RESULTS EXPORTS

RESULTS is a folder of ``depesha run``, EXPORTS what ``depesha export RESULTS --to pdf --out
EXPORTS`` made. Readers: PDFium (always there), and pdftotext (Poppler) and mutool (MuPDF) where
they are installed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from rapidfuzz.distance import LCSseq

from pipeline.config import Settings
from pipeline.model import Layer
from pipeline.store import is_failure, load_stored, result_folders
from pipeline.transcript import render


def with_pdfium(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def with_poppler(path: Path) -> str:
    return run(["pdftotext", "-enc", "UTF-8", str(path), "-"])


def with_poppler_raw(path: Path) -> str:
    return run(["pdftotext", "-raw", "-enc", "UTF-8", str(path), "-"])


def with_mupdf(path: Path) -> str:
    return run(["mutool", "draw", "-q", "-F", "txt", str(path)])


def run(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


READERS: dict[str, tuple[str | None, Callable[[Path], str]]] = {
    "PDFium": (None, with_pdfium),
    "Poppler": ("pdftotext", with_poppler),
    "Poppler -raw": ("pdftotext", with_poppler_raw),
    "MuPDF": ("mutool", with_mupdf),
}


def shares(results: Path, exports: Path) -> None:
    """Print, for each reader, the share of the transcripts' words that it gives, in order."""
    found = {
        name: [0, 0, 0] for name, (tool, _) in READERS.items() if not tool or shutil.which(tool)
    }
    words = pages = 0
    sizes: list[float] = []
    for folder in result_folders(results):
        if is_failure(folder):
            continue
        stored = load_stored(folder)
        path = exports / "pdf" / (folder.relative_to(results).as_posix() + ".pdf")
        if not path.is_file():
            continue
        wanted = render(stored.document, Layer.READING, Settings().output.kinds).split()
        words += len(wanted)
        pages += len(stored.document.pages)
        scan = Path(stored.run.source)
        if scan.is_file():
            sizes.append(path.stat().st_size / scan.stat().st_size - 1)
        for name, counts in found.items():
            got = READERS[name][1](path).split()
            same = LCSseq.similarity(wanted, got)
            counts[0] += same
            counts[1] += len(got) - same
            counts[2] += got == wanted
            if same < len(wanted):
                print(f"  {path.name}: {name} {same} of {len(wanted)} words in order")
    print(f"{len(sizes)} documents, {pages} pages, {words} words")
    for name, (same, more, whole) in found.items():
        print(f"{name}: {same / words:.4%} of the words in order, {more} more, {whole} equal")
    if sizes:
        sizes.sort()
        over = sum(size > 0.05 for size in sizes)
        print(
            f"size against the scan: median {sizes[len(sizes) // 2]:+.1%}, "
            f"most {sizes[-1]:+.1%}, least {sizes[0]:+.1%}; over 5 %: {over}"
        )


if __name__ == "__main__":
    shares(Path(sys.argv[1]), Path(sys.argv[2]))
