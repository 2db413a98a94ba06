"""A file of users with hashed passwords, for a page that more than this machine can reach.

A user a line: ``NAME:scrypt:N:R:P:SALT:HASH``, salt and hash in base 64. ``depesha review
--add-user`` writes it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import threading
import time
from collections import defaultdict
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.store import write_atomic

_N, _R, _P = 2**15, 8, 1
_MEMORY = 64 * 1024 * 1024
_NAME = re.compile(r"[^\s:\x00-\x1f]{1,64}")
SHORTEST = 10
"""Characters of a password at least."""

_TRIES, _WITHIN = 5, 60.0
"""Failed tries of one name after which it has to wait, within so many seconds."""


def add_user(path: Path, name: str, password: str) -> None:
    """Put ``name`` with ``password`` into the file ``path``, in place of an older one.

    Raises:
        ConfigError: the name or password will not do, or the file is damaged.
        OutputError: it cannot be written.

    """
    if not _NAME.fullmatch(name):
        raise ConfigError(path, f"`{name}` is no name of a user: no spaces, no colons")
    if len(password) < SHORTEST:
        raise ConfigError(path, f"a password has {SHORTEST} characters or more")
    users = _read(path) if path.exists() else {}
    salt = secrets.token_bytes(16)
    hashed = _hash(password, salt, _N, _R, _P)
    parts = (str(_N), str(_R), str(_P), _text(salt), _text(hashed))
    users[name] = f"scrypt:{':'.join(parts)}"
    write_atomic(path, "".join(f"{user}:{rest}\n" for user, rest in users.items()))
    path.chmod(0o600)


class Users:
    """The users of a file, and how often each was tried.

    Raises:
        ConfigError: the file cannot be read, is damaged, or holds nobody.

    """

    def __init__(self, path: Path) -> None:
        self._users = _read(path)
        if not self._users:
            raise ConfigError(path, "holds no users; add one with --add-user NAME")
        self._failed: dict[str, list[float]] = defaultdict(list)
        self._lock = threading.Lock()

    def must_wait(self, name: str) -> bool:
        """Whether ``name`` was tried too often just now."""
        with self._lock:
            now = time.monotonic()
            recent = [at for at in self._failed.get(name, ()) if now - at < _WITHIN]
            if recent:
                self._failed[name] = recent
            else:
                self._failed.pop(name, None)
            return len(recent) >= _TRIES

    def knows(self, name: str, password: str) -> bool:
        """Whether that is the user's password; as slow for names that are not there."""
        rest = self._users.get(name)
        kind, n, r, p, salt, wanted = (rest or _NOBODY).split(":")
        del kind
        found = _hash(password, _bytes(salt), int(n), int(r), int(p))
        good = hmac.compare_digest(found, _bytes(wanted)) and rest is not None
        if not good:
            with self._lock:
                if len(self._failed) < 10_000:
                    self._failed[name].append(time.monotonic())
        return good


def _read(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(path, f"cannot be read: {error}") from error
    users: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, rest = line.partition(":")
        try:
            kind, n, r, p, salt, hashed = rest.split(":")
            sound = kind == "scrypt" and int(n) <= 2**20 and int(r) <= 32 and int(p) <= 16
            sound = sound and bool(_bytes(salt)) and bool(_bytes(hashed))
        except (ValueError, binascii.Error):
            sound = False
        if not sound:
            raise ConfigError(path, f"line {number} is no user; write it with --add-user NAME")
        users[name] = rest
    return users


def _hash(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    data = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(data, salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=32)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


_NOBODY = f"scrypt:{_N}:{_R}:{_P}:{_text(bytes(16))}:{_text(bytes(32))}"
