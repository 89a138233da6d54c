"""Write a pack as one HTML file: no network, no script needed; the same content always gives the same bytes."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from perfpipe.packs.charts.letters import FONTS
from perfpipe.packs.models.links import ON_THE_WEB, ids_on
from perfpipe.packs.models.pack import PackContent
from perfpipe.packs.web import marks

TEMPLATES = Path(__file__).parent
WEIGHTS = {400: "Regular", 700: "Bold"}


def write_page(content: PackContent, pictures: Mapping[str, str], path: Path) -> None:
    """Write the page. `pictures`: the SVG of every picture by its id, and of every measure's chart by its name."""
    path.write_text(page_of(content, pictures), encoding="utf-8", newline="\n")


def page_of(content: PackContent, pictures: Mapping[str, str]) -> str:
    """The page."""
    template = _environment().get_template("board_pack.html")
    return template.render(
        content=content,
        frame=content.frame,
        pictures=pictures,
        fonts=_fonts(),
        href=_leads(frozenset(_ids(content))),
    )


def _leads(ids: frozenset[str]) -> Callable[[str], str]:
    """Where a link leads: to what is on the page, or to the web; empty where it leads nowhere."""

    def href(link: str) -> str:
        return f"#{link}" if link in ids else link if link.startswith(ON_THE_WEB) else ""

    return href


def _ids(content: PackContent) -> Iterator[str]:
    yield from ids_on(content.board_pages)
    yield from (page.measure_id for page in content.pages)
    yield from (table.table_id for table in content.tables)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "kind": marks.kind,
        "place": marks.place,
        "places": marks.places,
        "has_lines": marks.has_lines,
        "sign": marks.sign,
        "look": marks.look,
        "drawn": marks.drawn,
        "line": marks.line,
        "state_of": marks.state_of,
        "cell_state": marks.cell_state,
        "sort_key": marks.sort_key,
        "words_of": marks.words_of,
        "choices": marks.choices,
        "css_words": marks.css_words,
        "with_link": marks.with_link,
    }
    made.globals |= {"STATUSES": marks.STATUSES, "CHANGES": marks.CHANGES}
    return made


@cache
def _fonts() -> Mapping[int, str]:
    """The fonts by weight, as text."""
    files = {weight: FONTS / f"SourceSansPro-{name}.ttf" for weight, name in WEIGHTS.items()}
    return {weight: base64.b64encode(path.read_bytes()).decode("ascii") for weight, path in files.items()}
