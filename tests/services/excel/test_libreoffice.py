"""An export that LibreOffice opened and saved loads back as the same cards.

`golden/libreoffice.xlsx` is our own sheet of `CARDS`, saved again by LibreOffice 7.4; it is kept, since LibreOffice is too
large to be installed for one test. Made again after a change of the columns:

    python -m tests.services.excel.test_libreoffice /tmp/libreoffice.xlsx
    soffice --headless --convert-to xlsx:"Calc MS Excel 2007 XML" --outdir tests/services/excel/golden /tmp/libreoffice.xlsx
"""

import sys
from datetime import date
from pathlib import Path

import pytest

from aggregates.values import Scalar
from services.excel.catalogues import PATIENTS
from services.excel.columns import read_cell
from services.excel.entry_names import Names
from services.excel.reading import Workbook
from services.excel.table import Table
from services.excel.template import headings
from services.excel.writing import writing

GOLDEN = Path(__file__).parent / "golden" / "libreoffice.xlsx"
COLUMNS = list(PATIENTS.fields.values())
TODAY = date(2026, 11, 25)


def card(family_name: str, given_name: str, **rest: str) -> dict[str, Scalar]:
    unknown = {column.field: "" for column in COLUMNS}
    assert rest.keys() <= unknown.keys()
    return {**unknown, "family_name": family_name, "given_name": given_name, **rest}


CARDS = [
    card(
        "Ёлкина", "Анна-Мария", patronymic="Ивановна", phone="+79161234567", other_phones="8 495 123-45-67, мама",
        email="anna@klinika.ru", sex="female", birth_date="1990-05-17", city="Орёл", street="1-я Ёлочная", house="5/2",
        flat="012",
    ),
    card("=1+1", "@SUM(A1)", birth_date="--02-29", other_phones="+7 916", city="=HYPERLINK(1)", house="1-2", flat="3,5"),
    card("+7", "007", birth_date="1999", other_phones="79161234567", street="8 Марта", house="08", flat="1e3"),
    card('<О’Нил> & "К°"', "1e5", sex="male", birth_date="1895-03-04", house="12.05", flat="-1"),
    card("ИСТИНА", "01.02", birth_date="1999-01", city="ЛОЖЬ", house="1/2", flat="50%"),
]  # fmt: skip


def write(target: Path) -> None:
    with target.open("w+b") as file, writing(file) as made:
        rows = ([column.kind.write(one[column.field], Names()) for column in COLUMNS] for one in CARDS)
        made.table(PATIENTS.title, headings(COLUMNS), rows)


@pytest.mark.spec("XLS-9", "XLS-10")
@pytest.mark.parametrize("saved_by", ["us", "LibreOffice"])
def test_a_saved_export_holds_the_same_cards(saved_by: str, tmp_path: Path) -> None:
    file = GOLDEN if saved_by == "LibreOffice" else tmp_path / "patients.xlsx"
    if saved_by == "us":
        write(file)
    with file.open("rb") as content:
        records = list(Table(Workbook(content), PATIENTS.title, [column.heading for column in COLUMNS], []).records())
    read = [{c.field: read_cell(c, record.cells.get(c.heading), Names()) for c in COLUMNS} for record in records]
    assert [PATIENTS.check(one, TODAY) for one in read] == [PATIENTS.check(dict(one), TODAY) for one in CARDS]


if __name__ == "__main__":
    write(Path(sys.argv[1]))
