"""A list as a spreadsheet: real dates and numbers, text that no program evaluates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from django.utils import timezone

from explor import clock

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What a cell can hold.
LONGEST = 32_767
_SHEET_NAME = 31


@dataclass(frozen=True)
class Heading:
    """`width` is in characters."""

    label: str
    width: int = 16


def spreadsheet(title: str, headings: Sequence[Heading], rows: Iterable[Sequence[object]]) -> bytes:
    """One sheet, its first row frozen and filtered. Rows are written as they come: the memory
    it takes does not grow with them.

    A text is always stored as text: « =1+1 » typed by somebody stays what they typed.
    """
    made = BytesIO()
    book = xlsxwriter.Workbook(
        made,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": title, "created": clock.now().replace(tzinfo=None)})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = {
        "day": book.add_format({"num_format": "dd/mm/yyyy", "align": "left"}),
        "money": book.add_format({"num_format": "# ##0.00"}),
        "text": book.add_format({"valign": "top"}),
    }
    sheet = book.add_worksheet(title[:_SHEET_NAME])
    for place, heading in enumerate(headings):
        sheet.set_column(place, place, heading.width)
    sheet.freeze_panes(1, 0)
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading.label, head)
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            _write(sheet, last, place, value, formats)
    sheet.autofilter(0, 0, last, max(len(headings) - 1, 0))
    book.close()
    return made.getvalue()


def _write(sheet: Any, row: int, place: int, value: object, formats: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        value = timezone.localdate(value)
    if isinstance(value, date):
        sheet.write_datetime(
            row, place, datetime(value.year, value.month, value.day), formats["day"]
        )
    elif isinstance(value, Decimal):
        sheet.write_number(row, place, float(value), formats["money"])
    elif isinstance(value, bool):
        sheet.write_string(row, place, "oui" if value else "non", formats["text"])
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value)
    else:
        sheet.write_string(row, place, str(value)[:LONGEST], formats["text"])
