"""The editor's page as a web application: addresses, and what answers there."""

from __future__ import annotations

import json
import logging
import threading
from contextlib import suppress
from importlib import resources
from pathlib import Path
from urllib.parse import parse_qs

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from pipeline.errors import DepeshaError
from pipeline.report.pages import DOCUMENT_SCRIPTS
from pipeline.report.pictures import write_pictures
from pipeline.report.rendering import AUTO, LANGUAGES, render_in, words_script
from pipeline.review import asking
from pipeline.review.decisions import PageStatus
from pipeline.review.index import Query, excerpt
from pipeline.review.log import StaleError
from pipeline.review.web.doors import Doors, Sessions, TooLargeError, hosts_of, set_cookie
from pipeline.review.web.payload import (
    conflict_payload,
    document_payload,
    entry_payload,
    totals_payload,
)
from pipeline.review.web.users import Users
from pipeline.review.web.writer import Writer
from pipeline.review.workspace import View, Workspace

_HERE = Path(__file__).parent
_REPORT_SCRIPTS = tuple(
    name
    for name in DOCUMENT_SCRIPTS
    if name in ("line-text.js", "view.js", "notices.js", "scan.js")
)
"""Scripts of the report's document page that this page uses as they are."""

_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_MOST = 200
_DECODER = msgspec.json.Decoder(asking.Request)
_log = logging.getLogger("depesha")


def make_app(
    workspace: Workspace,
    *,
    user: str,
    port: int,
    host: str = "127.0.0.1",
    token: str = "",
    users: Users | None = None,
    secure: bool = False,
) -> Starlette:
    """The application for ``workspace``, asked for at ``host`` and ``port``.

    ``token`` lets ``user`` in, once; ``users`` log in with their passwords. ``secure``: with TLS.
    """
    sessions = Sessions(cookie=f"depesha-{port}", token=token)
    pages = _Pages(workspace, sessions, users, secure=secure)
    app = Starlette(
        routes=pages.routes(),
        exception_handlers={TooLargeError: _too_large, DepeshaError: _failed},
    )
    app.router.redirect_slashes = False
    app.add_middleware(
        Doors,
        sessions=sessions,
        hosts=hosts_of(host, port),
        user=user,
        secure=secure,
        login=users is not None,
    )
    app.state.writer = pages.writer
    return app


class _Pages:
    def __init__(
        self, workspace: Workspace, sessions: Sessions, users: Users | None, *, secure: bool
    ) -> None:
        self.workspace = workspace
        self.sessions = sessions
        self.users = users
        self.secure = secure
        self.writer = Writer(workspace)
        self.assets = _assets(workspace.settings.report.language)
        self._drawing = threading.Lock()

    def routes(self) -> list[Route]:
        """The addresses."""
        return [
            Route("/", self.list_page),
            Route("/document/{key}", self.document_page),
            Route("/login", self.login, methods=["GET", "POST"]),
            Route("/logout", self.logout, methods=["POST"]),
            Route("/assets/{name}", self.asset),
            Route("/pictures/{key}/{page:int}", self.picture),
            Route("/api/documents", self.documents),
            Route("/api/documents/{key}", self.document, methods=["GET", "POST"]),
            Route("/api/search", self.search),
            Route("/api/next", self.next),
        ]

    # ---- pages -----------------------------------------------------------------------------

    def list_page(self, request: Request) -> Response:
        """All documents."""
        return self._html("list.html", request, statuses=list(PageStatus))

    def document_page(self, request: Request) -> Response:
        """One document, which its script asks for."""
        key = request.path_params["key"]
        if key not in self.workspace.folders:
            return JSONResponse({"error": "no_document"}, 404)
        return self._html("work.html", request, scripts=_REPORT_SCRIPTS, key=key)

    def _html(self, name: str, request: Request, **values: object) -> Response:
        language = _language(request, self.workspace.settings.report.language)
        values |= {"assets": "/assets/", "user": request.scope["user_name"]}
        text = render_in(_HERE, name, language, {**values, "login": self.users is not None})
        return Response(text, media_type="text/html; charset=utf-8")

    async def login(self, request: Request) -> Response:
        """Name and password, where there are users."""
        if self.users is None:
            return JSONResponse({"error": "no_login"}, 404)
        if request.method == "GET":
            return self._html("login.html", request, failed="")
        fields = parse_qs((await request.body()).decode("utf-8", "replace"))
        name = fields.get("name", [""])[0][:64]
        password = fields.get("password", [""])[0][:1024]
        if self.users.must_wait(name):
            return self._refused_login(request, "too_many_tries", 429)
        if not await run_in_threadpool(self.users.knows, name, password):
            return self._refused_login(request, "wrong_password", 403)
        answer = RedirectResponse("/", 303)
        set_cookie(answer, self.sessions, self.sessions.open(name), secure=self.secure)
        return answer

    def _refused_login(self, request: Request, why: str, status: int) -> Response:
        answer = self._html("login.html", request, failed=why)
        answer.status_code = status
        return answer

    def logout(self, request: Request) -> Response:
        """End the session."""
        self.sessions.end(request.scope["session"])
        return RedirectResponse("/login" if self.users else "/", 303)

    def asset(self, request: Request) -> Response:
        """A script or style, by a name that is known beforehand."""
        name = request.path_params["name"]
        found = self.assets.get(name)
        if found is None:
            return JSONResponse({"error": "no_asset"}, 404)
        return Response(found, media_type=_TYPES[Path(name).suffix])

    def picture(self, request: Request) -> Response:
        """The scan of a page, by the document's key and the page's number."""
        view = self._view(request)
        number = request.path_params["page"]
        if view is None:
            return JSONResponse({"error": "no_document"}, 404)
        for page, name in zip(view.stored.document.pages, self._pictures(view), strict=True):
            if page.number == number and name is not None:
                path = self.workspace.pictures / name
                headers = {"Cache-Control": "private, max-age=3600"}
                return FileResponse(path, media_type="image/jpeg", headers=headers)
        return JSONResponse({"error": "no_picture"}, 404)

    def _pictures(self, view: View) -> list[str | None]:
        settings = self.workspace.settings
        with self._drawing:
            return write_pictures(
                view.stored.document,
                Path(view.stored.run.source),
                self.workspace.pictures,
                view.key,
                width=settings.review.picture_width,
                settings=settings.input,
            )

    # ---- answers ---------------------------------------------------------------------------

    def documents(self, request: Request) -> Response:
        """A part of the list, and the sums of all of it."""
        query = _query(request)
        if query is None:
            return JSONResponse({"error": "wrong_query"}, 400)
        count, entries = self.workspace.index.find(query)
        answer = {
            "count": count,
            "rows": [entry_payload(entry) for entry in entries],
            "totals": totals_payload(self.workspace.index.totals()),
            "listed": self.writer.listed,
            "of": len(self.workspace.folders),
        }
        return _json(answer)

    async def document(self, request: Request) -> Response:
        """A document; or (POST) something done to it, and the document as it is then."""
        if request.method == "GET":
            return await run_in_threadpool(self._shown, request)
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return JSONResponse({"error": "not_json"}, 415)
        body = await request.body()
        return await run_in_threadpool(self._decided, request, body)

    def _shown(self, request: Request) -> Response:
        view = self._view(request)
        if view is None:
            return JSONResponse({"error": "no_document"}, 404)
        return self._payload(view, request)

    def _decided(self, request: Request, body: bytes) -> Response:
        try:
            wanted = _DECODER.decode(body)
            wanted.text.encode()
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            return JSONResponse({"error": "wrong_request"}, 400)
        key = request.path_params["key"]
        try:
            view = self.workspace.decide(key, wanted, request.scope["user_name"])
        except StaleError as error:
            return _json({"error": "stale", **conflict_payload(error.threads, error.wanted)}, 409)
        except asking.RefusedError as error:
            status = 409 if error.word == "read_anew" else 422
            return JSONResponse({"error": error.word}, status)
        if view is None:
            return JSONResponse({"error": "no_document"}, 404)
        self.writer.changed(key)
        return self._payload(view, request)

    def _payload(self, view: View, request: Request) -> Response:
        known = [
            f"/pictures/{view.key}/{page.number}" if page.scan.width else None
            for page in view.stored.document.pages
        ]
        return _json(document_payload(view, request.scope["user_name"], known))

    def search(self, request: Request) -> Response:
        """Pages in which all words stand, in any form."""
        text = request.query_params.get("q", "")[:200]
        found = [
            {"key": key, "id": name, "page": page, "pieces": excerpt(body, text)}
            for key, name, page, body in self.workspace.index.search(text)
        ]
        return _json({"found": found})

    def next(self, request: Request) -> Response:
        """The key of the document where work pays most."""
        after = request.query_params.get("after", "")
        return JSONResponse({"key": self.workspace.next_key(after)})

    def _view(self, request: Request) -> View | None:
        return self.workspace.view(request.path_params["key"])


def _query(request: Request) -> Query | None:
    """The query of a list; ``None`` where a number is none."""
    given = request.query_params
    texts = ("text", "name", "status", "doubt", "sender", "since", "until")
    with suppress(ValueError):
        over = float(given["over"]) if given.get("over") else None
        start, count = int(given.get("start", "0")), int(given.get("count", "50"))
        if 0 <= start < 10**9 and 0 < count <= _MOST and (over is None or over == over):  # noqa: PLR0124
            narrowed = {name: given.get(name, "")[:200] for name in texts}
            sort = given.get("sort", "gain")
            return Query(**narrowed, over=over, sort=sort, start=start, count=count)
    return None


def _language(request: Request, first: str) -> str:
    """What the user chose; else ``first``, or (``AUTO``) what the browser asks for."""
    chosen = request.cookies.get("depesha-language", "")
    if chosen in LANGUAGES or first != AUTO:
        return chosen if chosen in LANGUAGES else first
    wanted = request.headers.get("accept-language", "").split(",")
    known = (tag.strip()[:2].lower() for tag in wanted)  # browsers send the dearest first
    return next((language for language in known if language in LANGUAGES), LANGUAGES[0])


def _assets(language: str) -> dict[str, bytes]:
    """All scripts and styles by name, read once."""
    found: dict[str, bytes] = {}
    for package in ("pipeline.report", "pipeline.review.web"):
        for entry in (resources.files(package) / "static").iterdir():
            if entry.name.endswith(tuple(_TYPES)):
                found[entry.name] = entry.read_bytes()
    found["words.js"] = words_script(language, _HERE).encode()
    return found


def _json(data: object, status: int = 200) -> Response:
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    body = text.encode("utf-8", "replace")
    return Response(body, status, media_type="application/json")


async def _too_large(_: Request, error: Exception) -> Response:
    del error
    return JSONResponse({"error": "too_large"}, 413)


async def _failed(_: Request, error: Exception) -> Response:
    _log.error("%s", error)
    return JSONResponse({"error": "failed", "message": str(error)}, 500)
