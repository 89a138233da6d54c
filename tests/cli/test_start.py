"""How soon a command starts: what it has no use for is not loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from perfpipe.ledger.ledger import Ledger
from tests.schedule.months import waiting_workspace

START = """
import json, sys
from perfpipe.cli.main import main
try:
    main({arguments!r})
except SystemExit as end:
    print(json.dumps([end.code, sorted({libraries!r} & sys.modules.keys())]), file=sys.stderr)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "unused"),
    [
        ("rules", {"pandas", "numpy", "pyarrow", "sqlalchemy"}),
        ("measures", {"pandas", "numpy", "pyarrow", "sqlalchemy"}),
        ("status", {"pandas", "numpy", "pandera", "pyarrow", "sqlalchemy", "matplotlib"}),
        ("figures", {"pandas", "numpy", "pandera", "pyarrow", "sqlalchemy", "matplotlib", "openpyxl", "jinja2"}),
    ],
)
def test_a_command_loads_no_library_that_it_has_no_use_for(command: str, unused: set[str], tmp_path: Path) -> None:
    workspace = waiting_workspace(tmp_path)
    Ledger.open(workspace.processed).close()
    where = [] if command == "rules" else ["--workspace", str(workspace.root)]
    code = START.format(arguments=[command, *where], libraries=unused)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    ended, loaded = json.loads(done.stderr.splitlines()[-1])
    assert (ended in (0, 2), loaded) == (True, []), done.stderr
