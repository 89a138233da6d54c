"""Pictures: what stands on them stands in full, in letters that can be read, and over nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from itertools import combinations, pairwise
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from PIL import Image

from perfpipe.packs.charts.draw_drawing import canvas_of
from perfpipe.packs.charts.letters import readable, width_of
from perfpipe.packs.charts.look import BETTER, FOCUS, INK, WHITE, WORSE
from perfpipe.packs.charts.places import Box, Taken, apart
from perfpipe.packs.charts.sparkline import sparkline
from perfpipe.packs.charts.svg import svg_of
from perfpipe.packs.models.chart import Axis
from perfpipe.packs.models.drawings import ControlLine, Drawing, PanelLine, Panels, Sparkline, Tone
from tests import drawing_builders as build

SVG = "{http://www.w3.org/2000/svg}"
LEAST = 9.0
CAPITALS = 0.66  # of the size of letters


class Label(NamedTuple):
    words: str
    box: Box


def parts(svg: str, tag: str) -> list[dict[str, str]]:
    """What is drawn, with the properties of its style: lines and areas as `path`, discs as `circle`, and `text`."""
    found = []
    for each in ElementTree.fromstring(svg).iter():
        style = dict(part.strip().split(": ", 1) for part in each.get("style", "").split(";") if part.strip())
        at = {
            name: value.upper() if value.startswith("#") else value for name, value in {**each.attrib, **style}.items()
        }
        at["stroke-dasharray"] = at.get("stroke-dasharray", "").replace(",", " ")
        at["font-size"] = at.get("font-size", "").removesuffix("px")
        if "d" in at:
            at["d"] = at["d"].strip().replace("\n", "").replace("M ", "M").replace(" L ", "L").removesuffix("z").strip()
        is_disc = each.tag == f"{SVG}circle" or "C" in at.get("d", "")
        if (each.tag == f"{SVG}{tag}" and not (tag == "path" and is_disc)) or (tag == "circle" and is_disc):
            found.append(at)
    return found


def labels(svg: str) -> list[Label]:
    found = []
    for text in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        style = dict(part.strip().split(": ", 1) for part in text.attrib["style"].split(";"))
        letters = re.search(r"(?:(\d+) )?([\d.]+)px", style.get("font") or style["font-size"])
        assert letters is not None
        size, words = float(letters[2]), text.text or ""
        wide = width_of(words, size, bold=letters[1] == "700")
        anchor = style.get("text-anchor", "start")
        left = float(text.attrib["x"]) - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        foot = float(text.attrib["y"])
        found.append(Label(words, Box(left, foot - size * CAPITALS, left + wide, foot)))
    return found


def drawn(name: str) -> str:
    return svg_of(*build.DRAWINGS[name])


def control(drawing: Drawing) -> str:
    return svg_of(drawing, 184, 70)


every_drawing = pytest.mark.parametrize("name", build.DRAWINGS)


@every_drawing
def test_words_stand_on_the_picture_and_none_over_another(name: str) -> None:
    svg = drawn(name)
    width, height = (float(number) for number in ElementTree.fromstring(svg).attrib["viewBox"].split()[2:])
    said = labels(svg)
    assert said
    for words, box in said:
        assert box.left >= -0.1, words
        assert box.right <= width + 0.1, words
        assert box.top >= -0.1, words
        assert box.bottom <= height + 0.1, words
    for one, other in combinations(said, 2):
        apart_across = one.box.right <= other.box.left or other.box.right <= one.box.left
        apart_down = one.box.bottom <= other.box.top or other.box.bottom <= one.box.top
        assert apart_across or apart_down, (one.words, other.words)


@every_drawing
def test_letters_are_large_enough_and_the_same_is_drawn_again_without_ids(name: str) -> None:
    svg = drawn(name)
    assert min(float(text["font-size"]) for text in parts(svg, "text")) >= LEAST
    assert svg == drawn(name)
    assert " id=" not in svg
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")


def test_a_percentage_begins_at_0_and_its_line_is_open_where_months_have_no_figure() -> None:
    lines = [
        path["d"]
        for path in parts(drawn("hard-line"), "path")
        if path.get("stroke") == FOCUS and path["fill"] == "none"
    ]
    assert len([line for line in lines if line.count("L") > 2]) == 2  # before and after the gap
    assert {"0", "100%"} <= {label.words for label in labels(drawn("hard-line"))}


def test_the_target_is_a_step_in_the_month_in_which_it_changed() -> None:
    (target,) = [path["d"] for path in parts(drawn("control"), "path") if path.get("stroke-dasharray") == "4 2.5"]
    places = [tuple(map(float, each.split())) for each in target[1:].split("L")]
    rise = [(one, other) for one, other in pairwise(places) if one[1] != other[1]]
    assert len(rise) == 1
    assert rise[0][0][0] == rise[0][1][0]  # upright


def test_a_range_has_both_its_ends() -> None:
    assert len([path for path in parts(drawn("stock"), "path") if path.get("stroke-dasharray") == "4 2.5"]) == 2


def test_a_provisional_figure_is_hollow_and_a_signal_has_its_colour_and_shape() -> None:
    last = parts(drawn("hard-line"), "circle")[-1]
    assert (last["fill"], last["stroke"]) == (WHITE, WORSE)  # the newest figure has the colour of the change
    assert [path for path in parts(drawn("hard-line"), "path") if path["fill"] == WORSE]  # a square
    assert [dot for dot in parts(drawn("control"), "circle") if dot["fill"] == BETTER]  # since it moved
    assert [path for path in parts(drawn("measure"), "path") if path["fill"] == BETTER]  # a diamond, as words say


def test_labels_at_one_height_stand_apart_with_a_leader() -> None:
    points = tuple(
        replace(point, target_band=(47, 47), lines=build.Lines(47, 20, 70, is_trial=False)) for point in build.SERIES
    )
    said = {label.words: label.box for label in labels(control(replace(build.CONTROL, points=points)))}
    boxes = sorted((said[words] for words in ("March 47%", "target 60%", "average 50%")), key=lambda box: box.top)
    assert all(upper.bottom <= lower.top for upper, lower in pairwise(boxes))


def test_a_month_without_a_figure_at_the_end_has_no_label_beside_it() -> None:
    points = (*build.SERIES[:-1], build.point(35, None, (60, 60)))
    drawing: ControlLine = replace(build.CONTROL, points=points)
    assert "March 47%" not in {label.words for label in labels(control(drawing))}
    assert "target 60%" in {label.words for label in labels(control(drawing))}


def test_a_bar_is_as_long_as_its_count_and_nothing_has_none() -> None:
    bars = [path["d"] for path in parts(drawn("funnel"), "path") if path["fill"] != "none"]
    widths = [float(bar.split("L")[1].split()[0]) - float(bar[1:].split()[0]) for bar in bars]
    assert [round(width / widths[0], 2) for width in widths] == [1, 0.9, 0.67, 0.52, 0.44, 0.42]
    nothing = [path["d"] for path in parts(drawn("nobody"), "path") if path["fill"] == FOCUS]
    assert float(nothing[0].split("L")[1].split()[0]) == float(nothing[0][1:].split()[0])


def test_words_go_where_nothing_is() -> None:
    taken = Taken(lines=[[(0, 10), (100, 10)]])
    within = Box(0, 0, 100, 40)
    first = taken.best((20, 8), [(10, 10), (10, 30)], within)
    assert first == Box(10, 26, 30, 34)
    assert taken.best((20, 8), [(10, 30), (60, 30)], within) == Box(60, 26, 80, 34)  # the first is taken now
    assert taken.best((20, 8), [(95, 20)], within).right <= 100  # none fits: moved in


def test_labels_at_an_edge_move_inwards() -> None:
    assert apart([100, 100], [10, 10], 0, 100) == [90, 100]


def test_markup_in_words_is_words() -> None:
    odd = replace(build.FUNNEL.steps[0], label="A <b>&\"' \u0007😀")
    svg = svg_of(replace(build.FUNNEL, steps=(odd, *build.FUNNEL.steps[1:])), 184, 56)
    assert "A <b>&\"' ?" in {label.words for label in labels(svg)}


def test_a_step_without_a_figure_is_no_bar_of_nothing() -> None:
    def dashed_with(count: float | None) -> int:
        step = replace(build.FUNNEL.steps[1], count=count)
        svg = svg_of(replace(build.FUNNEL, steps=(build.FUNNEL.steps[0], step)), 184, 56)
        return sum(path.get("stroke-dasharray", "none") not in ("", "none") for path in parts(svg, "path"))

    assert (dashed_with(None), dashed_with(0.0), dashed_with(66.0)) == (1, 0, 0)


@pytest.mark.parametrize(
    ("words", "shown"), [("\u2011 ½ Gâr", "- ½ Gâr"), ("日\u200b!", "?!"), ("−1\u00a0%", "−1\u00a0%")]
)
def test_letters_that_the_font_lacks_are_replaced(words: str, shown: str) -> None:
    assert readable(words) == shown


# --- the small line beside a figure -----------------------------------------------------------------------------------


def line(
    *values: float | None, target: float | None = None, tone: Tone = Tone.PLAIN, hollow: bool = False
) -> Sparkline:
    return Sparkline(values, (target,) * len(values), 10, tone, hollow=hollow)


def heights(svg: str, number: int = 0) -> list[float]:
    path = parts(svg, "path")[number]["d"].replace("M", " M ").replace("L", " L ").split()
    return [float(each) for each in path[2::3]]


def test_a_small_line_is_flat_where_chance_alone_moves_it_and_open_at_a_gap() -> None:
    flat, wide = heights(sparkline(line(50, 51, 50, 50.5))), heights(sparkline(line(50, 90, 50, 90)))
    assert max(flat) - min(flat) < 2 < 10 < max(wide) - min(wide)
    assert parts(sparkline(line(1, 2, None, 4, 5)), "path")[0]["d"].count("M") == 2


def test_its_dot_has_the_colour_of_the_movement_and_is_hollow_where_provisional() -> None:
    assert parts(sparkline(line(1, 2, tone=Tone.WORSE)), "circle")[-1]["fill"] == WORSE
    assert parts(sparkline(line(1, 2)), "circle")[-1]["fill"] == INK
    assert (
        parts(sparkline(line(1, 2, tone=Tone.BETTER, hollow=True)), "circle")[-1] | {"fill": WHITE, "stroke": BETTER}
        == (parts(sparkline(line(1, 2, tone=Tone.BETTER, hollow=True)), "circle")[-1])
    )


def test_one_month_alone_is_a_dot_and_none_at_all_is_nothing() -> None:
    assert len(parts(sparkline(line(None, 7, None, 9, 10)), "circle")) == 2
    assert len(parts(sparkline(line(9.0)), "circle")) == 1
    assert parts(sparkline(line(None, None, target=3)), "path") == []


# --- the same for a workbook ------------------------------------------------------------------------------------------


def test_a_workbook_has_the_same_picture_in_pixels() -> None:
    canvas = canvas_of(*build.DRAWINGS["control"])
    png = canvas.png()
    picture = Image.open(BytesIO(png)).convert("RGB")
    assert picture.size == (1390, 529)  # 184 by 70 mm at 192 to the inch
    assert picture.getpixel((0, 0)) == (255, 255, 255)
    assert tuple(bytes.fromhex(FOCUS[1:])) in {colour for _, colour in picture.getcolors(1 << 20) or []}
    assert png == canvas.png()


def test_words_stand_on_the_colour_of_what_is_behind_them() -> None:
    taken = Taken(shades=[(Box(0, 0, 100, 50), "#E4E9EF")])
    assert taken.ground(Box(10, 10, 60, 20), "#FFFFFF") == "#E4E9EF"
    assert taken.ground(Box(10, 60, 60, 70), "#FFFFFF") == "#FFFFFF"
    assert taken.ground(Box(10, 45, 60, 55), "#FFFFFF") == ""  # over its edge: nothing is hidden


def test_the_marker_of_a_newest_month_without_a_figure_stands_where_that_month_is() -> None:
    line = PanelLine("One", (10.0, 12.0, 11.0, None), (None,) * 4, "", "[x]", "")
    drawing = Panels(Axis(0.0, 20.0, (0.0, 10.0, 20.0), "%", True), (line,), ((0, "2017"), (3, "2018")))
    svg = svg_of(drawing, 90, 40)
    (marker,) = [label for label in labels(svg) if label.words == "[x]"]
    (first,) = [label for label in labels(svg) if label.words == "2017"]
    (last,) = [label for label in labels(svg) if label.words == "2018"]
    assert marker.box.left > (first.box.left + last.box.right) / 2
