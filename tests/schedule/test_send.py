"""Notices reach a mail server and a web address on this machine: once each, and nothing that is data."""

from __future__ import annotations

import json
import socketserver
from http.server import HTTPServer
from pathlib import Path

import apprise
import pytest

from perfpipe.schedule.due import MonthRun
from perfpipe.schedule.notices import Notice, failure, notices_of
from perfpipe.schedule.outlook import Blocker, MonthOutlook, MonthState, outlooks
from perfpipe.schedule.send import send
from perfpipe.settings.workspace import Workspace
from tests.schedule.months import MAY, at, interviews_come, waiting_workspace
from tests.schedule.receivers import Mail, Web, receiver

CHANNELS = """
[[notify]]
url_from = "PERFPIPE_TEAM"

[[notify]]
url_from = "PERFPIPE_PLACEMENTS"
on = ["late", "blocked"]
owner = "Placements team"
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return waiting_workspace(tmp_path, CHANNELS)


def late_notices(workspace: Workspace) -> list[Notice]:
    return notices_of("Exampleshire", [MonthRun(each) for each in outlooks(workspace, at(20))])


def test_who_is_late_is_told_once_by_mail_and_on_the_web(workspace: Workspace) -> None:
    interviews_come(workspace)
    notices = late_notices(workspace)
    with receiver(socketserver.TCPServer, Mail) as (port, letters), receiver(HTTPServer, Web) as (web, posted):
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
    with receiver(HTTPServer, Web) as (web, posted):
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
    with receiver(HTTPServer, Web) as (web, posted):
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
