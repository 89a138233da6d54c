"""Which signals hold where neighbours are alike or a month has few cases (definitions 7.7).

Moving ranges make limits too narrow where each figure resembles the one before, as a few children go missing month
after month; and a month of few cases moves more than the others do.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from perfpipe.assess.run_chart import least_run, likely_correlation
from perfpipe.assess.spc import BASELINE, ControlChart, Numbers, lag_correlation, special_causes


def sure_signals(values: Numbers, cases: Numbers, base: Numbers, chart: ControlChart) -> npt.NDArray[np.bool_]:
    """Of each figure whether it signals still, on the same side, by limits as wide and runs as long as these ask for.

    `cases`: of how many each figure is, NaN of a count; `base`: the figures of the baseline.
    """
    if chart.limits is None:
        return np.zeros(len(values), dtype=np.bool_)
    alike = likely_correlation(lag_correlation(base), int(np.count_nonzero(~np.isnan(base))))
    few = np.ones(len(values))
    if not np.isnan(cases).all():
        few = np.sqrt(np.fmax(1.0, 1 / np.nanmean(1 / cases) / cases))
    drawn_in = chart.limits.mean + (values - chart.limits.mean) * np.sqrt(1 - alike) / few
    found = special_causes(drawn_in, chart.limits, chart.usual, least_run(alike, BASELINE))
    return np.array([
        special is not None and other is not None and special.side == other.side
        for special, other in zip(chart.specials, found, strict=True)
    ], dtype=np.bool_)  # fmt: skip
