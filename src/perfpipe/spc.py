"""The statistics of assessment. For now: the Wilson score interval (`domain.md` 6.3)."""

from __future__ import annotations

import pandas as pd

Z_95 = 1.96


def wilson(numerator: pd.Series, denominator: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Lower and upper end of the 95% Wilson score interval of proportions, 0 to 1; NaN where n is 0 or absent.

    The formula of the public health technical guidance (OHID), as quoted in `domain.md` 6.3. It describes the
    random variation of the process, not sampling error: the records are a full count.
    """
    n = denominator.where(denominator > 0)
    spread = Z_95 * (Z_95**2 + 4 * numerator * (1 - numerator / n)) ** 0.5
    middle, scale = 2 * numerator + Z_95**2, 2 * (n + Z_95**2)
    return ((middle - spread) / scale).clip(lower=0), ((middle + spread) / scale).clip(upper=1)
