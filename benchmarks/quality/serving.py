"""The built site as an office's server would give it out: compressed, over one connection.

Owns a server on this machine for as long as it is needed. Must not change what it serves.
"""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_TEXT = ("text/", "application/json", "application/javascript", "application/xml", "image/svg")


class _Compressed(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        found = path.is_file()
        kind = self.guess_type(path) if found else "text/plain"
        body = path.read_bytes() if found else b"not found"
        self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
        if kind.startswith(_TEXT) and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 6, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        # Without it a browser guesses, and takes Chinese in a script for something else.
        charset = "; charset=utf-8" if kind.startswith("text/") else ""
        self.send_header("Content-Type", f"{kind}{charset}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of `folder` on a server that ends with the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Compressed, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
