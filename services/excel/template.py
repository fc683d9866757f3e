"""«Скачать шаблон»: an empty sheet that says by itself how it is filled (XLS-1)."""

from collections.abc import Sequence
from typing import Any, BinaryIO

from services.excel import service_doctors
from services.excel.catalogues import Loadable
from services.excel.columns import Column
from services.excel.entry_names import Names
from services.excel.table import example_of
from services.excel.writing import Heading, Writing, writing

_LINES = 10_000
"""How far down the drop-downs reach."""
_LISTS = "Списки"


def write(catalogue: Loadable, names: Names, target: BinaryIO) -> None:
    """The catalogue's template as a workbook."""
    with writing(target, in_rows=False) as made:
        sheet = _sheet(made, catalogue.title, catalogue.columns)
        if catalogue.doctors is not None:
            _sheet(made, service_doctors.TITLE, service_doctors.COLUMNS)
        _drop_downs(made, sheet, catalogue.columns, names)


def _sheet(made: Writing, title: str, columns: Sequence[Column]) -> Any:
    """Headings with their notes, and the example."""
    sheet = made.sheet(title, headings(columns))
    for number, column in enumerate(columns):
        if note := _note(column):
            sheet.write_comment(0, number, note, {"x_scale": 2, "author": "Denta"})
    _example(made, sheet, columns)
    return sheet


def headings(columns: Sequence[Column]) -> list[Heading]:
    """Columns as headings; what has to be filled is marked by a star."""
    return [Heading(f"{column.heading}{'*' if column.required else ''}", column.kind.format, column.width) for column in columns]


def _note(column: Column) -> str:
    return " ".join(filter(None, ("Обязательно." if column.required else "", column.note)))


def _example(made: Writing, sheet: Any, columns: Sequence[Column]) -> None:
    """A row that shows the way and is never loaded: its first cell says so."""
    example = example_of(columns)
    for number, column in enumerate(columns):
        if column.heading in example:
            sheet.write_string(1, number, example[column.heading], made.pale)


def _drop_downs(made: Writing, sheet: Any, columns: Sequence[Column], names: Names) -> None:
    """Choices stand on a hidden sheet: a list written into the cell's rule may have 255 characters only."""
    chosen = [(number, column.kind.choices(names)) for number, column in enumerate(columns) if column.kind.choices]
    if not any(choices for _, choices in chosen):
        return
    lists = made.book.add_worksheet(_LISTS)
    lists.hide()
    for place, (number, choices) in enumerate(chosen):
        for line, choice in enumerate(choices):
            lists.write_string(line, place, choice)
        if choices:
            letter = chr(ord("A") + place)
            sheet.data_validation(
                1, number, _LINES, number,
                {"validate": "list", "source": f"='{_LISTS}'!${letter}$1:${letter}${len(choices)}", "error_type": "warning",
                 "error_title": "Нет в списке", "error_message": "Такого значения нет в справочнике."},
            )  # fmt: skip
