"""What is done beside the page: the list brought up to date, the texts of results written anew."""

from __future__ import annotations

import logging
import threading
import time

from pipeline.errors import DepeshaError
from pipeline.review.workspace import Workspace

_QUIET = 2.0
"""Seconds without a decision on a document after which its texts are written."""

_log = logging.getLogger("depesha")


class Writer:
    """Two threads' work; :meth:`start` begins it, :meth:`stop` writes what is left and ends it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._changed: dict[str, float] = {}
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []
        self.listed = 0

    def start(self) -> None:
        """List all documents and keep the texts written, beside whatever else goes on."""
        for work in (self._refresh, self._write):
            thread = threading.Thread(target=work, daemon=True)
            thread.start()
            self._threads.append(thread)

    def changed(self, key: str) -> None:
        """The texts of ``key`` are to be written when there is a moment of quiet."""
        with self._lock:
            self._changed[key] = time.monotonic()

    def stop(self) -> None:
        """End; texts that are not written yet are written first."""
        self._ending.set()
        for thread in self._threads:
            thread.join()
        with self._lock:
            left = list(self._changed)
        for key in left:
            self._write_one(key)

    def _refresh(self) -> None:
        for done, _ in self._workspace.refresh():
            self.listed = done
            if self._ending.is_set():
                return
        # What was decided just before a kill may not have reached the texts.
        for key in self._workspace.edited_keys():
            if self._ending.is_set():
                return
            self._write_one(key)

    def _write(self) -> None:
        while not self._ending.wait(0.5):
            now = time.monotonic()
            with self._lock:
                ready = [key for key, at in self._changed.items() if now - at >= _QUIET]
            for key in ready:
                self._write_one(key)

    def _write_one(self, key: str) -> None:
        with self._lock:
            self._changed.pop(key, None)
        try:
            self._workspace.write_edited(key)
        except DepeshaError as error:
            _log.warning("%s", error)
