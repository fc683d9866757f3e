from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from commands.people.patient import change_card
from readmodels.journal import JournalColumn, JournalFilter
from services.excel import journal, writing
from tests.aggregates.scenario import MON
from tests.readmodels.conftest import Story


def exported(story: Story, filters: JournalFilter, *order_and_columns: Any) -> Workbook:
    target = BytesIO()
    journal.write(story.read, story.denta.decoders, filters, story.zone, target, *order_and_columns)
    return load_workbook(target)


@pytest.mark.spec("AUD-1")
def test_the_journal_is_exported_as_a_workbook(story: Story) -> None:
    peter = story.patient("Петров", card_number="4512", comment="был у Яковлева")
    story.do(change_card, peter, {"comment": "=1+1"})

    book = exported(story, JournalFilter(kind="patient_changed"))
    heading, row = book.active.iter_rows()
    assert [cell.value for cell in heading] == [
        "№", "Когда", "Кто", "Откуда", "Вид действия", "Действие", "Объект", "Информация",
    ]  # fmt: skip
    values = [cell.value for cell in row]
    assert values[2:] == [
        "Белова Ольга", "10.0.0.7", "Изменение карты пациента", "Карта пациента № 4512 (Петров) изменена",
        "Карта пациента № 4512 (Петров), версия 2", "Комментарий: был у Яковлева → =1+1",
    ]  # fmt: skip
    assert (row[0].number_format, row[1].number_format) == ("General", "dd.mm.yyyy hh:mm:ss")
    assert (book.active.freeze_panes, book.active.column_dimensions["H"].width > 80) == ("A2", True)


def test_a_workbook_has_the_order_and_the_columns_that_are_seen(story: Story) -> None:
    doctor = story.doctor("Ильина")
    story.day(doctor, MON, "10:00-12:00")
    columns: list[JournalColumn] = ["text", "changes"]

    book = exported(story, JournalFilter(object_id=doctor), "moment", columns)
    heading, *rows = book.active.iter_rows(values_only=True)
    assert heading == ("Действие", "Информация")
    actions = [action for action, _ in rows]
    assert [action.split("\n")[0] for action in actions] == [
        "Приём сотрудника",
        "Состав графика",
        "Изменение графика",
    ]
    saved = story.denta.clinic.load(Schedule, SCHEDULE_ID).modified_on.astimezone(story.zone)
    assert rows[-1] == (
        "Изменение графика\nГрафик работы изменён: дней – 1",
        f"Версия от {saved:%d.%m.%Y %H:%M}\nИльина, 23.11.2026: по неделе → 10:00–12:00",
    )


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_text_of_the_journal_is_a_formula(story: Story, name: str) -> None:
    story.patient(name.strip(), card_number=name.strip())

    book = exported(story, JournalFilter())
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}


def test_more_entries_than_a_sheet_holds_go_on_in_the_next(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_MOST_ROWS", 5)
    for n in range(3):
        story.patient(f"Пациент {n}")
    story.read.execute("DELETE FROM journal WHERE position <= (SELECT max(position) - 10 FROM journal)")

    book = exported(story, JournalFilter())
    assert [sheet.max_row for sheet in book.worksheets] == [6, 6]
