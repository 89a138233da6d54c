"""A mail server and a web address on this machine, which keep what they are sent."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler


class Mail(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 test\r\n")
        in_data, letter = False, []
        for line in self.rfile:
            if in_data:
                if line == b".\r\n":
                    self.server.received.append(b"".join(letter).decode())
                    in_data = False
                    self.wfile.write(b"250 taken\r\n")
                letter.append(line)
            elif line.upper().startswith(b"DATA"):
                in_data, letter = True, []
                self.wfile.write(b"354 go on\r\n")
            elif line.upper().startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 fine\r\n")


class Web(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.server.received.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def receiver(server: type[socketserver.TCPServer], handler: type) -> Iterator[tuple[int, list[str]]]:
    with server(("127.0.0.1", 0), handler) as at_work:
        at_work.received = []
        threading.Thread(target=at_work.serve_forever, daemon=True).start()
        yield at_work.server_address[1], at_work.received
        at_work.shutdown()
