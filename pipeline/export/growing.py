"""Files that grow document by document under temporary names, and get their own at the end."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from pipeline.export.options import Options
from pipeline.export.source import Source


class Together(Protocol):
    """All documents in one format; made with the folder of the files, and the options."""

    def add(self, source: Source) -> None:
        """One more document: whole or, where it fails, not at all."""

    def finish(self) -> Mapping[str, Growing]:
        """The files that are whole now, by the ending of their names."""

    def drop(self) -> None:
        """Remove what was not put in its place."""


class Growing:
    """One file that grows."""

    def __init__(self, folder: Path) -> None:
        handle, name = tempfile.mkstemp(dir=folder, prefix=".depesha-", suffix=".tmp")
        self.path = Path(name)
        self.stream = os.fdopen(handle, "w+b")

    def take(self, other: Growing) -> None:
        """All that is in ``other``, at the end."""
        other.stream.flush()
        other.stream.seek(0)
        shutil.copyfileobj(other.stream, self.stream)

    def place(self, target: Path) -> int:
        """Put it in its place, on the disk; its size."""
        self.stream.flush()
        os.fsync(self.stream.fileno())
        size = self.stream.seek(0, os.SEEK_END)
        self.stream.close()
        self.path.chmod(0o644)
        self.path.replace(target)
        return size

    def drop(self) -> None:
        """Remove it; nothing where it is in its place."""
        with suppress(OSError):
            self.stream.close()
        with suppress(OSError):
            self.path.unlink()


class OneAfterTheOther:
    """A format whose documents simply follow each other, between a head and a tail."""

    def __init__(self, module: Any, out: Path, options: Options) -> None:
        self._module = module
        self._options = options
        self._files: dict[str, Growing] = {}
        try:
            for ending, head in module.HEADS.items():
                self._files[ending] = Growing(out)
                self._files[ending].stream.write(head)
        except OSError:
            self.drop()
            raise

    def add(self, source: Source) -> None:
        """The document's part."""
        made = self._module.part(source, self._options)
        for ending, data in made.items():
            self._files[ending].stream.write(data)

    def finish(self) -> Mapping[str, Growing]:
        """With their tails."""
        for ending, file in self._files.items():
            file.stream.write(self._module.TAILS[ending])
        return self._files

    def drop(self) -> None:
        """Remove what is not in its place."""
        for file in self._files.values():
            file.drop()
