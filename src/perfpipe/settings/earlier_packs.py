"""Packs from before this program: which figures an audience was shown, as a CSV file of its own for each."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from perfpipe.toml_files.models import PathText, Strict


class EarlierPack(Strict):
    """`[[earlier_packs]]` of `perfpipe.toml`: a file, to whom it was shown on which day, and what it was."""

    file: PathText
    audience: Literal["board"] = "board"
    seen_on: date
    note: str = Field(min_length=1)
