"""A person's browser, as small as the load needs: one kept connection, cookies, forms with their token, times by step."""

from __future__ import annotations

import gzip
import http.client
import socket
import time
import uuid
from collections.abc import Callable, Mapping
from http.cookies import SimpleCookie
from urllib.parse import urlencode

HOST = "127.0.0.1"
TIMEOUT_SECONDS, SILENCE_SECONDS = 60, 20


class Browser:
    """Asks and remembers; `note(step, seconds)` hears how long each answer took, to its last byte.

    `address` is the loopback address that it comes from: an office shares one.
    """

    def __init__(self, port: int, note: Callable[[str, float], None], address: str = HOST, cookies: str = "") -> None:
        self._port, self._note, self._address = port, note, address
        self._cookies = {name: morsel.value for name, morsel in SimpleCookie(cookies).items()}
        self._connection: http.client.HTTPConnection | None = None
        self._spoke = 0.0

    def get(self, step: str, path: str) -> str:
        """A page that must be there; its text."""
        return self._ask(step, "GET", path, expected=200)

    def post(self, step: str, path: str, fields: Mapping[str, str]) -> str:
        """A form whose answer leads elsewhere; the address that it leads to."""
        body = urlencode({**fields, "csrfmiddlewaretoken": self._cookies["csrftoken"]}).encode()
        return self._ask(step, "POST", path, body, "application/x-www-form-urlencoded", expected=302)

    def upload(self, step: str, path: str, name: str, content: bytes) -> str:
        """A form with one PDF; the address that its answer leads to."""
        mark = uuid.uuid4().hex
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{self._cookies["csrftoken"]}'
            f'\r\n--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"'
            "\r\nContent-Type: application/pdf\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        return self._ask(step, "POST", path, body, f"multipart/form-data; boundary={mark}", expected=302)

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()

    def _ask(
        self, step: str, method: str, path: str, body: bytes | None = None, kind: str = "", *, expected: int
    ) -> str:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        headers |= {"Accept-Encoding": "gzip"} | ({"Content-Type": kind} if kind else {})
        started = time.perf_counter()
        connection = self._connected()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        self._note(step, time.perf_counter() - started)
        for line in answer.headers.get_all("Set-Cookie", []):
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        text = (gzip.decompress(content) if answer.headers["Content-Encoding"] == "gzip" else content).decode()
        if answer.status != expected:
            raise AssertionError(f"{step}: {path} answered {answer.status}, not {expected}: {text[:500]}")
        return answer.headers["Location"] if expected == 302 else text

    def _connected(self) -> http.client.HTTPConnection:
        """One connection for the whole visit; after a long silence the server has hung up, and it is dialled again."""
        silence, self._spoke = time.monotonic() - self._spoke, time.monotonic()
        if self._connection is None or self._connection.sock is None or silence > SILENCE_SECONDS:
            self.close()
            self._connection = http.client.HTTPConnection(
                HOST, self._port, timeout=TIMEOUT_SECONDS, source_address=(self._address, 0)
            )
            self._connection.connect()
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._connection
