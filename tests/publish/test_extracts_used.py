"""Of each dataset the extract of a month, or how far the last one ran and who sends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfpipe import run
from perfpipe.dates.months import Month
from perfpipe.publish.summaries import extracts_used
from tests.builders import deliver, make_workspace, placement

JUNE = Month(2017, 6)


@pytest.mark.slow
def test_a_missing_extract_says_how_far_the_last_one_ran_and_who_sends_it(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    with workspace.settings_file.open("a", encoding="utf-8") as settings:
        settings.write('\n[owners]\nplacements = "Placements team"\n')
    deliver(workspace, "2017-05", "placements", [placement()])
    with run.open_job(workspace, JUNE) as opened:
        used = extracts_used(opened, run.sources_of(opened, run.receive_files(opened)))
    by_dataset = {each.dataset: each for each in used}
    placements, audits = by_dataset["placements"], by_dataset["audits"]
    assert (placements.extracted_at, placements.last_month, placements.owner) == (None, JUNE - 1, "Placements team")
    assert (audits.extracted_at, audits.last_month, audits.owner) == (None, None, "")  # never came, nobody is named
