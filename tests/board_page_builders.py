"""Made-up pages of a board pack with every block and every drawing, and the values that are hardest to place."""

from __future__ import annotations

from dataclasses import replace

from perfpipe.packs.models.blocks import (
    Align,
    BoardPage,
    DataTable,
    Heading,
    ItemList,
    Manner,
    PageFrame,
    Paragraph,
    Picture,
    SideBySide,
    Sign,
    SignedWord,
    TableCell,
    TableColumn,
    TableRows,
    TallyOf,
    TallyPart,
    Terms,
    Text,
    Tile,
    Tiles,
    Words,
)
from perfpipe.packs.models.chart import Figure
from perfpipe.packs.models.drawings import Drawing, Sparkline, Tone
from tests.drawing_builders import DRAWINGS

FRAME = PageFrame(
    authority="Exampleshire",
    pack="Improvement Board pack · March 2018 · edition 1",
    data_age="Data to 31 March 2018, 6 days old when received",
    audience="For members of the Board. Not for publication.",
)
KEY = ("rhi_within_72h", "2018-03", "month", "all", "all")
FALLING = Sparkline(
    values=(88, 87, 88, 86, None, 87, 88, 85, 86, 80, 75, 70, 72, 71, 68, 66, 69, 67.0),
    targets=(None,) * 9 + (75.0,) * 9,
    least_height=10,
    tone=Tone.WORSE,
    hollow=False,
)
FLAT = Sparkline((50, 51, 50.5, None, 50), (None,) * 5, 10, Tone.PLAIN, hollow=True)
FIRST = Sparkline((None,) * 23 + (17.2,), (18.0,) * 24, 1.4, Tone.PLAIN, hollow=False)
NAMES = (
    "Interviews completed within 72 hours",
    "Children placed over 20 miles from home and outside the boundary of the authority",
    "Children looked after",
)


def text(*parts: str | Words) -> Text:
    return tuple(part if isinstance(part, Words) else Words(part) for part in parts)


def tile(sign: Sign, word: str, shown: str, counts: str, status: SignedWord, line: Sparkline | None = FALLING) -> Tile:
    sentence = "Below the 75% target since August 2017. A year ago 86%."
    return Tile(
        replace(Figure.absent("[x]", "extract missing", KEY), shown=shown),
        NAMES[0],
        "scorecard",
        SignedWord(word, sign, "since September 2017"),
        shown,
        counts,
        sentence,
        line,
        status,
    )


TILES = Tiles(
    ("Change", "March 2018", "In words", "24 months and target"),
    (
        tile(Sign.WORSE_DOWN, "Worse", "67%", "211 of 317", SignedWord("Missed", Sign.MISSED, "target 75%")),
        tile(Sign.LOWER, "Lower", "100%", "12,317 of 12,317", SignedWord("Near", Sign.NEAR, "at most 12.5%")),
        tile(Sign.BETTER_UP, "Better", "0%", "0 of 66", SignedWord("Met", Sign.MET, "580 to 630"), FLAT),
        tile(Sign.NO_CLEAR_CHANGE, "No clear change", "[x]", "", SignedWord("No data", Sign.NO_DATA), None),
        tile(Sign.NOT_TESTED, "Not tested", "1,234.5", "children", SignedWord("Met", Sign.MET, "at least 60%"), FIRST),
    ),
)
TALLY = TallyOf(
    (
        TallyPart("Met", Sign.MET, 7),
        TallyPart("Near", Sign.NEAR, 6),
        TallyPart("Missed", Sign.MISSED, 12),
        TallyPart("No data", Sign.NO_DATA, 0),
    )
)
HARD = (
    (
        "100%",
        "12,317 of 12,317",
        "100%",
        "at least 95%",
        "met 12 of 12",
        Sign.MET,
        "Met",
        "will meet",
        Sign.BETTER_UP,
        "Better",
        "since Sep 2017",
    ),
    (
        "0%",
        "0 of 66",
        "12.3%",
        "at most 12.5%",
        "met 0 of 12",
        Sign.MISSED,
        "Missed",
        "provisional",
        Sign.WORSE_UP,
        "Worse",
        "since Jun 2017",
    ),
    (
        "653",
        "",
        "617",
        "1,180 to 1,230",
        "met 2 of 12",
        Sign.NEAR,
        "Near",
        "hit or miss",
        Sign.NO_CLEAR_CHANGE,
        "No clear change",
        "",
    ),
    (
        "[x]",
        "no extract",
        "none",
        "at least 60%",
        "met 0 of 0",
        Sign.NO_DATA,
        "No data",
        "",
        Sign.NOT_TESTED,
        "Not tested",
        "no figure",
    ),
    (
        "46.5%",
        "46.5 of 281.3",
        "14%",
        "at most 14%",
        "met 6 of 12",
        Sign.MET,
        "Met",
        "few cases",
        Sign.HIGHER,
        "Higher",
        "could be chance",
    ),
)


def scorecard(rows: int = 25) -> DataTable:
    columns = (
        TableColumn("Measure, and which way is good", 54.5),
        TableColumn("24 months", 23),
        TableColumn("March", 21.5, Align.RIGHT),
        TableColumn("Year ago", 11.5, Align.RIGHT),
        TableColumn("Target, months met", 22),
        TableColumn("Status, outlook", 21.5),
        TableColumn("Change", 30),
    )
    groups = (
        "Return home interviews",
        "Children looked after",
        "Social workers",
        "Quality and timeliness of practice",
        "Adopters",
    )
    size = -(-rows // len(groups))
    parts = [range(rows)[n * size : (n + 1) * size] for n in range(len(groups))]
    return DataTable(
        "scorecard-table",
        "Every measure that has a target",
        columns,
        tuple(TableRows(title, tuple(_row(n) for n in part)) for title, part in zip(groups, parts, strict=True)),
        "Line: own scale, at least 10 points high; dashes are the target; a hollow dot is provisional.",
        is_dense=True,
    )


def _row(number: int) -> tuple[TableCell, ...]:
    value, counts, ago, target, met, sign, word, outlook, change, changed, since = HARD[number % len(HARD)]
    good = (Sign.GOOD_IS_HIGH, Sign.GOOD_IS_LOW, Sign.GOOD_IS_RANGE)[number % 3]
    line = (FALLING, FLAT, FIRST, None, FALLING)[number % 5]
    return (
        TableCell(NAMES[1 if number % 10 == 6 else number % 2 * 2], sign=good),
        TableCell(sparkline=line),
        TableCell(value, counts, strong=True, key=KEY),
        TableCell(ago),
        TableCell(target, met),
        TableCell(word, outlook, sign),
        TableCell(changed, since, change),
    )


EXCEPTION = Terms(
    (
        ("What", text("57 of 224 returns in the year (25%) had one in time; in the area 344 of 573 (60%).")),
        ("For the child", text("One who is far from home and not asked may go missing again for the same reason.")),
        ("By when", text("31 July 2018 (first date 31 January 2018)")),
        (
            "Question to put",
            text(Words("Would a neighbouring council interview our children if we interviewed theirs?", strong=True)),
        ),
    ),
    "Exception: interviews out of area",
    "Words by the Lead for Missing and Exploitation, 9 April 2018; figures unchanged since.",
)
SMALL_TABLE = DataTable(
    "audits",
    "Audits of March 2018",
    (TableColumn("Audit", 3), TableColumn("Cases", 1, Align.RIGHT), TableColumn("Graded good", 1, Align.RIGHT)),
    (
        TableRows(
            "",
            (
                (TableCell("Chronologies"), TableCell("262"), TableCell("45%", "118 of 262")),
                (TableCell("Case files"), TableCell("0"), TableCell("[z]")),
            ),
        ),
    ),
)


def picture(name: str, drawing: Drawing, width: float, height: float) -> Picture:
    heading = "Interviews in time rose in January 2017 and have stayed there"
    return Picture(
        name,
        heading if width > 100 else "Out of area, few are in time",
        "% of returns that need one, by month",
        f"A chart: {name}.",
        "Long.",
        drawing,
        width,
        height,
    )


def first_page() -> BoardPage:
    ask = (
        text(
            Words("Agree", strong=True),
            " to ask a neighbouring council to interview children placed out of area. ",
            Words("Page 4", link="scorecard"),
        ),
        text(
            Words("Decide", strong=True),
            " whether four social workers move to #assessments until *July* [see $x$]. ",
            Words("A measure", link="rhi_within_72h"),
        ),
    )
    return BoardPage(
        "need-to-know",
        1,
        "Exampleshire Children’s Services Improvement Plan",
        "Need to know",
        (
            Paragraph(
                text("Assessments in time have fallen since June 2017. The Board is asked for two decisions."),
                Manner.LEDE,
            ),
            ItemList(ask, "What we ask of you", numbered=True, boxed=True),
            Heading("What changed, and what did not"),
            TILES,
            Heading("Against the plan’s 25 targets"),
            TALLY,
            Paragraph(text("One “met” and two “missed” rest on fewer than 20 cases."), Manner.NOTE),
            Heading("What cannot be said"),
            Paragraph(text("All nine files arrived. ", Words("Caseloads", strong=True), " have one month of figures.")),
        ),
    )


def pages() -> tuple[BoardPage, ...]:
    lede = Paragraph(text("Better than before: contacts. Worse: assessments."), Manner.LEDE)
    drawn = [picture(name, *drawing) for name, drawing in DRAWINGS.items()]
    wide, narrow = [p for p in drawn if p.width > 100], [p for p in drawn if p.width <= 100]
    pairs = tuple(
        SideBySide((left,), (right,)) for left, right in zip(narrow[::2], [*narrow[1::2], narrow[0]], strict=False)
    )
    charts = [
        BoardPage(
            f"charts-{n}",
            5 + n,
            f"Charts {'abcdefgh'[n]}",
            f"Pictures of every kind, part {'abcdefgh'[n]}",
            tuple(wide[n * 3 : n * 3 + 3]),
        )
        for n in range(-(-len(wide) // 3))
    ]
    last = 5 + len(charts)
    return (
        first_page(),
        BoardPage("scorecard", 4, "Scorecard", "Seven of 25 targets met, six near, twelve missed", (lede, scorecard())),
        *charts,
        BoardPage("narrow", last, "Narrow charts", "Two beside each other", (*pairs, EXCEPTION, SMALL_TABLE)),
        BoardPage(
            "trust",
            last + 1,
            "Trust in the figures",
            "One page more",
            (
                Heading("A list"),
                ItemList((text("One thing"), text("Another"))),
                Heading("Below", 3, "below"),
                Paragraph(
                    text(
                        "See ",
                        Words("the table", link="audits"),
                        " or ",
                        Words("the web", link="https://www.gov.uk/"),
                        ".",
                    )
                ),
            ),
        ),
    )
