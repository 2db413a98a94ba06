"""Who comes in and who does not, and what a document's words cannot do: without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from review_samples import line, sample, write

from pipeline.cli import main
from pipeline.config import Settings
from pipeline.errors import ConfigError, ExitCode
from pipeline.model import Document, Field
from pipeline.report import key_of
from pipeline.review.web.users import Users, add_user
from pipeline.review.workspace import Workspace

testing = pytest.importorskip("starlette.testclient", reason="Starlette is not installed")

PORT, TOKEN = 8123, "good-once"
HOST = f"127.0.0.1:{PORT}"
ORIGIN = f"http://{HOST}"
BAD = "<script>alert(1)</script>\u202e\"'&" + "о" + "\u0301" * 10_000


def nasty() -> Document:
    """A document whose name, text and field would break a careless page."""
    document = sample("<b>плохой</b>")
    page = document.pages[0]
    lines = (*page.lines, line(9, BAD))
    field = Field(name="origin", value=BAD[:200], raw=BAD[:200])
    return replace(document, pages=(replace(page, lines=lines),), fields=(field,))


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    write(tmp_path, sample())
    write(tmp_path, nasty())
    made = Workspace(tmp_path, Settings())
    yield made
    made.close()


def client_of(workspace: Workspace, **more: Any) -> Any:
    from pipeline.review.web.app import make_app  # noqa: PLC0415  needs Starlette

    app = make_app(workspace, user="anna", port=PORT, token=TOKEN, **more)
    return testing.TestClient(app, base_url=ORIGIN, follow_redirects=False)


@pytest.fixture
def stranger(workspace: Workspace) -> Any:
    return client_of(workspace)


@pytest.fixture
def editor(stranger: Any) -> Any:
    answer = stranger.get(f"/?token={TOKEN}")
    assert answer.status_code == 303
    return stranger


KEY = key_of("альфа")
DROP = {"action": "drop", "base": "base-one", "line": "p1-l001"}


def post(client: Any, body: Any = None, **headers: str) -> Any:
    given = {"Origin": ORIGIN, "Content-Type": "application/json"} | headers
    return client.post(f"/api/documents/{KEY}", json=body or DROP, headers=given)


def test_the_address_is_good_once_and_the_cookie_is_not_for_scripts(stranger: Any) -> None:
    answer = stranger.get(f"/?token={TOKEN}")
    cookie = answer.headers["set-cookie"]
    assert re.match(rf"depesha-{PORT}=[\w-]{{40,}}; HttpOnly; Path=/; SameSite=strict", cookie)
    assert stranger.get("/").status_code == 200
    stranger.cookies.clear()
    assert stranger.get(f"/?token={TOKEN}").status_code == 403
    assert stranger.get("/?token=bad").status_code == 403
    assert stranger.get("/?token=%ff%00").status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/", "/api/documents", f"/api/documents/{KEY}", f"/document/{KEY}", f"/pictures/{KEY}/1"],
)
def test_without_the_token_nothing_is_told(stranger: Any, path: str) -> None:
    assert stranger.get(path).status_code == 401
    stranger.cookies.set(f"depesha-{PORT}", "guessed")
    assert stranger.get(path).status_code == 401
    assert "альфа" not in stranger.get(path).text


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1:1", f"127.0.0.1:{PORT}.evil", ""]
)
def test_another_sites_name_is_refused(editor: Any, host: str) -> None:
    assert editor.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", [HOST, f"localhost:{PORT}", f"[::1]:{PORT}"])
def test_our_own_names_are_not(editor: Any, host: str) -> None:
    value = editor.cookies.get(f"depesha-{PORT}")
    headers = {"Host": host, "Cookie": f"depesha-{PORT}={value}"}
    assert editor.get("/", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": f"https://{HOST}"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
    ],
)
def test_no_other_site_can_post(editor: Any, workspace: Workspace, headers: dict[str, str]) -> None:
    assert post(editor, **headers).status_code == 403
    assert workspace.log.events("альфа") == ()


def test_what_is_no_json_of_ours_is_refused(editor: Any) -> None:
    path, headers = f"/api/documents/{KEY}", {"Origin": ORIGIN}
    as_form = editor.post(path, data={"action": "drop"}, headers=headers)
    assert as_form.status_code == 415
    for body in (
        b"",
        b"[]",
        b"{",
        b'{"action":"delete_all","base":""}',
        b'{"action":"drop","base":"b","line":5}',
        b'{"action":"drop","base":"b","path":"../../etc/passwd"}',
        b"[" * 100_000,
        b'{"action":"text","base":"b","text":"' + b"x" * 6000 + b'"}',
    ):
        headers["Content-Type"] = "application/json"
        assert editor.post(path, content=body, headers=headers).status_code == 400, body[:40]


@pytest.mark.parametrize(
    "path",
    [
        "/pictures/..%2f..%2fetc%2fpasswd/1",
        "/pictures/%2e%2e/1",
        "/assets/..%2fapp.py",
        "/assets/%2e%2e%2fapp.py",
        "/assets/app.py",
        "/document/..%2f",
        "/api/documents/..%2f..%2freview.sqlite",
        f"/pictures/{KEY}/99",
        f"/pictures/{KEY}/-1",
        f"/pictures/{KEY}/1%00",
        "/review.sqlite",
        "//etc/passwd",
    ],
)
def test_nothing_is_found_by_a_path(editor: Any, path: str) -> None:
    assert editor.get(path).status_code == 404


def test_a_large_body_is_refused(editor: Any) -> None:
    path = f"/api/documents/{KEY}"
    headers = {"Origin": ORIGIN, "Content-Type": "application/json"}
    whole = editor.post(path, content=b"x" * 1_000_000, headers=headers)
    assert whole.status_code == 413
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(1600):
            sent += 1
            yield b"x" * 65_536

    assert editor.post(path, content=pieces(), headers=headers).status_code == 413
    said = {**headers, "Content-Length": "100000000"}
    assert editor.post(path, content=b"", headers=said).status_code == 413


def test_every_answer_has_the_policy(editor: Any) -> None:
    for path in ("/", f"/document/{KEY}", "/assets/work.js", "/nowhere", f"/api/documents/{KEY}"):
        headers = editor.get(path).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
    for path in ("/", f"/document/{KEY}"):
        text = editor.get(path).text
        assert "http-equiv" not in text
        assert not re.search(r"<script(?![^>]* src=)", text)
        assert not re.search(r"\son\w+=", text)
        assert " style=" not in text


def test_words_of_a_document_are_data(editor: Any) -> None:
    answer = editor.get(f"/api/documents/{key_of('<b>плохой</b>')}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["lines"][-1]["text"].startswith("<script>")
    assert len(answer.json()["lines"][-1]["text"]) > 10_000
    for name in ("<b>плохой</b>", "альфа"):
        page = editor.get(f"/document/{key_of(name)}").text
        assert "плохой" not in page


def test_a_save_names_both_versions_to_who_was_slower(editor: Any) -> None:
    shown = editor.get(f"/api/documents/{KEY}").json()["lines"][1]
    base = {"action": "text", "base": "base-one", "line": "p1-l001"}
    seen = {shown["key"]: shown["seen"]}
    assert post(editor, {**base, "text": "один", "seen": seen}).status_code == 200
    late = post(editor, {**base, "text": "два", "seen": seen})
    assert late.status_code == 409
    assert late.json()["theirs"][0]["state"]["text"] == "один"
    assert late.json()["mine"][0]["state"]["text"] == "два"
    stale = post(editor, {**base, "base": "base-zero", "text": "три"})
    assert (stale.status_code, stale.json()["error"]) == (409, "read_anew")


def test_passwords(tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.review.web.users._N", 2**10)  # as dear as it must be elsewhere
    path = tmp_path / "users"
    add_user(path, "анна", "длинный пароль")
    add_user(path, "boris", "another password")
    assert "пароль" not in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o077 == 0
    users = Users(path)
    client = client_of(workspace, users=users)
    login = {"Origin": ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}

    def try_it(name: str, password: str) -> Any:
        return client.post("/login", data={"name": name, "password": password}, headers=login)

    assert client.get("/").headers["location"] == "/login"
    assert try_it("анна", "another password").status_code == 403
    assert try_it("nobody", "x").status_code == 403
    assert try_it("анна", "длинный пароль").status_code == 303
    assert client.get(f"/api/documents/{KEY}").json()["user"] == "анна"
    assert client.post("/logout", headers={"Origin": ORIGIN}).status_code == 303
    assert client.get("/api/documents").status_code == 401
    for _ in range(6):
        last = try_it("boris", "guess")
    assert last.status_code == 429
    assert try_it("boris", "another password").status_code == 429


@pytest.mark.parametrize("text", ["anna:md5:x", "anna:scrypt:1:1:1:!:!", "anna", "", "# nobody"])
def test_a_users_file_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "users"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="users"):
        Users(path)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--host", "0.0.0.0"], ExitCode.USAGE, "--users"),  # noqa: S104
        (["--host", "0.0.0.0", "--users", "USERS"], ExitCode.USAGE, "TLS"),  # noqa: S104
        (["--certificate", "c.pem"], ExitCode.USAGE, "--key"),
        (["--users", "nowhere"], ExitCode.CONFIG, "nowhere"),
        (["--add-user", "anna"], ExitCode.USAGE, "--users"),
        (["--port", "99999"], ExitCode.OUTPUT, "99999"),
    ],
)
def test_the_command_refuses_what_is_not_safe(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    code: ExitCode,
    words: str,
) -> None:
    write(tmp_path, sample())
    users = tmp_path / "users"
    add_user(users, "anna", "long enough password")
    given = [str(users) if x == "USERS" else x for x in options]
    assert main(["review", str(tmp_path), *given]) == code
    assert words in capsys.readouterr().err


def test_a_folder_without_results_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review", str(tmp_path)]) == ExitCode.INPUT_MISSING
    assert "holds no results" in capsys.readouterr().err
    assert main(["review", str(tmp_path / "nowhere")]) == ExitCode.INPUT_MISSING
