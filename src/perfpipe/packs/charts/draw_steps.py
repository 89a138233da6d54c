"""Draw steps: a funnel as bars below each other, a bridge from stock to stock, a survival curve."""

from __future__ import annotations

from perfpipe.packs.charts.canvas import Canvas
from perfpipe.packs.charts.look import BAND, FOCUS, INK, LARGE, LETTERS, SMALL, SOFT, TONES
from perfpipe.packs.charts.places import Box, Place, Taken
from perfpipe.packs.charts.plot import LINE_OF_TEXT, Plot, names_of_rows, room_for_numbers, widest, wrapped
from perfpipe.packs.models.drawings import Bridge, Funnel, Survival, Tone

GAP = 8.0
LEAST_BAR = 1.2  # points: a step of 1 among hundreds is seen


def draw_funnel(canvas: Canvas, drawing: Funnel) -> None:
    """Bars with counts and shares in two columns at their right."""
    steps = drawing.steps
    headers = [wrapped(each, canvas.width * 0.2, size=SMALL) for each in (drawing.count_header, drawing.share_header)]
    shown = [step.shown for step in steps], [step.share for step in steps]
    counts, shares = (
        max(widest(words, bold=True), widest(lines, SMALL)) for words, lines in zip(shown, headers, strict=True)
    )
    share_at = canvas.width
    count_at = share_at - shares - 2 * GAP
    right = count_at - counts - GAP
    longest = max((step.count or 0.0 for step in steps), default=0) or 1
    above = max(map(len, headers)) * LINE_OF_TEXT + 2
    height = (canvas.height - above) / max(len(steps), 1)
    names, size = names_of_rows([step.label for step in steps], canvas.width, height, bold=True)
    left = max((widest(lines, size, bold=True) for lines in names), default=0) + 4
    for at, header in zip((count_at, share_at), headers, strict=True):
        for row, line in enumerate(header):
            y = above - 2 - (len(header) - row - 0.5) * LINE_OF_TEXT
            canvas.words(at, y, line, size=SMALL, colour=SOFT, side="right")
    for number, (step, lines) in enumerate(zip(steps, names, strict=True)):
        y, strong = above + (number + 0.5) * height, step.tone is Tone.FOCUS
        half = min(height * 0.31, 9.0)
        if step.count is None:  # a bar of nothing would say that there were none
            canvas.line(((left, y), (right, y)), SOFT, dash="2 3")
        else:
            canvas.box(left, y - half, left + (right - left) * step.count / longest, y + half, TONES[step.tone])
        canvas.line(((left, y - half), (left, y + half)), SOFT)
        for row, line in enumerate(lines):
            at = y + (row - (len(lines) - 1) / 2) * (LINE_OF_TEXT - 1)
            canvas.words(left - 4, at, line, size=size, bold=strong, side="right")
        canvas.words(count_at, y, step.shown, bold=strong, side="right")
        canvas.words(share_at, y, step.share, bold=strong, side="right")


def draw_bridge(canvas: Canvas, drawing: Bridge) -> None:
    """Bars from zero, what came and went between them, and a bracket over those that belong together."""
    steps = drawing.steps
    slot = canvas.width / max(len(steps), 1)
    labels = [[line for part in step.label for line in wrapped(part, slot - 3, size=SMALL)] for step in steps]
    below = max((len(lines) for lines in labels), default=1) * LINE_OF_TEXT + 5
    above = LINE_OF_TEXT * (2.4 if drawing.bracket else 1.2)
    foot, highest = canvas.height - below, max((max(step.top, step.bottom) for step in steps), default=1) or 1

    def y(value: float) -> float:
        return foot - (foot - above) * max(value, 0) / highest

    level = 0.0
    for number, step in enumerate(steps):
        middle = (number + 0.5) * slot
        top, bottom = y(max(step.top, step.bottom)), y(min(step.top, step.bottom))
        canvas.box(middle - slot * 0.33, min(top, bottom - LEAST_BAR), middle + slot * 0.33, bottom, TONES[step.tone])
        canvas.words(middle, min(top, bottom - LEAST_BAR) - 8, step.shown, bold=True, size=LARGE, side="middle")
        for row, line in enumerate(labels[number]):
            canvas.words(middle, foot + 9 + row * LINE_OF_TEXT, line, size=SMALL, side="middle")
        if number:
            canvas.line(((middle - slot * 0.67, y(level)), (middle - slot * 0.33, y(level))), SOFT)
        level = step.top
    canvas.line(((0, foot), (canvas.width, foot)), SOFT)
    if drawing.bracket:
        first, last, words = drawing.bracket
        left, right = (first + 0.17) * slot, (last + 0.83) * slot
        canvas.line(((left, 19), (left, 15), (right, 15), (right, 19)), SOFT)
        canvas.words((left + right) / 2, 7, words, bold=True, side="middle")


def draw_survival(canvas: Canvas, drawing: Survival) -> None:
    """A curve in steps with its band, what is said at some months, and the numbers at risk under it."""
    steps = drawing.steps
    last = max((step.months for step in steps), default=0)
    left = max(room_for_numbers(drawing.axis), 24.0)
    box = Box(left, LINE_OF_TEXT, canvas.width - 16, canvas.height - 4.4 * LINE_OF_TEXT)
    plot = Plot(canvas, box, drawing.axis, last + 1)
    plot.draw_axes([(month, str(month)) for month in range(0, last + 1, 6)])
    curve: list[Place] = []
    upper: list[Place] = []
    lower: list[Place] = []
    for number, step in enumerate(steps):
        end = steps[number + 1].months if number + 1 < len(steps) else step.months
        for line, value in ((curve, step.share), (upper, step.upper), (lower, step.lower)):
            line += [(plot.x(step.months), plot.y(value)), (plot.x(end), plot.y(value))]
    canvas.area([*upper, *reversed(lower)], BAND)
    canvas.line(curve, FOCUS, 1.5)
    taken = Taken([curve])
    for month, words in drawing.marks:
        share = next((step.share for step in reversed(steps) if step.months <= month), None)
        if share is None:
            continue
        at = plot.x(month), plot.y(share)
        canvas.dot(*at, 2.4, FOCUS)
        size = widest([words], LETTERS, bold=True), LINE_OF_TEXT
        heights = [at[1] + side * away for away in range(10, 60, 3) for side in (-1, 1)]
        wanted = [(x, y) for y in heights for x in (at[0] - size[0] / 2, at[0] - size[0], at[0])]
        place = taken.best(size, wanted, Box(box.left, 0, canvas.width, box.bottom))
        canvas.words(place.left, (place.top + place.bottom) / 2, words, bold=True, colour=FOCUS)
    _write_at_risk(plot, drawing)


def _write_at_risk(plot: Plot, drawing: Survival) -> None:
    canvas, steps, y = plot.canvas, drawing.steps, plot.box.bottom
    canvas.words((plot.box.left + plot.box.right) / 2, y + 10 + LINE_OF_TEXT, drawing.axis_label, size=SMALL,
                 colour=SOFT, side="middle")  # fmt: skip
    canvas.words(0, y + 10 + 2 * LINE_OF_TEXT, drawing.at_risk_label, size=SMALL, colour=SOFT)
    for month in range(0, plot.count, 6):
        known = [step.at_risk for step in steps if step.months <= month]
        if known:
            canvas.words(
                plot.x(month), y + 10 + 3 * LINE_OF_TEXT, f"{known[-1]:,}", size=SMALL, colour=INK, side="middle"
            )
