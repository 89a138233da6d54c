"""Retention: for how many months what holds values about people is kept; `perfpipe retain` erases what is older."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from perfpipe.toml_files.models import Strict

Months = Annotated[int, Field(ge=1, le=1200, strict=True)]


class Retention(Strict):
    """`[retention]`: months for each kind of thing; what is not set is kept for ever.

    `extracts`: delivered files and their stored copies, from the day on which they were received;
    `restricted_workbooks`: the analyst's, from the day of their run; `corrections`: from the day that each states.
    """

    extracts: Months | None = None
    restricted_workbooks: Months | None = None
    corrections: Months | None = None

    @property
    def is_set(self) -> bool:
        """Whether anything is ever erased by age."""
        return any(months for _, months in self)

    def lines(self) -> Iterator[str]:
        """What is kept how long, in words."""
        if not self.is_set:
            yield "kept: everything, for ever, as perfpipe.toml has no [retention]"
            return
        for name, months in self:
            yield f"kept: {name.replace('_', ' ')} {f'for {months} months' if months else 'for ever'}"
