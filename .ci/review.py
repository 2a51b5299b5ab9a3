"""The comment under a pull request: packed where the change was read, posted where it can be.

`pack HEAD CHANGED` makes the file that is carried from the one job to the other; `post` runs in
a job that may write comments and has nothing of the change but that file, which anybody may have
made. It is held to schema/review.schema.json and to a size, and nothing in it is a command, a
link or somebody's name. Standard library only, so that this job installs nothing.
"""

import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

FORMAT = 1
NAME = "review.json"
MOST_TEXT = 50_000
MOST_BYTES = 4 * MOST_TEXT
MOST_SHOWN = 65_000
"""What GitHub takes, nearly."""

MARK = "<!-- kaohe review -->"
AUTHOR = "github-actions[bot]"
MORE = "\n\n……（太长，其余见流水线的摘要）"
SAME = "成绩、名次和名单没有变化。"
ORIGIN = "由这个合并请求的流水线算出，版本{head}；以流水线的摘要为准。"
_A_PAGE, _MOST_PAGES = 100, 10
_SHA = re.compile("[0-9a-f]{40}")
_HIDDEN = re.compile("[^\n\t -~\u00a0-\u200a\u2010-\u2027\u2030-\u205f\u2070-\ud7ff\uf900-\uffef]")


class Refused(Exception):  # noqa: N818 - nothing went wrong: this is not to be shown
    """The file is not what it should be."""


@dataclass(frozen=True)
class Review:
    """What a change makes different, as Markdown."""

    head: str
    changed: bool
    markdown: str


# --- the file -------------------------------------------------------------------------


def packed(review: Review) -> bytes:
    """The file's content; a text that is too long is cut off."""
    text = review.markdown
    if len(text) > MOST_TEXT:
        text = text[: MOST_TEXT - len(MORE)] + MORE
    value = {"format": FORMAT, "head": review.head, "changed": review.changed, "markdown": text}
    return json.dumps(value, ensure_ascii=False).encode()


def unpacked(data: bytes) -> Review:
    """What the file says. Raises Refused for anything but schema/review.schema.json asks for."""
    if len(data) > MOST_BYTES:
        raise Refused("too large")
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Refused("no JSON") from error
    if not isinstance(value, dict) or set(value) != {"format", "head", "changed", "markdown"}:
        raise Refused("other keys")
    head, changed, text = value["head"], value["changed"], value["markdown"]
    if type(value["format"]) is not int or value["format"] != FORMAT:
        raise Refused("another format")
    if not isinstance(head, str) or not _SHA.fullmatch(head):
        raise Refused("no commit")
    if not isinstance(changed, bool) or not isinstance(text, str) or len(text) > MOST_TEXT:
        raise Refused("no text, or too long")
    return Review(head, changed, text)


def in_archive(data: bytes) -> bytes:
    """The one file of an archive, and no more of it than it may have. Raises Refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if archive.namelist() != [NAME]:
                raise Refused("other files")
            with archive.open(NAME) as file:
                return file.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise Refused("no archive") from error


# --- the comment ----------------------------------------------------------------------


def body(review: Review) -> str:
    """The comment: nobody is called, nothing is linked, no mark but ours is in it."""
    text = harmless(review.markdown) if review.changed else SAME
    end = f"\n\n<sub>{ORIGIN.format(head=review.head[:12])}</sub>\n"
    room = MOST_SHOWN - len(MARK) - len(MORE) - len(end) - 1
    return f"{MARK}\n{text if len(text) <= room else text[:room] + MORE}{end}"


def harmless(text: str) -> str:
    """The text without what a code host acts upon: names, numbers of issues, links, comments."""
    text = _HIDDEN.sub("", text)
    for sign in ("@", "://", "<!--", "www."):
        text = text.replace(sign, f"{sign[0]}\u200b{sign[1:]}")
    return re.sub(r"(?i)(#|\bGH-)(?=\d)", "\\1\u200b", text)


class Api:
    """The few calls that are needed of a code host's API."""

    def __init__(self, address: str, repository: str, token: str) -> None:
        self.address = f"{address}/repos/{repository}"
        self.token = token

    def ask(self, path: str, value: object = None, method: str = "GET") -> Any:
        """What it answers to a question, or to a value sent."""
        return json.loads(self.raw(f"{self.address}/{path}", value, method))

    def raw(self, url: str, value: object = None, method: str = "GET", most: int = -1) -> bytes:
        data = None if value is None else json.dumps(value).encode()
        request = Request(url, data=data, method=method)  # noqa: S310 - the API's own address
        request.add_header("Accept", "application/vnd.github+json")
        # Not for the place that an archive is fetched from in the end, which is another host.
        request.add_unredirected_header("Authorization", f"Bearer {self.token}")
        with urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
            found: bytes = answer.read(most)
        return found

    def artifact(self, run: str) -> bytes | None:
        """The archive that a run has left, None where it has none."""
        found = self.ask(f"actions/runs/{int(run)}/artifacts?name=review&per_page=2")["artifacts"]
        if not found:
            return None
        if len(found) > 1 or found[0]["size_in_bytes"] > MOST_BYTES:
            raise Refused("too large, or several")
        return self.raw(
            f"{self.address}/actions/artifacts/{int(found[0]['id'])}/zip", most=MOST_BYTES + 1
        )

    def requests(self, head: str, owner: str, branch: str) -> Iterator[int]:
        """The open pull requests whose newest commit this is."""
        wanted = quote(f"{owner}:{branch}", safe="")
        for request in self.ask(f"pulls?state=open&per_page={_A_PAGE}&head={wanted}"):
            if request["head"]["sha"] == head:
                yield int(request["number"])

    def mine(self, request: int) -> int | None:
        """Our comment under a pull request, known by its mark and its author."""
        for page in range(1, _MOST_PAGES + 1):
            path = f"issues/{request}/comments?per_page={_A_PAGE}&page={page}"
            comments = self.ask(path)
            for comment in comments:
                if comment["user"]["login"] == AUTHOR and comment["body"].startswith(MARK):
                    return int(comment["id"])
            if len(comments) < _A_PAGE:
                break
        return None


def post(api: Api, run: str, head: str, owner: str, branch: str) -> str:
    """Show what a run has found under its pull request; what was done, in a few words."""
    archive = api.artifact(run)
    if archive is None:
        return "nothing to show"
    review = unpacked(in_archive(archive))
    if review.head != head:
        raise Refused("another commit")
    done = [_shown(api, review, request) for request in api.requests(head, owner, branch)]
    return ", ".join(done) or "no open pull request ends with this commit"


def _shown(api: Api, review: Review, request: int) -> str:
    mine, text = api.mine(request), {"body": body(review)}
    if mine is not None:
        api.ask(f"issues/comments/{mine}", text, "PATCH")
        return f"#{request}: comment renewed"
    if not review.changed:
        return f"#{request}: nothing changed"
    api.ask(f"issues/{request}/comments", text, "POST")
    return f"#{request}: comment written"


# --- the command line -----------------------------------------------------------------


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["pack"]:
        _, head, changed = arguments
        review = Review(head, changed == "1", sys.stdin.buffer.read().decode())
        sys.stdout.buffer.write(packed(review))
        return 0
    env = os.environ
    api = Api(env["GITHUB_API_URL"], env["GITHUB_REPOSITORY"], env["GH_TOKEN"])
    try:
        done = post(api, env["RUN_ID"], env["HEAD_SHA"], env["HEAD_OWNER"], env["HEAD_BRANCH"])
    except Refused as refused:
        print(f"not shown: {refused}", file=sys.stderr)
        return 1
    print(done)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
