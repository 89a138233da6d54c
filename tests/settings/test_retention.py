"""`[retention]`: what is kept for how long, said as one reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfpipe.schedule.status import status_of
from perfpipe.settings.settings import SettingsError
from tests.builders import make_workspace

HEAD = '[authority]\nname = "X"\n'


def test_without_it_all_is_kept_and_status_says_so(tmp_path: Path) -> None:
    made = make_workspace(tmp_path, HEAD)
    assert not made.settings().retention.is_set
    assert status_of(made).kept == ("kept: everything, for ever, as perfpipe.toml has no [retention]",)


def test_what_is_set_is_said_and_the_rest_is_kept_for_ever(tmp_path: Path) -> None:
    made = make_workspace(tmp_path, f"{HEAD}[retention]\nextracts = 84\n")
    assert status_of(made).kept == (
        "kept: extracts for 84 months",
        "kept: restricted workbooks for ever",
        "kept: corrections for ever",
    )


@pytest.mark.parametrize("wrong", ["extracts = 0", 'extracts = "84"', "extract = 84", "corrections = 1.5"])
def test_what_cannot_be_meant_is_refused(tmp_path: Path, wrong: str) -> None:
    made = make_workspace(tmp_path, f"{HEAD}[retention]\n{wrong}\n")
    with pytest.raises(SettingsError, match=r"perfpipe\.toml, line 4"):
        made.settings()
