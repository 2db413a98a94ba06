"""Tests on each Python that is supported: `nox` (needs `pip install nox`).

`nox -s tests-3.13` runs the suite on one; `nox -s wheel` installs what is released, wheel and
sdist, into bare environments and runs the command there; `nox -s sdist` runs the tests of an
unpacked sdist.
"""

from __future__ import annotations

import tarfile
from pathlib import Path

import nox

PYTHONS = ("3.11", "3.12", "3.13")
LOCK = ".ci/requirements.lock"
SAMPLE = Path("scans/roshchin-1950-05-14.txt").resolve()
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["tests", "wheel"]


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The suite with the locked versions; words after `--` go to pytest."""
    session.install("-r", LOCK)
    session.install("--no-deps", "-e", ".")
    session.run("python", "-m", "pytest", "-q", *session.posargs)


@nox.session(python=PYTHONS)
def wheel(session: nox.Session) -> None:
    """The wheel, then the sdist, each installed as a user would, far from the checkout."""
    for built in _built(session):
        session.install("--force-reinstall", str(built))
        with session.chdir(session.create_tmp()):
            session.run("depesha", "--version")
            session.run("depesha", "clean", str(SAMPLE), silent=True)
            session.run("python", "-c", "import pipeline; pipeline.clean('Товарищ')", silent=True)


@nox.session(python=PYTHONS[0])
def sdist(session: nox.Session) -> None:
    """The tests of an unpacked sdist; words after `--` go to pytest."""
    archive = _built(session)[1]
    folder = Path(session.create_tmp())
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    with session.chdir(folder / archive.name.removesuffix(".tar.gz")):
        session.install("-r", LOCK)
        session.install("--no-deps", "-e", ".")
        session.run("python", "-m", "pytest", "-q", *session.posargs)


def _built(session: nox.Session) -> tuple[Path, Path]:
    """The wheel and the sdist, built anew."""
    session.install("build")
    folder = Path(session.create_tmp()).resolve() / "dist"
    session.run("python", "-m", "build", "--outdir", str(folder), silent=True)
    (wheel_file,), (archive,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel_file, archive
