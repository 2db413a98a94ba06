"""``depesha review``: the editor's page, in the browser, on this machine."""

from __future__ import annotations

import argparse
import getpass
import secrets
import socket
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.commands.escapes import counted
from pipeline.config import Settings
from pipeline.errors import ConfigError, DependencyMissingError, ExitCode, OutputError, UsageError
from pipeline.review.workspace import Workspace


def review(options: argparse.Namespace, settings: Settings) -> ExitCode:
    """Open the page for the results in ``options.result``, until Ctrl-C.

    Or write what leaves (``--truth``, ``--texts``), or add a user, and do no more.
    """
    if options.partly and options.truth is None:
        raise UsageError("--partly", "goes with --truth DIR")
    if options.add_user is not None:
        return _add_user(options)
    with _workspace(options.result, settings) as workspace:
        if options.truth is not None or options.texts:
            return _write(workspace, options)
        return _serve(workspace, options)


@contextmanager
def _workspace(out: Path, settings: Settings) -> Iterator[Workspace]:
    workspace = Workspace(out, settings)
    try:
        yield workspace
    finally:
        workspace.close()


def _add_user(options: argparse.Namespace) -> ExitCode:
    from pipeline.review.web.users import add_user  # noqa: PLC0415

    if options.users is None:
        raise UsageError("--add-user", "needs --users FILE, where the user is to stand")
    password = _password(options.add_user)
    add_user(options.users, options.add_user, password)
    sys.stderr.write(f"depesha: {options.add_user} stands in {options.users}\n")
    return ExitCode.OK


def _password(name: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass(f"Password for {name}: ")
    if getpass.getpass("Once more: ") != first:
        raise ConfigError("--add-user", "the two passwords are not the same")
    return first


def _write(workspace: Workspace, options: argparse.Namespace) -> ExitCode:
    from pipeline.review.truth_out import write_truths  # noqa: PLC0415

    if options.texts:
        keys = workspace.edited_keys()
        for key in keys:
            workspace.write_edited(key)
        sys.stderr.write(f"depesha: texts written of {counted(len(keys), 'edited document')}\n")
    if options.truth is not None:
        done = write_truths(workspace, options.truth, partly=options.partly)
        some = f", some pages of {done.partial}" if options.partly else ""
        sys.stderr.write(
            f"depesha: ground truth of {counted(done.whole, 'document')}{some} in "
            f"{options.truth}; of {done.left} there is none: pages are not done\n"
        )
    return ExitCode.OK


def _serve(workspace: Workspace, options: argparse.Namespace) -> ExitCode:
    uvicorn = _uvicorn()
    from pipeline.review.web.app import make_app  # noqa: PLC0415
    from pipeline.review.web.doors import is_loopback  # noqa: PLC0415
    from pipeline.review.web.users import Users  # noqa: PLC0415

    users = Users(options.users) if options.users is not None else None
    secure = options.certificate is not None
    if secure != (options.key is not None):
        raise UsageError("--certificate", "and --key are needed together")
    if not is_loopback(options.host):
        if users is None:
            raise UsageError("--host", "more than this machine can reach it: give --users FILE")
        if not secure:
            raise UsageError(
                "--host",
                "passwords and texts would go over the network for all to read: "
                "give --certificate FILE and --key FILE (TLS)",
            )
    listening = _listen(options.host, options.port)
    port = listening.getsockname()[1]
    token = "" if users is not None else secrets.token_urlsafe(24)
    user = options.user or _user()
    app = make_app(
        workspace,
        user=user,
        host=options.host,
        port=port,
        token=token,
        users=users,
        secure=secure,
    )
    config = uvicorn.Config(
        app,
        log_level="warning",
        lifespan="off",
        server_header=False,
        date_header=False,
        ssl_certfile=str(options.certificate) if secure else None,
        ssl_keyfile=str(options.key) if secure else None,
        timeout_keep_alive=30,
        limit_concurrency=200,
    )
    name = f"[{options.host}]" if ":" in options.host else options.host
    address = f"{'https' if secure else 'http'}://{name}:{port}/"
    address += f"?token={token}" if token else ""
    sys.stderr.write(f"depesha: open {address}\ndepesha: Ctrl-C ends it\n")
    sys.stderr.flush()
    app.state.writer.start()
    if options.open:
        webbrowser.open(address)
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        app.state.writer.stop()
    return ExitCode.OK


def _uvicorn() -> Any:
    try:
        import starlette  # noqa: F401, PLC0415
        import uvicorn  # noqa: PLC0415
    except ImportError as error:
        raise DependencyMissingError(
            error.name or "starlette", "is not installed: pip install 'depesha[review]'"
        ) from error
    return uvicorn


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(64)
    except (OSError, OverflowError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or error
        raise OutputError(f"{host}:{port}", f"cannot be listened on: {reason}") from error
    return listening


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "editor"
