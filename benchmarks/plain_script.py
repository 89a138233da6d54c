"""What one would write without perfpipe: one month's files, groupby, as many charts, one workbook. No checks, no past.

Usage: python benchmarks/plain_script.py MONTH_FOLDER OUT_FOLDER CHARTS
"""

import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd
from openpyxl import Workbook
from openpyxl.drawing.image import Image
from python_calamine import CalamineWorkbook


def read(path: Path) -> pd.DataFrame:
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    header = max(range(10), key=lambda n: sum(bool(value) for value in rows[n]))
    return pd.DataFrame(rows[header + 1 :], columns=[str(value) for value in rows[header]])


def month_of(column: pd.Series) -> pd.Series:
    return pd.to_datetime(column.astype(str), errors="coerce", dayfirst=True, format="mixed").dt.strftime("%Y-%m")


def main(folder: Path, out: Path, charts: int) -> None:
    tables = []
    for path in sorted(folder.glob("*.xlsx")):
        frame = read(path)
        dates = [
            c
            for c in frame
            if pd.to_datetime(frame[c].astype(str).head(50), errors="coerce", dayfirst=True, format="mixed")
            .notna()
            .mean()
            > 0.3
        ]
        for date in dates:
            for other in [c for c in frame if frame[c].nunique() < 8][:2]:
                tables.append(
                    (
                        f"{date} by {other}",
                        frame.groupby([month_of(frame[date]), frame[other].astype(str)]).size().unstack(fill_value=0),
                    )
                )
    workbook = Workbook()
    for number in range(charts):
        title, table = tables[number % len(tables)]
        table = table.tail(36)
        figure, axes = plt.subplots(figsize=(10, 4.6), dpi=110)
        table.sum(axis=1).plot(ax=axes, title=title)
        axes.axhline(table.sum(axis=1).mean(), linestyle="--")
        figure.savefig(out / f"{number}.png")
        plt.close(figure)
        sheet = workbook.create_sheet(f"Sheet {number}")
        sheet.append([title])
        sheet.append(["month", *map(str, table.columns)])
        for month, values in table.iterrows():
            sheet.append([month, *map(int, values)])
        sheet.add_image(Image(out / f"{number}.png"), "H2")
    workbook.save(out / "pack.xlsx")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
