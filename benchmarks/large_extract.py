"""Seconds and peak memory to read and validate one large extract, beside bare python-calamine on the same file.

Usage: python benchmarks/large_extract.py [--rows 300000] [--rounds 3] [--format xlsx]

Each reading is a process of its own, alternating in one run; memory is the largest sum of the process and its child.
Prints a table; asserts nothing, as machines are noisy.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

BARE = """
import sys, python_calamine
book = python_calamine.CalamineWorkbook.from_path(sys.argv[1])
book.get_sheet_by_index(0).to_python(skip_empty_area=False)
"""
OURS = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from perfpipe.datasets import BY_ID
from perfpipe.read.read_file import Parser, read_file
from perfpipe.settings.layouts import standard_layouts
from perfpipe.validate.validate import validate
dataset = BY_ID["placements"]
path, layout = Path(sys.argv[1]), standard_layouts(dataset)[0]
import pandas, pandera.pandas
start = time.perf_counter()
with Parser() as parser:
    table = read_file(path, path.name, dataset, layout, parser)
read = time.perf_counter()
found = validate(table, dataset, layout, datetime(2017, 7, 31, 23, tzinfo=UTC))
print(read - start, time.perf_counter() - read, len(found.rows), len(found.faults))
"""
HEADERS = (
    "child_id", "dob", "started_on", "new_episode_reason_code", "legal_status_code", "placement_code", "provider_code",
    "ceased_on", "cease_reason_code", "placement_postcode",
)  # fmt: skip


def records(count: int) -> list[list[object]]:
    """Episodes as a case management system exports them: mostly ended, ids as text, dates as dates."""
    rows: list[list[object]] = []
    for n in range(count):  # three episodes a child, one after the other
        born = date(2004, 1, 1) + timedelta(days=n // 3 * 13 % 2500)
        start = date(2012, 1, 1) + timedelta(days=n // 3 * 7 % 300 + 500 * (n % 3))
        last = n % 3 == 2
        end = None if last and n % 40 == 0 else start + timedelta(days=500)
        ended = "" if end is None else "E4A" if last else "X1"
        place, provider = (("U6", "PR1"), ("U1", "PR1"), ("K2", "PR4"), ("U4", "PR5"))[n % 4]
        rows.append([
            f"C{n // 3:07d}", born, start, "SPP"[n % 3], "C2", place, provider, end, ended, f"ZZ{n % 90} {n % 9}ZZ",
        ])  # fmt: skip
    return rows


def write_xlsx(path: Path, rows: list[list[object]]) -> None:
    """A workbook as Excel writes it: shared strings, and dates as formatted numbers."""
    strings: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in PARTS.items():
            package.writestr(name, content)
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as stream:
            stream.write(f'{XML}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for number, row in enumerate([list(HEADERS), *rows], 1):
                cells = "".join(_cell(f"{chr(65 + n)}{number}", value, strings) for n, value in enumerate(row))
                stream.write(f'<row r="{number}" spans="1:{len(row)}">{cells}</row>'.encode())
            stream.write(b"</sheetData></worksheet>")
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
        package.writestr("xl/sharedStrings.xml", f'{XML}<sst xmlns="{MAIN}">{items}</sst>')


def _cell(at: str, value: object, strings: dict[str, int]) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return f'<c r="{at}" s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
    return f'<c r="{at}" t="s"><v>{strings.setdefault(str(value), len(strings))}</v></c>'


XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{TYPES}.styles+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPES}.sharedStrings+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/></Types>',
    "_rels/.rels": f'{XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets><sheet name="Episodes" sheetId="1" '
    'r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{XML}<Relationships '
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{REL}/styles" Target="styles.xml"/>'
    f'<Relationship Id="r3" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/styles.xml": f'{XML}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
}  # fmt: skip


def write_csv(path: Path, rows: list[list[object]]) -> None:
    """The same as a CSV file with English dates."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        writer.writerows([[v.strftime("%d/%m/%Y") if isinstance(v, date) else v for v in row] for row in rows])


def measure(code: str, path: Path) -> tuple[float, float, str]:
    """Wall seconds, largest memory of the process and its children in MB, and what it printed."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    printed, _ = process.communicate()
    seconds = time.perf_counter() - start
    assert process.returncode == 0
    watcher.join()
    return seconds, peak[0], printed.strip()


def _watch(process: subprocess.Popen[str], peak: list[float]) -> None:
    while process.poll() is None:
        try:
            peak[0] = max(peak[0], sum(map(_resident, _family(process.pid))))
        except OSError:  # it has just ended
            continue
        time.sleep(0.02)


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def _resident(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--format", choices=("xlsx", "csv"), default="xlsx")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path, bare = Path(folder) / f"placements.{asked.format}", Path(folder) / "bare.xlsx"
        rows = records(asked.rows)
        write_xlsx(bare, rows)
        write_csv(path, rows) if asked.format == "csv" else bare.replace(path)
        bare = bare if asked.format == "csv" else path
        theirs, ours, inner = [], [], []
        for _ in range(asked.rounds):
            theirs.append(measure(BARE, bare))
            ours.append(measure(OURS, path))
            inner.append([float(number) for number in ours[-1][2].split()])
    print(f"{asked.rows} rows x {len(HEADERS)} columns, .{asked.format}, medians of {asked.rounds}")
    seconds = {"bare python-calamine": [t for t, _, _ in theirs], "perfpipe, whole process": [t for t, _, _ in ours]}
    seconds["  of it read"] = [read for read, *_ in inner]
    seconds["  of it validate"] = [validated for _, validated, *_ in inner]
    for name, values in seconds.items():
        print(f"  {name:26} {statistics.median(values):6.2f} s")
    for name, found in (("bare python-calamine", theirs), ("perfpipe, with its child", ours)):
        print(f"  {name:26} {max(mb for _, mb, _ in found):6.0f} MB at most")
    work = statistics.median([read + validated for read, validated, *_ in inner])
    print(f"  read and validate / bare   {work / statistics.median(seconds['bare python-calamine']):6.2f}")
    print(f"  rows and faults            {json.dumps([int(n) for n in inner[-1][2:]])}")


if __name__ == "__main__":
    main()
