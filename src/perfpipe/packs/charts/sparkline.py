"""A sparkline as SVG: its line, its target, and its last figure as a dot."""

from __future__ import annotations

from collections.abc import Sequence

from perfpipe.packs.charts.look import INK, SOFT, TONES
from perfpipe.packs.models.drawings import Sparkline, Tone

WIDTH, HEIGHT = 76.54, 19.84  # points: 27 by 7 mm
BESIDE, ABOVE = 4.0, 3.0  # room for half a dot
LINE, TARGET, DOT, ALONE = 1.1, 0.7, 2.2, 1.3


def sparkline(line: Sparkline) -> str:
    """The SVG; with nothing on it where there is no figure."""
    seen = [value for value in (*line.values, *line.targets) if value is not None]
    if not seen or all(value is None for value in line.values):
        return _svg("")
    low, high = min(seen), max(seen)
    lacking = max(line.least_height - (high - low), 0)
    low, high = low - lacking / 2, high + lacking / 2
    steps, span = max(len(line.values) - 1, 1), (high - low) or 1

    def at(place: int, value: float) -> str:
        x = 1 + (WIDTH - BESIDE - 1) * place / steps
        return f"{x:.2f} {HEIGHT - ABOVE - (HEIGHT - 2 * ABOVE) * (value - low) / span:.2f}"

    parts = []
    if target := _path(line.targets, at):
        parts.append(
            f'<path d="{target}" fill="none" stroke="{INK}" stroke-width="{TARGET}" stroke-dasharray="2.2 1.6"/>'
        )
    drawn = _path(line.values, at)
    parts.append(f'<path d="{drawn}" fill="none" stroke="{SOFT}" stroke-width="{LINE}" stroke-linejoin="round"/>')
    parts += [_dot(at(place, value), ALONE, SOFT, SOFT) for place, value in _alone(line.values)]
    last = line.values[-1]
    if last is not None:
        colour = INK if line.tone in (Tone.PLAIN, Tone.FOCUS) else TONES[line.tone]
        parts.append(_dot(at(len(line.values) - 1, last), DOT, "#FFFFFF" if line.hollow else colour, colour))
    return _svg("".join(parts))


def _svg(body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}pt" height="{HEIGHT}pt" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">{body}</svg>'
    )


def _path(values: Sequence[float | None], at: object) -> str:
    assert callable(at)
    drawn = []
    pen = "M"
    for place, value in enumerate(values):
        drawn.append("" if value is None else f"{pen}{at(place, value)}")
        pen = "M" if value is None else "L"
    return "".join(drawn)


def _alone(values: Sequence[float | None]) -> list[tuple[int, float]]:
    """Figures without a neighbour, which no line shows; the last has its dot."""
    around = (None, *values, None)
    return [
        (place, value)
        for place, value in enumerate(values[:-1])
        if value is not None and around[place] is None and around[place + 2] is None
    ]


def _dot(at: str, radius: float, fill: str, edge: str) -> str:
    x, y = at.split()
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}" stroke="{edge}" stroke-width="{LINE}"/>'
