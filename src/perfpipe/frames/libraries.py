"""numpy and pandas, loaded when something of them is first used.

Together they take longer to load than all else that `perfpipe rules`, `measures` and `status` need. What these commands
import takes `np` and `pd` from here, so that a definition that works with rows can be read without any.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

__all__ = ["np", "pd"]


class _WhenUsed:
    """A module that is imported when something of it is first asked for."""

    def __init__(self, load: Callable[[], ModuleType]) -> None:
        self._load = load

    def __getattr__(self, name: str) -> Any:
        value = self.__dict__[name] = getattr(self._load(), name)
        return value


def _numpy() -> ModuleType:
    import numpy

    return numpy


def _pandas() -> ModuleType:
    import pandas

    return pandas


if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
else:
    np, pd = _WhenUsed(_numpy), _WhenUsed(_pandas)
