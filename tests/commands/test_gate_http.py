"""The gate for real: a bare repository behind git's own web server program, with passwords.

A clerk and the office push over HTTP from clones of their own; the hook is the one of the
manual. What the pusher sees are git's `remote:` lines.
"""

import base64
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests import repositories
from tests.cases import FIRST_BOOK
from tests.repositories import Said, append, commit, forged, fresh, git, guarded, replace, tried
from tests.serving import Quiet, serving
from tests.texts import CHINESE

SONGHE, QINGSHAN = (f"data/2025/townships/{name}.yaml" for name in ("songhe", "qingshan"))


def backend() -> Path | None:
    """The program that comes with git, None where it does not."""
    done = subprocess.run(["git", "--exec-path"], capture_output=True, text=True)
    program = Path(done.stdout.strip()) / "git-http-backend"
    return program if program.is_file() else None


pytestmark = pytest.mark.skipif(backend() is None, reason="git http-backend is not installed")


class Server(Quiet, BaseHTTPRequestHandler):
    """CGI in its smallest form; whoever gives a password is who the name says."""

    projects: Path

    def do_GET(self) -> None:
        kind, _, given = self.headers.get("Authorization", "").partition(" ")
        if kind != "Basic":
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="kaohe"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        path, _, query = self.path.partition("?")
        env = {
            **os.environ,
            "GIT_PROJECT_ROOT": str(self.projects),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "HTTP_GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REMOTE_USER": base64.b64decode(given).decode().partition(":")[0],
            "REMOTE_ADDR": "127.0.0.1",
        }
        done = subprocess.run(
            [str(backend())], input=self.body(), env=env, stdout=subprocess.PIPE, check=True
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        rows = [row.partition(": ") for row in head.decode().split("\r\n")]
        status = next((value for name, _, value in rows if name == "Status"), "200")
        self.send_response(int(status[:3]))
        for name, _, value in rows:
            if name != "Status":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET  # noqa: N815 - the library's name

    def body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)


@dataclass
class Place:
    """The server's repository, and everybody's clone by account."""

    bare: Path
    clones: dict[str, Path]

    def push(self, account: str, *arguments: str, subject: str = "") -> Said:
        """What is pushed by this account, with all that it has changed where there is a subject."""
        if subject:
            commit(self.clones[account], subject)
        said = tried(self.clones[account], "push", *(arguments or ("origin", "HEAD:main")))
        assert "Traceback" not in said.text
        return said

    def fresh(self, account: str) -> Path:
        return fresh(self.clones[account])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    top = tmp_path_factory.mktemp("服务器 server")
    bare = guarded(top)
    git(bare, "config", "http.receivepack", "true")
    with serving(type("Here", (Server,), {"projects": bare.parent})) as port:
        clones = {account: top / account for account in ("songhe-clerk", "office", "somebody")}
        for account in clones:
            git(top, "clone", "-q", f"http://{account}:x@127.0.0.1:{port}/city.git", account)
        yield Place(bare, clones)


def refused(said: Said, *lines: str) -> None:
    """Git says no, and the pusher sees these problem lines, in Chinese."""
    assert said.code != 0, said.text
    remote = [row.removeprefix("remote: ").rstrip() for row in said.text.splitlines()]
    for line in lines:
        row = next((row for row in remote if row.startswith(line)), "")
        assert CHINESE.search(row), said.text
    problems = [row for row in remote if re.match(r"\S+:\d+:\d+: error\[", row)]
    assert len(problems) == len(lines), said.text
    assert "pre-receive hook declined" in said.text


def new_year(clone: Path) -> None:
    text = (clone / "data/2025/assessment.yaml").read_text(encoding="utf-8")
    text = text.replace("2025", "2026").replace("status: final", "status: open")
    text = re.sub(r"dates: .*", "dates: {submit_by: 2027-01-10}", text)
    (clone / "data/2026").mkdir()
    (clone / "data/2026/assessment.yaml").write_text(text, encoding="utf-8")
    for township in ("songhe", "qingshan"):
        append(
            clone,
            f"data/2026/townships/{township}.yaml",
            repositories.a_year_later(clone, township),
        )


def test_who_pushes_what(place: Place) -> None:
    """One story, in the order in which it happens."""
    new_year(place.fresh("office"))
    said = place.push("office", subject="开始2026年度")
    assert said.code == 0, said.text

    # A good file goes in; so do branches, whatever is in them.
    clerk = place.fresh("songhe-clerk")
    own, others = (path.replace("2025", "2026") for path in (SONGHE, QINGSHAN))
    replace(clerk, own, "receptions: 126", "receptions: 120")
    assert place.push("songhe-clerk", subject="120").code == 0
    assert git(place.bare, "rev-parse", "main") == git(clerk, "rev-parse", "HEAD")
    append(clerk, others, "# 建议")
    proposal = ("origin", "HEAD:refs/heads/proposal")
    assert place.push("songhe-clerk", *proposal, subject="建议").code == 0

    # A bad file is refused, at its line.
    replace(place.fresh("songhe-clerk"), own, "receptions: 120", "receptions: 很多")
    said = place.push("songhe-clerk", subject="改")
    refused(said, f"{own}:5:13: error[wrong-type] receptions: ")

    # Another township's file, a rulebook; what a published year rests on, even by the office.
    # Somebody who is not known.
    for account, path, codes in (
        ("songhe-clerk", others, ["not-yours"]),
        ("songhe-clerk", FIRST_BOOK, ["not-yours", "locked-file-changed"]),
        ("office", FIRST_BOOK, ["locked-file-changed"]),
        ("office", SONGHE, ["locked-file-changed"]),
        ("somebody", own, ["unknown-author"]),
    ):
        append(place.fresh(account), path, "# 改")
        at = "data/owners.yaml" if account == "somebody" else path
        said = place.push(account, subject="改")
        refused(said, *(f"{at}:1:1: error[{code}]: " for code in codes))

    # A receipt, a branch that goes back, a branch that goes away.
    git(place.fresh("office"), "rm", "-q", "data/2025/published.json")
    said = place.push("office", subject="改")
    refused(said, "data/2025/published.json:1:1: error[receipt-removed]: ")
    commit(place.fresh("office"), "重写", "--amend")
    back = place.push("office", "--force", "origin", "HEAD:main")
    refused(back, "refs/heads/main:1:1: error[branch-rewritten]: ")
    assert place.push("office", "origin", ":main").code != 0

    # The office merges what a clerk proposed: it is the pusher who counts.
    office = place.fresh("office")
    git(office, "merge", "-q", "--no-ff", "-m", "合并：青杉镇的建议", "origin/proposal")
    assert place.push("office").code == 0
    assert git(place.bare, "show", f"main:{others}").endswith("# 建议")


def attack(clerk: Path, wanted: str) -> None:
    """A commit that takes the place of the newest one on main, and all below it."""
    replace(clerk, "data/owners.yaml", "qingshan: [qingshan-clerk]", "qingshan: [songhe-clerk]")
    append(clerk, QINGSHAN, "# 改")
    append(clerk, SONGHE, "# 改")
    evil = commit(clerk, "冒充")
    whats = ("", "^{tree}", ":data", ":data/owners.yaml", f":{QINGSHAN}", f":{SONGHE}")
    pairs = [[git(clerk, "rev-parse", name + what) for name in (wanted, evil)] for what in whats]
    for old, new in pairs:
        git(clerk, "replace", "-f", old, new)


def test_nothing_is_laid_over_what_the_server_has(place: Place) -> None:
    """Anybody may make refs/replace; the gate neither takes them nor is taken in by them."""
    main = git(place.bare, "rev-parse", "main")
    clerk = place.fresh("songhe-clerk")
    attack(clerk, main)
    names = git(clerk, "for-each-ref", "--format=%(refname)", "refs/replace").split()
    lines = [f"{name}:1:1: error[strange-reference]: " for name in names]
    refused(place.push("songhe-clerk", "origin", "refs/replace/*:refs/replace/*"), *lines)
    assert git(place.bare, "for-each-ref", "refs/replace") == ""
    for ref in ("refs/notes/x", "refs/x"):
        said = place.push("songhe-clerk", "origin", f"{main}:{ref}")
        refused(said, f"{ref}:1:1: error[strange-reference]: ")

    # They are there all the same: from before the hook, or from another way in.
    hook = place.bare / "hooks" / "pre-receive"
    hook.rename(hook.with_name("aside"))
    assert place.push("songhe-clerk", "origin", "refs/replace/*:refs/replace/*").code == 0
    hook.with_name("aside").rename(hook)
    assert git(place.bare, "show", "main:data/owners.yaml").count("songhe-clerk") == 2
    for name in names:
        git(clerk, "update-ref", "-d", name)

    # Git itself would now say that the account may; the gate does not.
    codes = {"data/owners.yaml": "not-yours", QINGSHAN: "not-yours", SONGHE: "locked-file-changed"}
    for path, code in codes.items():
        append(place.fresh("songhe-clerk"), path, "# 又改")
        said = place.push("songhe-clerk", subject="又改")
        assert f"remote: {path}:1:1: error[{code}]: " in said.text, said.text
        assert said.code != 0
    commit(place.fresh("songhe-clerk"), "重写", "--amend")
    said = place.push("songhe-clerk", "--force", "origin", "HEAD:main")
    assert "error[branch-rewritten]" in said.text
    assert git(place.bare, "--no-replace-objects", "rev-parse", "main") == main
    for name in names:
        git(place.bare, "update-ref", "-d", name)


def test_a_tree_that_git_fsck_refuses_is_not_taken(place: Place) -> None:
    clerk = place.fresh("songhe-clerk")
    git(clerk, "branch", "-q", "-f", "main", "HEAD")
    rows = git(clerk, "ls-tree", "HEAD").splitlines()
    ids = {row.split("\t")[1]: row.split()[2] for row in rows}
    twice = [("data", ids["data"]), ("data", ids["schema"]), ("schema", ids["schema"])]
    head = forged(clerk, *(("40000", name, id_) for name, id_ in twice))
    for ref in ("refs/heads/main", "refs/heads/idea", "refs/tags/v1"):
        said = place.push("songhe-clerk", "origin", f"{head}:{ref}")
        refused(said, f"{ref}:1:1: error[broken-object]: ")
