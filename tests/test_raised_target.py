"""A target raised in mid-year, end to end: what was judged stays, charts step, an old pack can be made again."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from perfpipe.dates.months import Month
from perfpipe.packs import edition
from perfpipe.packs.charts.svg import svg_of
from perfpipe.packs.models.pack import PackContent
from perfpipe.questions.queries import figures_known
from perfpipe.run import run_month
from perfpipe.settings.workspace import Workspace
from tests.test_plan_return import PLAN, no_pack
from tests.workspaces import deliver, episode, new_workspace, one

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("_runs_of_a_year")]  # runs months and writes packs

SEPTEMBER, OCTOBER = Month(2017, 9), Month(2017, 10)
RAISED = '{ from = "2018-03", agreed_on = "2018-03-07"'
SINCE_OCTOBER = '{ from = "2017-10", agreed_on = "2017-10-18"'
ACTIONS, MEETINGS = PLAN.index("[[actions]]"), PLAN.index("[[judgements]]")
RECOMMENDED = PLAN[:ACTIONS] + PLAN[MEETINGS : PLAN.index("[[meetings]]")]
AFTER = RECOMMENDED.replace("2018-03-31", "2017-10-18").replace(RAISED, SINCE_OCTOBER)
BEFORE = "\n".join(line for line in AFTER.splitlines() if SINCE_OCTOBER not in line).replace("2017-10-18", "2017-09-01")


def interviews(month: int, in_time: int, of: int) -> list[dict[str, str]]:
    """Returns of children in a month, so many of them with an interview on the next day."""
    days = [f"{number + 1:02d}/{month:02d}/2017" for number in range(of + 1)]
    return [
        dict(
            episode(
                100 * month + number,
                child_id=f"C{number}",
                missing_from=f"{days[number]} 09:00",
                returned_at=f"{days[number]} 10:00",
                interview_at=f"{days[number + 1]} 10:00" if number < in_time else "",
            )
        )
        for number in range(of)
    ]


def judged(workspace: Workspace, month: Month) -> tuple[float, str, str]:
    figure = one(figures_known(workspace, month), "RHI-06", str(month))
    return figure["value"], figure["target"], figure["status"]


@pytest.mark.soak
def test_a_raised_target_judges_from_its_month_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """September and October both have 11 of 20: met at 50%, near at 60% with a tolerance of 10 points."""
    workspace = new_workspace(tmp_path / "workspace")
    workspace.plan_file.write_text(BEFORE, encoding="utf-8")
    deliver(workspace, "2017-09", "return_home_interviews", interviews(9, 11, 20))
    with monkeypatch.context() as patch:
        patch.setattr("perfpipe.publish.publish._write_packs", no_pack)
        run_month(workspace, SEPTEMBER)
    assert judged(workspace, SEPTEMBER) == (0.55, "0.50", "met")

    workspace.plan_file.write_text(AFTER, encoding="utf-8")
    deliver(workspace, "2017-10", "return_home_interviews", [*interviews(9, 11, 20), *interviews(10, 11, 20)])
    contents: list[PackContent] = []
    write = edition.write_workbook
    monkeypatch.setattr(edition, "write_workbook", lambda *given: (contents.append(given[0]), write(*given)))
    pack = run_month(workspace, OCTOBER).pack
    assert judged(workspace, SEPTEMBER) == (0.55, "0.50", "met")
    assert judged(workspace, OCTOBER) == (0.55, "0.60", "near")

    lines = [[cell.value for cell in line] for line in load_workbook(pack)["RHI-06"]]
    headers = next(line for line in lines if line[:2] == ["Month", "In words"])
    target, status = headers.index("Target"), headers.index("Status")
    october, september = lines[lines.index(headers) + 1 : lines.index(headers) + 3]
    assert (october[1], october[target], october[status]) == ("55% (11 of 20) [p]", 0.6, "Near")
    assert (september[1], september[target], september[status]) == ("55% (11 of 20)", 0.5, "Met")

    page = next(page for page in contents[0].pages if page.measure_id == "rhi_within_72h")
    chart = page.series[0].chart
    (line,) = re.findall(r'd="M([^"]*)"[^>]*stroke-dasharray="4 2.5"', svg_of(chart, 184, 70))
    places = [tuple(map(float, place.split())) for place in line.split("L")]
    (before, after, _) = places[-3:]
    assert (before[0], before[1] > after[1]) == (after[0], True)  # straight up between the last two months
    assert "Target at least 50% from Apr 2017 and at least 60% from Oct 2017." in chart.alt_text
    assert page.series[0].target_source == "Board, D9"

    with monkeypatch.context() as patch:
        patch.setattr(edition, "write_edition", lambda content, folder, manifest, _: (
            contents.append(content), edition.write_manifest(folder, manifest, []),
        ))  # fmt: skip
        rebuilt = run_month(workspace, OCTOBER, plan_of="2017-10-17")
    assert judged(workspace, OCTOBER) == (0.55, "0.50", "met")
    before = hashlib.sha256(BEFORE.encode()).hexdigest()
    marked = f"Plan, as it was: revised on 2017-09-01 ({before[:12]}), not the present plan"
    assert [content.plan_title for content in contents] == ["Plan", marked]
    manifest = json.loads((rebuilt.pack.parent / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["edition"], manifest["plan_sha256"], manifest["plan_of_its_time"]) == (2, before, True)
    assert workspace.plan_file.read_text(encoding="utf-8") == AFTER
    assert pack.exists()
