"""What is written into a workbook is read back as the same card, whatever it holds."""

from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregates.values import WrongValue, text
from services.excel import service_doctors
from services.excel.catalogues import LOADABLE, PATIENTS, Loadable
from services.excel.cell_values import PartOfDate, Value
from services.excel.cells import (
    BIRTH,
    CODE,
    DAY,
    FACTOR,
    FLAG,
    INN,
    KPP,
    MONEY,
    PASSPORT,
    PERIOD,
    TEXT,
    CellKind,
)
from services.excel.columns import Column, read_cell
from services.excel.dates import Doubtful, since_1904
from services.excel.entry_names import Names
from services.excel.reading import Workbook
from services.excel.table import Table
from services.excel.template import headings
from services.excel.writing import writing
from tests.depth import examples

TODAY = date(2026, 11, 25)
IDS = [UUID(int=number) for number in range(1, 9)]
NAMES = Names(
    (catalogue, name, IDS[number], False)
    for number, (catalogue, name) in enumerate(
        [
            ("goods_category", "Расходники"),
            ("goods_category", "=Формула"),
            ("unit", "Ёлка"),
            ("unit", "Штука  большая"),
            ("service_category", "Терапия"),
            ("patient_category", "VIP; важные"),
            ("patient_category", "Дети"),
            ("source", "Реклама"),
        ]
    )
)

SEX = PATIENTS.fields["sex"].kind


def moment(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001  a wall clock


TRICKY = st.sampled_from(
    ["=1+1", "+7 916", "'x", "@A1", "-5", "00123", "1e5", "12.05", "TRUE", "_x000A_", '<a>&"', "🦷", "\u00a0"]
)


def is_taken(written: str) -> bool:
    """A text, and no mere mark without a letter to stand over."""
    try:
        text("comment", written, limit=100, lines=True)
    except WrongValue:
        return False
    return True


TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30).filter(is_taken) | TRICKY
SURE = st.text(st.characters(categories=["L"]), min_size=1, max_size=20)


def values(field: str) -> st.SearchStrategy[Any]:
    known: dict[str, st.SearchStrategy[Any]] = {
        "family_name": SURE,
        "name": SURE | TRICKY.filter(lambda written: written.isprintable() and written.strip()),
        "comment": TEXTS,
        "phone": st.from_regex(r"\+7916[0-9]{7}", fullmatch=True) | st.just(""),
        "sex": st.sampled_from(["", "male", "female"]),
        "birth_date": st.sampled_from(["", "1999", "1999-01", "--02-29", "1895-03-04"])
        | st.dates(date(1901, 1, 1), TODAY).map(date.isoformat),
        "email": st.sampled_from(["", "anna@klinika.ru"]),
        "price": st.decimals(0, 9_999_999, places=2).map(str),
        "factor": st.decimals("0.000001", 1000, places=6).map(str),
        "duration": st.integers(5, 1440),
        "category": st.just(str(IDS[0])) | st.just(str(IDS[1])),
        "category_id": st.just(str(IDS[4])),
        "unit_id": st.just(str(IDS[2])) | st.just(str(IDS[3])),
        "online": st.booleans(),
        "takes_visits": st.booleans(),
        "sale_unit": st.just(str(IDS[2])) | st.just(str(IDS[3])),
        "write_off_unit": st.none() | st.just(str(IDS[2])),
        "inn": st.sampled_from(["", "500100732259"]),
        "passport_number": st.sampled_from(["", "4512345678", "0312345678"]),
        "passport_issued_on": st.just("") | st.dates(date(1991, 1, 1), TODAY).map(date.isoformat),
        "categories": st.sampled_from(["", str(IDS[6])]),
        "source_id": st.just("") | st.just(str(IDS[7])),
        "card_number": SURE,
        "kpp": st.sampled_from(["", "770701001"]),
    }
    return known.get(field, TEXTS.filter(lambda written: "\n" not in written))


def cards(catalogue: Loadable) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({field: values(field) for field in catalogue.fields})


@pytest.mark.spec("XLS-9", "XLS-10")
@pytest.mark.parametrize("key", LOADABLE)
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_card_written_and_read_is_the_same_card(key: str, data: st.DataObject) -> None:
    catalogue = LOADABLE[key]
    card = catalogue.check(data.draw(cards(catalogue)), TODAY)
    columns, target = list(catalogue.fields.values()), BytesIO()
    with writing(target) as made:
        made.table(catalogue.title, headings(columns), [[column.kind.write(card[column.field], NAMES) for column in columns]])
    (record,) = Table(Workbook(target), catalogue.title, [column.heading for column in columns], []).records()
    read = {column.field: read_cell(column, record.cells.get(column.heading), NAMES) for column in columns}
    assert catalogue.check(read, TODAY) == card


@pytest.mark.spec("XLS-10")
@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (TEXT, 79161234567, "79161234567"),
        (TEXT, 12.5, "12,5"),
        (MONEY, "1\u00a0500,50 ₽", "1500.50"),
        (MONEY, 1500.5, "1500.5"),
        (MONEY, "2 000 руб.", "2000"),
        (MONEY, "1500р", "1500"),
        (MONEY, "1500 рублей", "1500"),
        (BIRTH, date(1990, 5, 17), "1990-05-17"),
        (BIRTH, "17.05.1990", "1990-05-17"),
        (BIRTH, "1.2.1990", "1990-02-01"),
        (BIRTH, "17.05", "--05-17"),
        (BIRTH, 17.05, "--05-17"),
        (BIRTH, 17.1, "--10-17"),
        (BIRTH, 33010, "1990-05-17"),
        (BIRTH, PartOfDate("17.05"), "--05-17"),
        (BIRTH, PartOfDate("05.1990"), "1990-05"),
        (BIRTH, "1990-05-17 00:00:00", "1990-05-17"),
        (BIRTH, "1990-05-17T00:00:00", "1990-05-17"),
        (BIRTH, "17.05.1990 0:00", "1990-05-17"),
        (BIRTH, "17.05.1990 г.", "1990-05-17"),
        (BIRTH, 1990, "1990"),
        (BIRTH, moment(1990, 5, 16, 23, 59, 16), "1990-05-17"),
        (BIRTH, moment(1990, 5, 16, 23, 58), "1990-05-17"),
        (BIRTH, moment(1990, 5, 17, 0, 2), "1990-05-17"),
        (BIRTH, moment(1999, 12, 31, 23, 59, 59, 999_999), "2000-01-01"),
        (BIRTH, 33009.9995, "1990-05-17"),
        (BIRTH, 33010.0005, "1990-05-17"),
        (BIRTH, "16.05.1990 23:59:16", "1990-05-17"),
        (BIRTH, "1990-05-17T00:00:00.000Z", "1990-05-17"),
        (BIRTH, "1990-05-17T00:00:00+03:00", "1990-05-17"),
        (BIRTH, "17/05/1990", "1990-05-17"),
        (BIRTH, "17-05-1990", "1990-05-17"),
        (BIRTH, "1990.05.17", "1990-05-17"),
        (BIRTH, "17. 05. 1990", "1990-05-17"),
        (BIRTH, "17.05.90", "1990-05-17"),
        (BIRTH, "17 мая 1990 г.", "1990-05-17"),
        (BIRTH, "3 МАРТА 1985", "1985-03-03"),
        (BIRTH, "17 мая", "--05-17"),
        (BIRTH, "май 1990", "1990-05"),
        (BIRTH, "1990 г.", "1990"),
        (BIRTH, "17051990", "1990-05-17"),
        (BIRTH, 17051990, "1990-05-17"),
        (BIRTH, 1051990, "1990-05-01"),
        (BIRTH, "19900517", "1990-05-17"),
        (BIRTH, "20102010", "2010-10-20"),
        (SEX, "Ж.", "female"),
        (SEX, "Мужчина", "male"),
        (CODE, 12, "12"),
        (CODE, "12/1", "12/1"),
        (INN, 100000011, "0100000011"),
        (INN, 7707083893, "7707083893"),
        (INN, "7707083893", "7707083893"),
        (FLAG, "ДА", True),
        (FLAG, 0, False),
        (PERIOD, "02:30", 150),
        (PERIOD, time(0, 40), 40),
        (PERIOD, 0.0277777777777778, 40),
        (PERIOD, "40 минут", 40),
        (PERIOD, "40 мин.", 40),
        (PERIOD, "1 ч 30 мин", 90),
        (PERIOD, "1,5 часа", 90),
        (PERIOD, "1 час", 60),
        (MONEY, "1 500 р. 50 коп.", "1500.50"),
        (MONEY, "₽ 1500", "1500"),
        (MONEY, "1.500,50", "1500.50"),
        (MONEY, "1,234,567.5", "1234567.5"),
        (MONEY, "1'500", "1500"),
        (FACTOR, "1,500", "1.500"),
        (KPP, 70701001, "070701001"),
        (KPP, "070701001", "070701001"),
        (PASSPORT, 312345678, "0312345678"),
        (FLAG, "Есть", True),
        (FLAG, "✓", True),
        (FLAG, "no", False),
        (SEX, "Мальчик", "male"),
    ],
)
def test_cells_as_people_fill_them(kind: CellKind, cell: Value, value: object) -> None:
    assert kind.read("field", cell, NAMES) == value


@pytest.mark.spec("XLS-10")
@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (SEX, "да"),
        (FLAG, "может быть"),
        (PERIOD, "около часа"),
        (PERIOD, ""),
        (PERIOD, "0,3 мин"),
        (PERIOD, "1:75"),
        (PERIOD, 40),
        (PERIOD, 1.5),
        (BIRTH, "весной"),
        (BIRTH, "17.05.15"),
        (BIRTH, "мартобря 1990"),
        (BIRTH, "170515"),
        (BIRTH, "17.05.1990 25:30"),
        (BIRTH, "17.05 21:00"),
        (BIRTH, time(21)),
        (BIRTH, True),
        (DAY, "в мае"),
        (MONEY, "1.500"),
        (MONEY, "1,500"),
        (FACTOR, True),
        (MONEY, True),
        (MONEY, PartOfDate("12.05")),
        (CODE, PartOfDate("12.01")),
        (CODE, date(2026, 1, 12)),
    ],
)
def test_cells_that_hold_something_else_are_refused(kind: CellKind, cell: Value) -> None:
    with pytest.raises(WrongValue):
        kind.read("field", cell, NAMES)


@pytest.mark.spec("XLS-10")
@pytest.mark.parametrize(
    ("cell", "value", "loaded"),
    [
        (moment(1990, 5, 16, 21), "1990-05-17", "16.05.1990 21:00"),
        (moment(1990, 5, 16, 20), "1990-05-17", "16.05.1990 20:00"),
        (moment(1990, 5, 16, 13), "1990-05-17", "16.05.1990 13:00"),
        (moment(1990, 5, 17, 12), "1990-05-17", "17.05.1990 12:00"),
        (moment(1999, 12, 31, 23), "2000-01-01", "31.12.1999 23:00"),
        ("16.05.1990 21:00", "1990-05-17", "16.05.1990 21:00"),
        ("1990-05-16T21:00:00.000Z", "1990-05-17", "16.05.1990 21:00"),
        (33009.875, "1990-05-17", "16.05.1990 21:00"),
        (PartOfDate("16.05", time(21), "17.05"), "--05-17", "16.05 21:00"),
        (PartOfDate("16.05", time(14, 37), "17.05"), "--05-16", "16.05 14:37"),
        ("17.05.1990 12:30", "1990-05-17", "17.05.1990 12:30"),
        (moment(1990, 5, 17, 3), "1990-05-17", "17.05.1990 03:00"),
        (moment(1990, 5, 17, 0, 2, 1), "1990-05-17", "17.05.1990 00:02"),
        (moment(1990, 5, 17, 14, 37), "1990-05-17", "17.05.1990 14:37"),
    ],
)
@pytest.mark.parametrize("kind", [BIRTH, DAY])
def test_a_date_with_a_time_of_day_is_a_doubt_that_names_what_would_be_loaded(
    kind: CellKind, cell: Value, value: str, loaded: str
) -> None:
    """Programs write local midnight in the time of Greenwich; elsewhere a time was meant by somebody."""
    with pytest.raises(Doubtful) as doubt:
        kind.read("field", cell, NAMES)
    assert doubt.value.value == value
    assert loaded in doubt.value.reason


def test_a_bare_number_counts_from_the_epoch_of_its_workbook() -> None:
    assert BIRTH.read("field", since_1904(33010 - 1462), NAMES) == "1990-05-17"
    assert [since_1904(value) for value in (1990, "31548", True, None)] == [1990, "31548", True, None]  # type: ignore[arg-type]


def test_an_entry_is_meant_by_a_name_that_looks_like_its_own_unless_two_do() -> None:
    names = Names(
        ("unit", name, IDS[number], False) for number, name in enumerate(["Упаковка", "САХАР", "XO", "ХО", "TEMA-1", "ТЕМА–1"])
    )
    found = {name: names.id_of("unit", name) for name in ("Упaкoвкa", "CAXAP", "XO", "хо", "TЕMA 1")}
    expected = {"Упaкoвкa": IDS[0], "CAXAP": IDS[1], "XO": IDS[2], "хо": IDS[3], "TЕMA 1": None}
    assert found == {name: id_ and str(id_) for name, id_ in expected.items()}


def sheets() -> list[tuple[str, Column]]:
    """(sheet, column) of every catalogue, doctors of services among them."""
    found = [(catalogue.title, column) for catalogue in LOADABLE.values() for column in catalogue.columns]
    return [*found, *((service_doctors.TITLE, column) for column in service_doctors.COLUMNS)]


@pytest.mark.spec("UI-8", "XLS-3", "XLS-4", "XLS-5", "XLS-6", "XLS-7")
def test_a_column_is_headed_by_the_label_of_its_field_unless_the_format_of_files_has_its_own_word() -> None:
    own = [(sheet, column) for sheet, column in sheets() if column.heading != column.declared.label]
    others = {(sheet, column.field): column.heading for sheet, column in own}
    assert others == {
        ("Пациенты", "other_phones"): "Дополнительный телефон",
        ("Пациенты", "birth_date"): "День рождения",
        ("Сотрудники", "birth_date"): "День рождения",
        ("Услуги", "online"): "Использовать для онлайн-записи",
        ("Врачи", "name"): "Услуга",
    }
    assert all(column.declared.label in column.also for _, column in own)


@pytest.mark.spec("XLS-3", "XLS-4")
def test_what_a_card_needs_a_file_needs_too_and_more_only_where_its_format_says_so() -> None:
    others = {(sheet, column.field): column.required for sheet, column in sheets() if column.required != column.declared.required}
    assert others == {
        ("Пациенты", "card_number"): False,
        ("Услуги", "category_id"): True,
        ("Услуги", "unit_id"): True,
        ("Врачи", "name"): False,
    }


@pytest.mark.spec("XLS-8")
def test_every_column_is_read_where_the_cards_are_stored() -> None:
    read = {key: catalogue.source.fields for key, catalogue in LOADABLE.items() if catalogue.source.fields}
    assert {(key, name) for key, fields in read.items() for name in LOADABLE[key].shown if name not in fields} == set()


@pytest.mark.spec("XLS-1")
def test_choices_are_offered_by_the_labels_of_the_field() -> None:
    for _, column in sheets():
        if column.declared.type == "choice":
            assert column.kind.choices is not None
            assert column.kind.choices(NAMES) == [label for value, label in column.declared.choices.items() if value]


def example(catalogue: Loadable) -> dict[str, Any]:
    """The card that the template's example row shows, with an entry chosen wherever one is needed."""
    columns = catalogue.fields.items()
    named = {name: str(IDS[0]) for name, column in columns if column.required and column.kind.refers}
    shown = {name: column for name, column in columns if column.example and not column.kind.refers}
    return {**named, **{name: read_cell(column, column.example, NAMES) for name, column in shown.items()}}


@pytest.mark.spec("UI-8", "XLS-1")
@pytest.mark.parametrize("catalogue", LOADABLE.values(), ids=LOADABLE)
def test_a_column_takes_as_many_characters_as_its_field_and_not_one_more(catalogue: Loadable) -> None:
    """Of fields that take any text; a form of its own, such as an e-mail, has other reasons to refuse."""
    right = example(catalogue)
    catalogue.check(right, TODAY)
    for name, column in catalogue.fields.items():
        if column.declared.type in {"text", "lines"} and not column.kind.refers:
            longest = column.declared.longest
            at_the_limit = {**right, name: read_cell(column, "я" * longest, NAMES)}
            assert catalogue.check(at_the_limit, TODAY)[name] == "я" * longest
            with pytest.raises(WrongValue) as refused:
                catalogue.check({**right, name: read_cell(column, "я" * (longest + 1), NAMES)}, TODAY)
            assert [wrong.facts["field"] for wrong in refused.value.each] == [name]
