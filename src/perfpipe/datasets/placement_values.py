"""What rules about placements ask of single columns."""

from __future__ import annotations

import re
from typing import Any

from perfpipe.frames.libraries import np, pd

OWN_HOME = "P1"
POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2}", re.IGNORECASE)


def given(column: pd.Series[Any]) -> bool:
    """Whether the extract has any value in this column: one that it lacks altogether is not blank row by row."""
    return bool(column.notna().any())


def is_postcode(column: pd.Series[str]) -> pd.Series[bool]:
    """Whether each text has the form of a full British postcode; False where blank."""
    numbers, texts = pd.factorize(column)  # blanks are number -1: the last of the answers
    fits = [POSTCODE.fullmatch(text.strip()) is not None for text in texts]
    return pd.Series(np.array([*fits, False])[numbers], index=column.index)
