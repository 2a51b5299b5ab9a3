"""The comment under a pull request: a file that anybody may have made, and a code host's API."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from generator.shape.schema import shape
from tests.cases import ROOT
from tests.ci import script
from tests.serving import Quiet, serving

review = script("review")
HEAD = "a" * 40
GOOD = {"format": 1, "head": HEAD, "changed": True, "markdown": "| 松河镇 | 91.5 → 90 |"}
BAD: list[Any] = [
    *({key: value for key, value in GOOD.items() if key != left} for left in GOOD),
    *(GOOD | more for more in ({"more": 1}, {"format": 2}, {"format": "1"}, {"format": True})),
    *(GOOD | {"head": head} for head in ("", "A" * 40, "a" * 41, HEAD + "\n", None, "main")),
    *(GOOD | {"changed": changed} for changed in ("true", 1, None)),
    *(GOOD | {"markdown": text} for text in (None, ["x"], "x" * (review.MOST_TEXT + 1))),
    *([], None, 1, "x", [GOOD]),
]


@pytest.mark.parametrize(
    "value", [GOOD, GOOD | {"markdown": "x" * review.MOST_TEXT}, *BAD], ids=str
)
def test_the_script_and_the_schema_have_one_verdict(value: Any) -> None:
    data = json.dumps(value).encode()
    if shape("review").is_valid(value):
        assert review.unpacked(data).head == HEAD
    else:
        with pytest.raises(review.Refused):
            review.unpacked(data)


def test_the_limit_is_that_of_the_schema() -> None:
    schema = json.loads((ROOT / "schema" / "review.schema.json").read_text(encoding="utf-8"))
    assert schema["properties"]["markdown"]["maxLength"] == review.MOST_TEXT


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[" * 100_000, b" " * 300_000])
def test_what_is_no_file_of_ours_is_refused(data: bytes) -> None:
    with pytest.raises(review.Refused):
        review.unpacked(data)


def test_what_is_packed_can_be_unpacked() -> None:
    for text in ("", "成绩", "成" * (review.MOST_TEXT + 5)):
        unpacked = review.unpacked(review.packed(reviewed(text)))
        assert unpacked.markdown == text or unpacked.markdown.endswith(review.MORE)


def reviewed(text: str) -> Any:
    return review.Review(HEAD, changed=True, markdown=text)


def archive(*files: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as into:
        for name, data in files:
            into.writestr(name, data)
    return made.getvalue()


def test_an_archive_gives_no_more_than_one_file_of_so_many_bytes() -> None:
    assert review.in_archive(archive(("review.json", b"{}"))) == b"{}"
    huge = archive(("review.json", b"x" * 50_000_000))
    assert len(huge) < review.MOST_BYTES
    assert len(review.in_archive(huge)) == review.MOST_BYTES + 1
    wrong = [archive(), archive(("../review.json", b"{}"))]
    for data in (b"", b"PK", *wrong, archive(("review.json", b"{}"), ("more", b""))):
        with pytest.raises(review.Refused):
            review.in_archive(data)


@pytest.mark.parametrize(
    "text",
    [
        *("@somebody", "@org/team", "看 #12", "GH-12", "gh-12", "org/repo#3"),
        *("https://example.org/x", "www.example.org", "<!-- kaohe review -->"),
        *("\u202eabc", "a\u200bb", "\x00\x1b[31m", "@\u200b@x", "\ud800"),
    ],
)
def test_nobody_is_called_and_nothing_is_linked(text: str) -> None:
    shown = review.body(reviewed(text)).removeprefix(review.MARK)
    calls = r"(?i)@\w|#\d|GH-\d|://|www\.|<!--|[\x00-\x08\x1b\u202e\ud800]"
    assert not re.search(calls, shown)


def test_a_table_stays_a_table_and_a_long_one_is_cut() -> None:
    table = "### 变化\n\n| 乡镇 | 得分 |\n|---|---|\n| 松河镇 | 91.5 → 90 |"
    shown = review.body(reviewed(table))
    assert table in shown
    assert HEAD[:12] in shown
    long = review.body(reviewed("@" * review.MOST_TEXT))
    assert len(long) <= review.MOST_SHOWN
    assert review.MORE in long
    assert HEAD[:12] in long


def packed(changes: dict[str, object]) -> bytes:
    return archive(("review.json", json.dumps(GOOD | changes).encode()))


class Host:
    """A code host's answers, and what it was asked."""

    def __init__(self) -> None:
        self.archive: bytes | None = packed({})
        self.size = 100
        self.requests = [{"number": 7, "head": {"sha": HEAD}}]
        self.comments: list[dict[str, Any]] = []
        self.written: list[tuple[str, str, str]] = []
        self.tokens: list[tuple[str, str | None]] = []

    def answer(self, method: str, path: str, value: Any) -> Any:
        if method in ("POST", "PATCH"):
            self.written.append((method, path, value["body"]))
            return {}
        if path.startswith("/repos/o/r/actions/runs/5/artifacts?name=review"):
            there = self.archive is not None
            return {"artifacts": [{"id": 9, "size_in_bytes": self.size}] if there else []}
        if path.startswith("/repos/o/r/pulls?state=open"):
            assert path.endswith("&head=clerk%3Asonghe-2026")
            return self.requests
        page = int(path.rpartition("page=")[2])
        assert path.startswith("/repos/o/r/issues/7/comments?per_page=100")
        return self.comments[100 * (page - 1) : 100 * page]


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Host, Any]]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    state = Host()

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.tokens.append((self.path, self.headers.get("Authorization")))
            if self.path == "/repos/o/r/actions/artifacts/9/zip":
                self.send_response(302)
                self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/blob")  # type: ignore[attr-defined]  # the server is one
                self.end_headers()
            elif self.path == "/blob":
                self.give(state.archive or b"")
            else:
                self.give(json.dumps(state.answer("GET", self.path, None)).encode())

        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            value = json.loads(self.rfile.read(size))
            self.give(json.dumps(state.answer(self.command, self.path, value)).encode())

        do_PATCH = do_POST  # noqa: N815 - the library's name

        def give(self, data: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    with serving(Handler) as port:
        yield state, review.Api(f"http://127.0.0.1:{port}", "o/r", "secret")


def post(api: Any) -> str:
    done = review.post(api, "5", HEAD, "clerk", "songhe-2026")
    assert isinstance(done, str)
    return done


def test_a_comment_is_written_once_and_then_renewed(host: tuple[Host, Any]) -> None:
    state, api = host
    assert post(api) == "#7: comment written"
    ((method, path, text),) = state.written
    assert (method, path) == ("POST", "/repos/o/r/issues/7/comments")
    assert text.startswith(review.MARK)
    others = [{"id": n, "user": {"login": "clerk"}, "body": text} for n in range(150)]
    ours = {"id": 555, "user": {"login": review.AUTHOR}, "body": text}
    state.comments = [*others, {**ours, "id": 3, "body": f"> {text}"}, ours]
    assert post(api) == "#7: comment renewed"
    assert state.written[1][:2] == ("PATCH", "/repos/o/r/issues/comments/555")


def test_the_token_goes_to_no_other_host(host: tuple[Host, Any]) -> None:
    state, api = host
    post(api)
    assert dict(state.tokens)["/blob"] is None
    assert {given for path, given in state.tokens if path != "/blob"} == {"Bearer secret"}


def test_nothing_is_said_where_nothing_changed(host: tuple[Host, Any]) -> None:
    state, api = host
    state.archive = packed({"changed": False})
    assert post(api) == "#7: nothing changed"
    assert state.written == []
    state.comments = [{"id": 1, "user": {"login": review.AUTHOR}, "body": review.MARK}]
    assert post(api) == "#7: comment renewed"
    assert review.SAME in state.written[0][2]


def test_only_the_request_that_ends_with_the_commit_is_shown_it(host: tuple[Host, Any]) -> None:
    state, api = host
    state.requests = [{"number": 8, "head": {"sha": "b" * 40}}]
    assert "no open pull request" in post(api)
    state.archive = None
    assert post(api) == "nothing to show"
    assert state.written == []


def test_a_file_about_another_commit_or_too_large_is_refused(host: tuple[Host, Any]) -> None:
    state, api = host
    state.archive = packed({"head": "b" * 40})
    with pytest.raises(review.Refused, match="commit"):
        post(api)
    state.size = review.MOST_BYTES + 1
    with pytest.raises(review.Refused, match="large"):
        post(api)
    assert state.written == []
