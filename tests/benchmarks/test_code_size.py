"""What counts as code, as used once, and as a copy."""

from __future__ import annotations

from pathlib import Path

from code_size import copies, read

BODY = """    total = 0
    for value in values:
        if value > 3:
            total += value
    print(total)
    while total:
        total -= 1
    return total
"""
ONE = (
    f'"""Texts."""\n\nimport os\n\n\ndef _sum(values):\n    """Adds."""\n{BODY}\n\nX = _sum([1])\n'
)
OTHER = BODY.replace("total", "amount").replace("3", "4")


def test_lines_of_code_and_uses(tmp_path: Path) -> None:
    path = tmp_path / "one.py"
    path.write_text(ONE + "# a comment\n", encoding="utf-8")
    found = read(path)
    assert found.lines == 19
    assert len(found.rows) == 10  # def, its eight lines, X
    assert found.uses == {"_sum": 1}


def test_copies_are_found_once_and_whole(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("one.py", "two.py", "three.py")]
    texts = (ONE, ONE.replace("import os", "import sys"), f"def other(values):\n{OTHER}")
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    sources = [read(path) for path in paths]
    (same,) = copies(sources)
    assert (same.size, same.first, same.second) == (10, (paths[0], 6), (paths[1], 6))
    alike = copies(sources, shapes=True)
    assert sorted(x.size for x in alike) == [9, 9, 10]
