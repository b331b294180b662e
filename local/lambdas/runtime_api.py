"""Lambda's Runtime API, as documented: what a runtime client asks for its next invocation and tells its answer.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import queue
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

RESPONSE_LIMIT = 6 * 1024 * 1024 + 100  # bytes; AWS names 6291556 in its error message
PREFIX = "/2018-06-01/runtime/"

Kind = Literal["response", "error"]


@dataclass(frozen=True)
class Invocation:
    """One event on its way to a handler. `deadline_ms`: Unix time at which the function's time is over."""

    request_id: str
    payload: bytes
    function_arn: str
    deadline_ms: int
    trace_id: str | None


class RuntimeApi:
    """The API of one execution environment, on a port of its own."""

    def __init__(self) -> None:
        self.idle = threading.Event()  # the client waits for an invocation: initialised, and done with the last one
        self.answers: queue.Queue[tuple[Kind, bytes]] = queue.Queue()
        self._invocations: queue.Queue[Invocation | None] = queue.Queue()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def send(self, invocation: Invocation) -> None:
        self.idle.clear()
        self._invocations.put(invocation)

    def next(self) -> Invocation | None:
        self.idle.set()
        return self._invocations.get()

    def close(self) -> None:
        self._invocations.put(None)
        threading.Thread(target=self._server.end, daemon=True).start()  # takes half a second: nobody waits for it


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A process that was killed leaves its connection: the worker knows, the log need not."""

    def end(self) -> None:
        self.shutdown()
        self.server_close()


def _handler(api: RuntimeApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else each answer waits 40 ms for an acknowledgement
        wbufsize = -1

        def do_GET(self) -> None:
            invocation = api.next() if self.path == PREFIX + "invocation/next" else None
            if invocation is None:
                self._reply(404, b"")
                return
            headers = {
                "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
                "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
                "Lambda-Runtime-Invoked-Function-Arn": invocation.function_arn,
            }
            if invocation.trace_id:
                headers["Lambda-Runtime-Trace-Id"] = invocation.trace_id
            self._reply(200, invocation.payload, headers)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kind: Kind = "response" if self.path.endswith("/response") else "error"
            api.answers.put((kind, body))
            self._reply(413 if kind == "response" and len(body) > RESPONSE_LIMIT else 202, b'{"status":"OK"}')

        def _reply(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
                **(headers or {}),
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        def log_message(self, *_: object) -> None:
            pass

    return Handler
