"""How large the program is, and how much of it is cut small or said twice.

Usage: ``python benchmarks/code_size.py [FOLDER ...] [--list]``; without folders: ``pipeline/``.
Printed per folder (say, of two checkouts):

- files, their lines, lines of code (without blank lines, comments, docstrings and imports), and
  lines of the median file and the longest;
- private functions and methods (``_name``), and how many of them their file names only once;
- copies: pairs of stretches of six or more lines of code that are equal; and that are equal but
  for names, numbers and texts, where no two of the first six are alike themselves (so that tables
  are none). ``--list`` names the places of both.
"""

from __future__ import annotations

import argparse
import ast
import io
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from keyword import iskeyword
from pathlib import Path
from statistics import median

SHORTEST = 6
"""Lines of code from which two equal stretches are copies."""

_FREE = (tokenize.NAME, tokenize.NUMBER, tokenize.STRING)
_SILENT = (
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENDMARKER,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One line of code: its number, its tokens, and these without names, numbers and texts."""

    number: int
    tokens: str
    shape: str


@dataclass(frozen=True, slots=True)
class Source:
    """One file: all its lines are counted in ``lines``; ``uses`` by private function."""

    path: Path
    lines: int
    rows: tuple[Row, ...]
    uses: dict[str, int]


@dataclass(frozen=True, slots=True)
class Copy:
    """Two stretches of ``size`` equal lines: file and number of the first line of each."""

    first: tuple[Path, int]
    second: tuple[Path, int]
    size: int


def main() -> int:
    """Print the figures of each folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    root = Path(__file__).parents[1]
    parser.add_argument("folders", nargs="*", type=Path, default=[root / "pipeline"])
    parser.add_argument("--list", action="store_true", help="name the copies")
    options = parser.parse_args()
    for folder in options.folders:
        sources = [read(path) for path in sorted(folder.rglob("*.py"))]
        if not sources:
            print(f"{folder}: no Python files")
            continue
        print_figures(folder, sources)
        for copy in _listed(sources) if options.list else ():
            (path, line), (other, other_line) = copy.first, copy.second
            print(f"  {copy.size:3} lines: {path}:{line} and {other}:{other_line}")
    return 0


def read(path: Path) -> Source:
    """What is counted of the file at ``path``."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    return Source(path, len(text.splitlines()), tuple(_rows(text, tree)), _uses(tree))


def print_figures(folder: Path, sources: Sequence[Source]) -> None:
    """Print the figures of ``sources``."""
    lengths = [source.lines for source in sources]
    uses = [count for source in sources for count in source.uses.values()]
    once = sum(count == 1 for count in uses)
    print(f"{folder}")
    print(f"  files                      {len(sources):6}")
    print(f"  lines                      {sum(lengths):6}")
    print(f"  lines of code              {sum(len(source.rows) for source in sources):6}")
    print(f"  median file                {median(lengths):6g}")
    print(f"  longest file               {max(lengths):6}")
    print(f"  private functions          {len(uses):6}")
    print(f"  of them named only once    {once:6} ({once / max(1, len(uses)):.1%})")
    print(f"  copies                     {len(copies(sources)):6}")
    print(f"  copies but for names       {len(copies(sources, shapes=True)):6}")


def copies(sources: Sequence[Source], *, shapes: bool = False) -> list[Copy]:
    """The pairs of equal stretches, each as long as it gets; overlapping ones are none."""
    texts = [[row.shape if shapes else row.tokens for row in x.rows] for x in sources]
    windows: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for file, rows in enumerate(texts):
        for at in range(len(rows) - SHORTEST + 1):
            window = tuple(rows[at : at + SHORTEST])
            if not shapes or len(set(window)) == SHORTEST:
                windows[window].append((file, at))
    found: list[Copy] = []
    for places in windows.values():
        for (file, at), (other, there) in combinations(places, 2):
            mine, its = texts[file], texts[other]
            if (file == other and there - at < SHORTEST) or (
                at and there and mine[at - 1] == its[there - 1]
            ):
                continue
            size = 0
            while (
                at + size < len(mine)
                and there + size < len(its)
                and (mine[at + size] == its[there + size])
            ):
                size += 1
            found.append(Copy(_at(sources[file], at), _at(sources[other], there), size))
    return sorted(found, key=lambda copy: (-copy.size, copy.first))


def _listed(sources: Sequence[Source]) -> list[Copy]:
    return copies(sources) + copies(sources, shapes=True)


def _at(source: Source, at: int) -> tuple[Path, int]:
    return source.path, source.rows[at].number


def _rows(text: str, tree: ast.Module) -> Iterator[Row]:
    """The lines of code of a file; those of imports are none."""
    silent = _silent_lines(tree)
    parts: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _SILENT and token.start[0] not in silent:
            free = token.type in _FREE and not iskeyword(token.string)
            parts[token.start[0]].append((token.string, "_" if free else token.string))
    for number, tokens in sorted(parts.items()):
        own, shape = (" ".join(x) for x in zip(*tokens, strict=True))
        yield Row(number, own, shape)


def _silent_lines(tree: ast.Module) -> set[int]:
    """Lines of imports and of docstrings, those of variables among them."""
    return {
        number
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        or (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        )
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def _uses(tree: ast.Module) -> dict[str, int]:
    """How often each private function or method is named in its file, its definition aside."""
    private = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("_")
        and not node.name.endswith("__")
    }
    named = Counter(
        node.id if isinstance(node, ast.Name) else node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
    )
    return {name: named[name] for name in private}


if __name__ == "__main__":
    raise SystemExit(main())
