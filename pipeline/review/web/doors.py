"""Who may come in, and with what: checked before anything else looks at a request.

- *Host*: a name that is not ours is refused (400), so that no site can have its own name point here
  and read along (DNS rebinding).
- *Session*: the address that the command prints holds a token that is good once; it becomes a
  cookie that scripts cannot read and other sites cannot send. Without it: 401.
- *Origin*: what changes something must come from our own page (403 else): no site can have the
  browser post for it (CSRF).
- *Size*: a body over the limit is refused while it comes in (413).
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 256 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Without one to ourselves, browsers send forms (login, logout) with the origin "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_OPEN = ("/login", "/assets/")
"""Addresses that need no session: the page to log in on, and what it looks like."""


@dataclass
class Sessions:
    """Who is in. ``token`` is good once (empty: nobody gets in by address)."""

    cookie: str
    token: str = ""
    users: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, token: str) -> bool:
        """Whether ``token`` is the one that is good; it is not any more."""
        with self._lock:
            good = bool(self.token) and hmac.compare_digest(
                token.encode("utf-8", "replace"), self.token.encode()
            )
            if good:
                self.token = ""
            return good

    def open(self, user: str) -> str:
        """A session for ``user``: the cookie's value."""
        value = secrets.token_urlsafe(32)
        with self._lock:
            self.users[value] = user
        return value

    def user_of(self, value: str) -> str | None:
        """Whose session it is; ``None`` where it is none."""
        with self._lock:
            return self.users.get(value)

    def end(self, value: str) -> None:
        """Log out."""
        with self._lock:
            self.users.pop(value, None)


class Doors:
    """The middleware around all pages.

    ``hosts`` are the names (with ports) that are ours, ``user`` is who comes in by the token;
    ``secure``: the page is served with TLS; ``login``: people log in with a password.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        sessions: Sessions,
        hosts: Iterable[str],
        user: str,
        secure: bool,
        login: bool,
    ) -> None:
        self.app = app
        self.sessions = sessions
        self.hosts = frozenset(host.lower() for host in hosts)
        self.user = user
        self.secure = secure
        self.login = login

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        request = Request(scope)
        sender = _with_headers(send)
        refused = self._refusal(request)
        if refused is not None:
            await refused(scope, receive, sender)
            return
        limited = _Limited(receive)
        await self.app(scope, limited.receive, sender)

    def _refusal(self, request: Request) -> Response | None:
        """What to answer instead; ``None`` where all is well (the user is in the scope then)."""
        if request.headers.getlist("host") != [request.headers.get("host", "")] or (
            request.headers.get("host", "").lower() not in self.hosts
        ):
            return _text("this address is not one of ours", 400)
        if request.method not in ("GET", "HEAD") and not self._is_own_page(request):
            return _text("only this page itself may ask for that", 403)
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            return _text("that is too much at once", 413)
        return self._let_in(request)

    def _let_in(self, request: Request) -> Response | None:
        path = request.url.path
        token = request.query_params.get("token")
        if path == "/" and token is not None:
            return self._by_token(token)
        value = request.cookies.get(self.sessions.cookie, "")
        user = self.sessions.user_of(value)
        if user is None and not path.startswith(_OPEN):
            if path == "/" and request.method == "GET" and self.login:
                return RedirectResponse("/login", 303)
            return _text("please open the address that the command printed, or log in", 401)
        request.scope["user_name"] = user or ""
        request.scope["session"] = value
        return None

    def _is_own_page(self, request: Request) -> bool:
        origin = request.headers.get("origin", "")
        site = request.headers.get("sec-fetch-site", "same-origin")
        own = f"{request.url.scheme}://{request.headers['host']}".lower()
        return origin.lower() == own and site == "same-origin"

    def _by_token(self, token: str) -> Response:
        if not self.sessions.spend(token):
            return _text("this address was used before; start the command again", 403)
        answer = RedirectResponse("/", 303)
        set_cookie(answer, self.sessions, self.sessions.open(self.user), secure=self.secure)
        return answer


def set_cookie(answer: Response, sessions: Sessions, value: str, *, secure: bool) -> None:
    """Have the browser keep a session, in a cookie that no script reads and no other site sends."""
    answer.set_cookie(
        sessions.cookie, value, httponly=True, samesite="strict", path="/", secure=secure
    )


def hosts_of(host: str, port: int) -> list[str]:
    """The names under which a server on ``host`` is asked for, with the port."""
    names = {"localhost", "127.0.0.1", "[::1]"} if is_loopback(host) else {host}
    if ":" in host and not host.startswith("["):
        names.add(f"[{host}]")
    usual = [name for name in names if port in (80, 443)]
    return [*(f"{name}:{port}" for name in names), *usual]


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach ``host``."""
    return host in ("localhost", "::1", "[::1]") or host.startswith("127.")


class TooLargeError(Exception):
    """More came in than was said or than is allowed."""


class _Limited:
    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._left = LARGEST_BODY

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise TooLargeError
        return message


def _with_headers(send: Send) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", []))
            given = {name.lower() for name, _ in headers}
            more = {**HEADERS}
            if b"cache-control" not in given:
                more["Cache-Control"] = "no-store"
            headers += [(k.lower().encode(), v.encode()) for k, v in more.items()]
            message = {**message, "headers": headers}
        await send(message)

    return sender


def _text(words: str, status: int) -> Response:
    return PlainTextResponse(words + "\n", status)
