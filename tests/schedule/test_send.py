"""Notices reach a mail server and a web address on this machine: once each, and nothing that is data."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import apprise
import pytest

from perfpipe.schedule.due import MonthRun
from perfpipe.schedule.notices import Notice, failure, notices_of
from perfpipe.schedule.outlook import Blocker, MonthOutlook, MonthState, outlooks
from perfpipe.schedule.send import send
from perfpipe.settings.workspace import Workspace
from tests.schedule.months import MAY, at, interviews_come, waiting_workspace

CHANNELS = """
[[notify]]
url_from = "PERFPIPE_TEAM"

[[notify]]
url_from = "PERFPIPE_PLACEMENTS"
on = ["late", "blocked"]
owner = "Placements team"
"""


class _Mail(socketserver.StreamRequestHandler):
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


class _Web(BaseHTTPRequestHandler):
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


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return waiting_workspace(tmp_path, CHANNELS)


def late_notices(workspace: Workspace) -> list[Notice]:
    return notices_of("Exampleshire", [MonthRun(each) for each in outlooks(workspace, at(20))])


def test_who_is_late_is_told_once_by_mail_and_on_the_web(workspace: Workspace) -> None:
    interviews_come(workspace)
    notices = late_notices(workspace)
    with receiver(socketserver.TCPServer, _Mail) as (port, letters), receiver(HTTPServer, _Web) as (web, posted):
        environment = {
            "PERFPIPE_TEAM": f"json://127.0.0.1:{web}",
            "PERFPIPE_PLACEMENTS": f"mailto://127.0.0.1:{port}?from=perfpipe@example.org&to=placements@example.org",
        }
        sent = [send(workspace, notices, environment=environment) for _ in range(2)]

    assert sent == [2, 0]
    assert [json.loads(each)["title"] for each in posted] == ["Exampleshire, May 2018: 1 extract late"]
    assert (
        "Placements of children looked after: due on 8 June 2018 from Placements team, has not come."
        in json.loads(posted[0])["message"]
    )
    assert len(letters) == 1
    assert "placements@example.org" in letters[0]


def test_what_could_not_be_sent_is_said_and_sent_later(workspace: Workspace) -> None:
    notices, said = late_notices(workspace), []
    with receiver(HTTPServer, _Web) as (web, posted):
        dead = {"PERFPIPE_TEAM": "json://127.0.0.1:1", "PERFPIPE_PLACEMENTS": ""}
        assert send(workspace, notices, said.append, dead) == 0
        assert send(workspace, notices, environment={"PERFPIPE_TEAM": f"json://127.0.0.1:{web}"}) == 1
    assert len(posted) == 1
    assert "did not answer" in said[0]
    assert "no PERFPIPE_PLACEMENTS" in said[1]
    assert "127.0.0.1" not in "".join(said)  # addresses hold passwords


def test_an_owner_hears_of_their_own_faults_alone(workspace: Workspace) -> None:
    blockers = (
        Blocker("Missing team", "return_home_interviews", "date_unreadable", "Write it as a date", ("a.csv, row 2",)),
        Blocker("Placements team", "placements", "code_unknown", "Use a code of the list", ("b.csv, row 3",) * 25),
    )
    run = MonthRun(MonthOutlook(MAY, MonthState.BLOCKED, None, (), blockers))
    (notice,) = notices_of("Exampleshire", [run])

    assert notice.subject == "Exampleshire, May 2018: 26 faults stop the run"
    assert notice.text_for("Missing team") == "Write it as a date\n- a.csv, row 2"
    assert notice.text_for("Placements team").endswith("and 5 more: `perfpipe check` lists them")
    assert notice.text_for("Somebody else") == ""
    assert "For Missing team:" in notice.text_for("")


def test_a_failure_is_told_once_a_day(workspace: Workspace) -> None:
    with receiver(HTTPServer, _Web) as (web, posted):
        environment = {"PERFPIPE_TEAM": f"json://127.0.0.1:{web}"}
        for day in (1, 1, 2):
            send(workspace, [failure("Exampleshire", at(day).date(), "the disk is full")], environment=environment)
    assert len(posted) == 2


@pytest.mark.parametrize(
    "address",
    ["workflows://prod-1.uksouth.logic.azure.com:443/a1/b2", "mailtos://user:pw@example.org", "jsons://example.org/x"],
)
def test_addresses_of_the_docs_are_addresses(address: str) -> None:
    assert apprise.Apprise().add(address)
