"""Every way Depesha can fail, each with its exit code and one clear sentence.

An error names the file (or setting) it is about, says what is wrong, and, where there is
something to do about it, what. The command line prints ``str(error)`` and exits with
``error.exit_code``; a batch records both and goes on.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """Exit codes of the ``depesha`` command; documented in ``docs/errors.md``."""

    OK = 0
    INTERNAL = 1
    USAGE = 2
    CONFIG = 3
    INPUT_MISSING = 4
    INPUT_UNREADABLE = 5
    INPUT_TOO_LARGE = 6
    INPUT_ENCRYPTED = 7
    NO_INPUT = 8
    OUTPUT = 9
    DEPENDENCY_MISSING = 10
    LANGUAGE_MISSING = 11
    ENGINE_FAILED = 12
    TRUTH = 13
    RESULT = 14
    WORKER_LOST = 15
    OVER_LIMIT = 16
    IN_USE = 17
    PAGE_LIMIT = 18
    CLUSTER = 19
    SOME_FAILED = 20
    CHECK = 21
    STOPPED = 22
    INTERRUPTED = 130


class DepeshaError(Exception):
    """Base of all errors that are meant for a user.

    ``subject`` is the file, folder or setting the error is about; it opens the message.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.INTERNAL

    def __init__(self, subject: object, message: str) -> None:
        super().__init__(str(subject), message)
        self.subject = str(subject)
        self.message = message

    def __str__(self) -> str:
        return f"{self.subject}: {self.message}" if self.subject else self.message


class UsageError(DepeshaError):
    """The arguments do not fit together."""

    exit_code = ExitCode.USAGE


class ConfigError(DepeshaError):
    """A settings file or option has an unknown key or a value of the wrong type."""

    exit_code = ExitCode.CONFIG


class InputMissingError(DepeshaError):
    """An input path does not exist."""

    exit_code = ExitCode.INPUT_MISSING


class InputUnreadableError(DepeshaError):
    """An input is empty, damaged, or not of the kind its name says."""

    exit_code = ExitCode.INPUT_UNREADABLE


class InputTooLargeError(DepeshaError):
    """An input is over a limit that is checked before decoding."""

    exit_code = ExitCode.INPUT_TOO_LARGE


class InputEncryptedError(DepeshaError):
    """A PDF needs a password."""

    exit_code = ExitCode.INPUT_ENCRYPTED


class NoInputError(DepeshaError):
    """A folder holds nothing that Depesha reads."""

    exit_code = ExitCode.NO_INPUT


class OutputError(DepeshaError):
    """A result cannot be written.

    ``of_the_disk``: not one file is at fault but the disk: it is full, read-only or gone.
    """

    exit_code = ExitCode.OUTPUT
    of_the_disk = False


class InUseError(DepeshaError):
    """Another run is at work in the output folder."""

    exit_code = ExitCode.IN_USE


class ClusterError(DepeshaError):
    """The cluster does not answer."""

    exit_code = ExitCode.CLUSTER


class PageLimitError(DepeshaError):
    """A page took more time or memory than it may, twice."""

    exit_code = ExitCode.PAGE_LIMIT


class DependencyMissingError(DepeshaError):
    """A program or library that the work needs is not installed."""

    exit_code = ExitCode.DEPENDENCY_MISSING


class LanguageMissingError(DepeshaError):
    """The OCR engine is there, its language data is not."""

    exit_code = ExitCode.LANGUAGE_MISSING


class EngineError(DepeshaError):
    """The OCR engine crashed, ran out of time, or answered nonsense."""

    exit_code = ExitCode.ENGINE_FAILED


class WorkerLostError(DepeshaError):
    """The process at work on a document was killed: out of memory, or a crash in a library."""

    exit_code = ExitCode.WORKER_LOST


class TruthError(DepeshaError):
    """A ground-truth file is missing or cannot be understood."""

    exit_code = ExitCode.TRUTH


class ResultError(DepeshaError):
    """A stored result cannot be read back (damaged, or of another schema version)."""

    exit_code = ExitCode.RESULT
