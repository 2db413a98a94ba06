"""Power cuts: what the ledger calls finished is on the disk, in whatever order the disk writes.

The disk is modelled: contents count as written by fsync of the file, names by fsync of their
folder; everything else is lost.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from batch_helpers import HERE, put, run, statuses
from msgspec.structs import replace

from pipeline.batch.ledger import LEDGER_FILE, Ledger
from pipeline.store import load_stored
from pipeline.transcript import TEXT_FILES


class Disk:
    """What would be there after a power cut: contents by inode, names by folder's inode."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.contents: dict[int, bytes] = {}
        self.names: dict[int, dict[str, int]] = {}
        sync = os.fsync

        def fsync(handle: int) -> None:
            sync(handle)
            path = Path(f"/proc/self/fd/{handle}").resolve()
            inode = os.fstat(handle).st_ino
            if path.is_dir():
                self.names[inode] = {x.name: x.stat().st_ino for x in path.iterdir()}
            else:
                self.contents[inode] = path.read_bytes()

        monkeypatch.setattr(os, "fsync", fsync)

    def restore(self, folder: Path, inode: int) -> None:
        """Write what is left of the folder ``inode`` into ``folder``."""
        folder.mkdir(exist_ok=True)
        for name, child in self.names.get(inode, {}).items():
            if child in self.contents:
                (folder / name).write_bytes(self.contents[child])
            elif child in self.names:
                self.restore(folder / name, child)


def test_what_is_booked_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = put(tmp_path, **{f"d{n}": f"Телеграмма {n}." for n in range(6)}, long="Раз.\fДва.")
    out = tmp_path / "out"
    disk = Disk(monkeypatch)
    cuts: list[Path] = []
    commit = Ledger.commit

    def committed(self: Ledger, *, now: bool = True) -> None:
        commit(self, now=True)
        left = tmp_path / f"cut{len(cuts)}"
        disk.restore(left, out.stat().st_ino)
        # SQLite sees to its own file.
        with sqlite3.connect(left / LEDGER_FILE) as copy:
            self.db.backup(copy)
        copy.close()
        cuts.append(left)
        del now

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "commit", committed)
        run(files, out, replace(HERE))
    assert len(cuts) > 7
    for left in cuts:
        with Ledger(left / LEDGER_FILE, write=False) as ledger:
            done = [
                str(name) for (name,) in ledger.all("SELECT id FROM documents WHERE state='done'")
            ]
        for name in done:
            assert load_stored(left / name).document == load_stored(out / name).document
            for text in TEXT_FILES:
                assert (left / name / text).read_bytes() == (out / name / text).read_bytes()
    # And the run goes on from there.
    middle = cuts[len(cuts) // 2]
    assert set(statuses(run(files, middle)).values()) == {"ok"}
    assert not list(middle.glob(".depesha/pages/*"))
