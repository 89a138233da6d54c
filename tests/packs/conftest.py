"""One pack of made-up figures, and what of it a ledger would keep as shown; a module may have a pack of its own."""

from __future__ import annotations

import pandas as pd
import pytest

from perfpipe.measures.figure import KEY
from perfpipe.packs.content.shown_figures import shown_cells
from perfpipe.packs.models.pack import PackContent
from tests import pack_builders as build


@pytest.fixture(scope="module")
def content() -> PackContent:
    return build.content()


@pytest.fixture(scope="module")
def published(content: PackContent) -> pd.Series[str]:
    """What the ledger keeps as shown, by measure, month, period, breakdown and group."""
    return shown_cells(content, build.assessed()).set_index(list(KEY))["shown"]
