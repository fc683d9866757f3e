"""What cells of real files hold, and files that are none or mean harm."""

import struct
import tracemalloc
from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from time import process_time
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook as OpenpyxlWorkbook

from aggregates.fields import Field
from services.excel import archive, reading
from services.excel.archive import WrongFile
from services.excel.cell_values import Fault, PartOfDate, Value
from services.excel.columns import column
from services.excel.reading import Workbook
from services.excel.table import Table, example_of
from tests.services.excel.files import MAIN, book, inline, packed, sheet, texts

QUOTES = {'"': "&quot;"}


def values(file: BytesIO) -> list[list[Value]]:
    found = Workbook(file)
    return [list(row.cells.values()) for row in found.rows(found.sheets[0])]


def one(cell: str, **parts: Any) -> Value:
    ((value,),) = values(book(f"<row>{cell}</row>", **parts))
    return value


@pytest.mark.spec("XLS-10")
@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<c><v>1500</v></c>", 1500),
        ("<c><v>1500.5</v></c>", 1500.5),
        ("<c><v>0.30000000000000004</v></c>", 0.3),
        ("<c><v>1.5E3</v></c>", 1500),
        ('<c t="s"><v>0</v></c>', "Ёлкин"),
        ('<c t="inlineStr"><is><t>  Иванов \u00a0</t></is></c>', "Иванов"),
        ('<c t="inlineStr"><is><r><t>Ива</t></r><r><t>нов</t></r></is></c>', "Иванов"),
        ('<c t="inlineStr"><is><t>два_x000A_ряда</t></is></c>', "два\nряда"),
        ('<c t="str"><f>A1&amp;"!"</f><v>итог!</v></c>', "итог!"),
        ("<c><f>1+1</f><v>2</v></c>", 2),
        ('<c t="b"><v>1</v></c>', True),
        ('<c s="1"><v>36526</v></c>', date(2000, 1, 1)),
        ('<c s="2"><v>36526.5</v></c>', datetime(2000, 1, 1, 12)),  # noqa: DTZ001  a wall clock
        ('<c s="1"><v>1</v></c>', date(1900, 1, 1)),
        ('<c s="1"><v>61</v></c>', date(1900, 3, 1)),
        ('<c s="3"><v>0.0277777777777778</v></c>', time(0, 40)),
        ('<c s="4"><v>2</v></c>', 2),
        ('<c s="5"><v>46159</v></c>', PartOfDate("17.05")),
        ('<c s="6"><v>46159</v></c>', PartOfDate("17.05")),
        ('<c s="7"><v>32994</v></c>', PartOfDate("05.1990")),
        ('<c s="8"><v>312345678</v></c>', "0312345678"),
        ('<c s="8"><v>4512345678</v></c>', "4512345678"),
        ('<c t="d"><v>2000-01-01</v></c>', date(2000, 1, 1)),
        ('<c t="d"><v>1999-12-31T21:00:00Z</v></c>', datetime(1999, 12, 31, 21)),  # noqa: DTZ001  a wall clock
        ('<c t="d"><v>1899-12-30T00:40:00</v></c>', time(0, 40)),
        ('<c t="d"><v>00:40:00</v></c>', time(0, 40)),
        ('<c s="5"><v>46158.9995</v></c>', PartOfDate("17.05")),
        ('<c s="5"><v>46158.875</v></c>', PartOfDate("16.05", time(21), "17.05")),
    ],
)
def test_cells_as_excel_and_others_write_them(cell: str, value: Value) -> None:
    assert one(cell, shared=texts("Ёлкин")) == value


@pytest.mark.spec("XLS-10")
@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ('<c t="e"><v>#DIV/0!</v></c>', "#DIV/0!"),
        ('<c t="e"><f>VLOOKUP(1,A:A,1)</f><v>#N/A</v></c>', "#N/A"),
        ("<c><f>NOW()</f></c>", "не вычислена"),
        ("<c><v>NaN</v></c>", "не число"),
        ("<c><v>INF</v></c>", "не число"),
        ("<c><v>12 руб.</v></c>", "не число"),
        ('<c s="1"><v>-1</v></c>', "раньше 1900"),
        ('<c s="1"><v>60</v></c>', "29.02.1900"),
        ('<c s="1"><v>9999999999</v></c>', "слишком далеко"),
        ('<c t="inlineStr"><is><t>_xD800_</t></is></c>', "недопустимый символ"),
        ('<c t="inlineStr"><is><t>Ива_x0000_нов</t></is></c>', "недопустимый символ"),
        ('<c t="s"><v>7</v></c>', "Текста этой ячейки"),
        (f'<c t="inlineStr"><is><t>{"я" * 40_000}</t></is></c>', "длиннее"),
    ],
)
def test_a_cell_without_a_value_names_its_fault(cell: str, reason: str) -> None:
    fault = one(cell)
    assert isinstance(fault, Fault)
    assert reason in fault.reason


@pytest.mark.spec("XLS-10")
def test_empty_and_merged_rows_keep_the_numbers_that_excel_shows() -> None:
    rows = (
        '<row r="1"><c r="B1"><v>1</v></c></row><row r="2"/><row r="5" s="3"><c r="A5" s="1"/><c r="C5"><v>3</v></c></row>'
        '<row r="1048576"><c r="A1048576" s="1"/></row>'
    )
    merged = sheet(rows).replace("</sheetData>", '</sheetData><mergeCells><mergeCell ref="B1:B2"/></mergeCells>')
    found = Workbook(book(**{"xl/worksheets/sheet1.xml": merged}))
    assert [(row.number, dict(row.cells)) for row in found.rows("Лист1")] == [(1, {1: 1}), (5, {2: 3})]


@pytest.mark.spec("XLS-10")
def test_another_epoch_prefixed_names_and_phonetic_readings_are_understood() -> None:
    assert one('<c s="1"><v>35064</v></c>', date1904=True) == date(2000, 1, 1)
    assert one('<c s="3"><v>0.0277777777777778</v></c>', date1904=True) == time(0, 40)
    assert one('<c s="5"><v>44696.875</v></c>', date1904=True) == PartOfDate("16.05", time(21), "17.05")
    prefixed = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    assert values(book(**{"xl/worksheets/sheet1.xml": prefixed})) == [[7]]
    phonetic = f'<sst xmlns="{MAIN}"><si><t>Имя</t><rPh sb="0" eb="1"><t>имя-имя</t></rPh></si></sst>'
    assert one('<c t="s"><v>0</v></c>', shared=phonetic) == "Имя"


@pytest.mark.spec("XLS-10")
def test_parts_are_found_where_the_workbook_says_and_however_their_names_are_written() -> None:
    usual = book('<row><c t="s"><v>0</v></c><c s="1"><v>36526</v></c></row>', shared=texts("Ёлкин"))
    with ZipFile(usual) as packed_usual:
        contents = {name: packed_usual.read(name).decode() for name in packed_usual.namelist()}
    assert values(packed({name.replace("/", "\\"): content for name, content in contents.items()})) == [
        ["Ёлкин", date(2000, 1, 1)]
    ]
    moved = {"xl/sharedStrings.xml": "xl/strings/all.xml", "xl/styles.xml": "looks.xml"}
    relations = '<Relationship Id="a" Type="http://x/sharedStrings" Target="strings/all.xml"/>'
    relations += '<Relationship Id="b" Type="http://x/styles" Target="/looks.xml"/></Relationships>'
    contents["xl/_rels/workbook.xml.rels"] = contents["xl/_rels/workbook.xml.rels"].replace("</Relationships>", relations)
    assert values(packed({moved.get(name, name): content for name, content in contents.items()})) == [["Ёлкин", date(2000, 1, 1)]]


FORMATS = {
    "#,##0.00": 46158, "[Magenta]#,##0.00": 46158, "[Red]": 46158, "[Yellow][>100]0.00;[Cyan]0": 46158, "[Color 10]0": 46158,
    "[Цвет10]0.00": 46158, '#,##0.00"р."': 46158, "#,##0.00р.": 46158, "# ##0 сом": 46158, "0\\ \\м\\.": 46158,
    '"дней: "0': 46158, "#,##0.00\\ [$₽-419];[Red]\\-#,##0.00\\ [$₽-419]": 46158, '"m"': 46158, "_d0_y": 46158, "*d0": 46158,
    '_-* #,##0.00\\ "₽"_-;\\-* #,##0.00\\ "₽"_-;_-* "-"??\\ "₽"_-;_-@_-': 46158, "0.00E+00": 46158, "# ?/?": 46158,
    "General": 46158, "Основной": 46158, "@": 46158, ";;;": 46158, "[<100]dd.mm;0": 46158, '0"m;d"': 46158,
    "dd\\.mm\\.yyyy": date(2026, 5, 16), "[$-419]dd mmmm yyyy\\ \\г\\.;@": date(2026, 5, 16), "ДД.ММ.ГГГГ": date(2026, 5, 16),
    "[Red]dd/mm/yy": date(2026, 5, 16), '[>=1]dd.mm.yyyy;"нет"': date(2026, 5, 16), "yyyymmdd": date(2026, 5, 16),
    "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy": date(2026, 5, 16), 'yyyy"-"mm"-"dd"T"hh:mm:ss.000': date(2026, 5, 16),
    "d mmm": PartOfDate("16.05"), "mmmm yyyy": PartOfDate("05.2026"), "ддд, д ммм": PartOfDate("16.05"),
    "000000": "046158", "000\\-000\\-000": "000046158",
}  # fmt: skip


@pytest.mark.spec("XLS-10")
@pytest.mark.parametrize("code", FORMATS)
def test_a_format_makes_a_date_by_its_parts_alone_and_not_by_its_colours_and_words(code: str) -> None:
    styles = f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="{escape(code, QUOTES)}"/></numFmts>'
    styles += '<cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>'
    assert one('<c s="0"><v>46158</v></c>', **{"xl/styles.xml": styles}) == FORMATS[code]


STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.mark.spec("XLS-10")
@pytest.mark.parametrize(
    ("workbook", "sheet", "named", "target"),
    [
        ("xl/workbook22.xml", "xl/worksheets/sheet1.xml", "xl/workbook22.xml", "worksheets/sheet1.xml"),
        ("xl/workbook.xml", "xl/worksheets/Лист 1.xml", "/xl/workbook.xml", "worksheets/%D0%9B%D0%B8%D1%81%D1%82%201.xml"),
        ("book/main.xml", "data/first.xml", "/book/main.xml", "/data/first.xml"),
        ("book/main.xml", "data/first.xml", "book\\main.xml", "../data/first.xml"),
        ("workbook.xml", "sheets/one.xml", "workbook.xml", "sheets/one.xml"),
        ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "./xl/workbook.xml", "xl/worksheets/sheet1.xml"),
    ],
)
@pytest.mark.parametrize("kind", [STRICT, TRANSITIONAL])
def test_the_workbook_and_its_sheets_are_those_that_the_relations_name(
    workbook: str, sheet: str, named: str, target: str, kind: str
) -> None:
    with ZipFile(book("<row><c><v>7</v></c></row>")) as usual:
        contents = {name: usual.read(name).decode() for name in usual.namelist()}
    folder, _, file = workbook.rpartition("/")
    relations = f'<Relationships><Relationship Id="rId1" Type="{kind}/worksheet" Target="{target}"/></Relationships>'
    parts = {
        "_rels/.rels": f'<Relationships><Relationship Id="a" Type="{kind}/officeDocument" Target="{named}"/></Relationships>',
        workbook: contents["xl/workbook.xml"],
        f"{folder}/_rels/{file}.rels".lstrip("/"): relations,
        sheet: contents["xl/worksheets/sheet1.xml"],
    }
    assert values(packed(parts)) == [[7]]


@pytest.mark.spec("XLS-10")
def test_a_file_written_by_openpyxl_is_read() -> None:
    made, target = OpenpyxlWorkbook(), BytesIO()
    made.active.append(["Имя", "Дата", 1.5, True, "=1+1"])
    made.active.append(["Анна", date(1990, 5, 17), datetime(2020, 2, 3, 4, 5), "+7 912", None])  # noqa: DTZ001
    made.save(target)
    first, second = values(target)
    assert first[:4] == ["Имя", "Дата", 1.5, True]
    assert isinstance(first[4], Fault)  # openpyxl computes nothing
    assert second == ["Анна", date(1990, 5, 17), datetime(2020, 2, 3, 4, 5), "+7 912"]  # noqa: DTZ001


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(100)


def declared_small() -> BytesIO:
    """A part of 20 MB that says to have 100 bytes, in both places where sizes are told."""
    content = book(**{"xl/worksheets/sheet1.xml": sheet(" " * 20_000_000)}).getvalue()
    return BytesIO(content.replace(struct.pack("<L", len(sheet(" " * 20_000_000).encode())), struct.pack("<L", 100)))


def encrypted() -> BytesIO:
    content = bytearray(book().getvalue())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return BytesIO(content)


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
HOSTILE: dict[str, tuple[Callable[[], BytesIO], str]] = {
    "empty": (BytesIO, "не файл Excel"),
    "csv": (lambda: BytesIO("Фамилия;Имя\nИванов;Пётр".encode()), "не файл Excel"),
    "html": (lambda: BytesIO(b"<html><table><tr><td>1</td></tr></table></html>"), "не файл Excel"),
    "pdf": (lambda: BytesIO(b"%PDF-1.7\n"), "не файл Excel"),
    "another zip": (lambda: packed({"letter.txt": "hello"}), "не файл Excel"),
    "workbook in a zip": (lambda: packed({"Пациенты.xlsx": book().getvalue()}), "Достаньте из него файл .xlsx"),
    "related document": (
        lambda: packed(
            {
                "_rels/.rels": '<r><Relationship Id="a" Type="x/officeDocument" Target="word/d.xml"/></r>',
                "word/d.xml": "<document/>",
            }
        ),
        "не файл Excel",
    ),
    "document": (lambda: packed({"word/document.xml": "<w/>"}), "не файл Excel"),
    "binary workbook": (lambda: packed({"xl/workbook.bin": "x"}), "не файл Excel"),
    "old excel": (lambda: BytesIO(ole("Workbook")), "старом формате"),
    "password": (lambda: BytesIO(ole("EncryptedPackage")), "паролем"),
    "encrypted zip": (encrypted, "паролем"),
    "cut zip": (lambda: BytesIO(book("<row><c><v>1</v></c></row>").getvalue()[:-40]), "повреждён"),
    "spoilt zip": (lambda: BytesIO(b"PK\x03\x04" + bytes(5000)), "повреждён"),
    "broken xml": (lambda: book("<row><c><v>1</c></row>"), "повреждён"),
    "declared small": (declared_small, "повреждён"),
    "declared large": (lambda: book(**{"xl/media/a.bin": "0" * 2_000_000}, **{"xl/media/b.bin": "0" * 2_000_000}), "велик"),
    "many parts": (lambda: packed({f"{n}.xml": "" for n in range(2001)}), "велик"),
    "entity bomb": (lambda: book(**{"xl/worksheets/sheet1.xml": f"{BOMB}{sheet('')}"}), "не бывает"),
    "entity bomb in texts": (lambda: book("<row/>", shared=f"{BOMB}{texts('&b;')}"), "не бывает"),
    "outside entity": (lambda: book(**{"xl/styles.xml": f"{OUTSIDE}<a/>"}), "не бывает"),
    "endless tag": (lambda: book(f'<row a="{"x" * 3_000_000}"/>'), "повреждён"),
    "many columns": (lambda: book('<row><c r="XFD1"><v>1</v></c></row>'), "столбцов"),
    "many rows": (lambda: book("<row><c><v>1</v></c></row>" * 52), "строк"),
    "many sheets": (lambda: book(names=tuple(f"Лист{n}" for n in range(51))), "листов"),
    "rows in disorder": (lambda: book('<row r="5"/><row r="2"/>'), "перепутаны"),
    "deep texts": (lambda: book("<row/>", shared="<sst>" + "<a>" * 1000 + "</a>" * 1000 + "</sst>"), "сложная"),
}


@pytest.mark.spec("XLS-10", "SEC-3")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_none_or_means_harm_gets_one_clear_sentence(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 50)
    if name == "declared large":
        monkeypatch.setattr(archive, "MOST_UNPACKED", 3_000_000)
    make, sentence = HOSTILE[name]
    file = make()
    with pytest.raises(WrongFile) as refused:
        values(file)
    assert sentence in refused.value.sentence
    assert "\n" not in refused.value.sentence


@pytest.mark.spec("XLS-10", "SEC-3")
def test_a_file_larger_than_allowed_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    with pytest.raises(WrongFile) as refused:
        Workbook(BytesIO(b"PK" + bytes(2000)))
    assert "50 МБ" in refused.value.sentence


@pytest.mark.spec("XLS-10", "SEC-3")
def test_a_decompression_bomb_takes_neither_memory_nor_time() -> None:
    """50 MB of spaces and 450 000 rows, packed into a hundredth of that."""
    target = BytesIO()
    with ZipFile(book(), "r") as usual, ZipFile(target, "w", ZIP_DEFLATED) as bomb:
        for name in usual.namelist():
            if "sheet1" not in name:
                bomb.writestr(name, usual.read(name))
        with bomb.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for _ in range(50):
                part.write(b" " * 1_000_000)
                part.write(b"<row><c><v>1</v></c></row>" * 9000)
    began = process_time()
    tracemalloc.start()
    try:
        found = Workbook(target)
        with pytest.raises(WrongFile) as refused:
            for _ in found.rows("Лист1"):
                pass
        assert "строк" in refused.value.sentence
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert process_time() - began < 30


@pytest.mark.spec("XLS-2", "XLS-10")
def test_columns_come_in_any_order_and_headings_in_any_writing() -> None:
    file = book(
        inline((" ОТЧЁСТВО * ", "Ещё", "фамилия"), ("Ильич", "?", "Орлов"), ("Пример: Ильич", "", "Орлов"), ("", "?", ""))
    )
    table = Table(Workbook(file), "Пациенты", ["Фамилия", "Отчество", "Телефон"], ["Фамилия"])
    assert table.columns == {0: "Отчество", 2: "Фамилия"}
    assert table.ignored == ["Ещё"]
    first, marked = table.records()
    assert (first.number, first.cells, first.aside) == (2, {"Отчество": "Ильич", "Фамилия": "Орлов"}, "")
    assert (marked.number, "со слова «Пример:»" in marked.aside) == (3, True)


EXAMPLES = {"ID": "", "Фамилия": "Иванова", "Имя": "Анна", "Цена": 500, "E-mail": "a@b.ru"}
COLUMNS = [column(Field(name=heading, label=heading), example=example) for heading, example in EXAMPLES.items()]
MARK = "Пример: строка не загружается"


@pytest.mark.spec("XLS-1")
@pytest.mark.parametrize(
    ("row", "cells", "aside", "doubtful"),
    [
        ((MARK, "Иванова", "Анна", "500", "a@b.ru"), None, False, []),
        ((MARK, "Иванова", "", "", ""), None, False, []),
        ((MARK, "", "", "", ""), None, False, []),
        ((MARK, "Орлова", "Вера", "700", ""), {"Фамилия": "Орлова", "Имя": "Вера", "Цена": "700"}, False, []),
        (
            (MARK, "Орлова", "Анна", "", "a@b.ru"),
            {"Фамилия": "Орлова", "Имя": "Анна", "E-mail": "a@b.ru"},
            False,
            ["Имя", "E-mail"],
        ),
        (
            ("", "Иванова", "Анна", "500", "a@b.ru"),
            {"Фамилия": "Иванова", "Имя": "Анна", "Цена": "500", "E-mail": "a@b.ru"},
            True,
            [],
        ),
        (("", "Иванова", "Анна", "", ""), {"Фамилия": "Иванова", "Имя": "Анна"}, False, []),
        (("Пример: своё", "Орлова", "", "", ""), {"Фамилия": "Орлова"}, False, []),
    ],
)
def test_only_the_example_itself_is_passed_over(
    row: tuple[str, ...], cells: dict[str, Value] | None, aside: bool, doubtful: list[str]
) -> None:
    file = book(inline(("ID", "Фамилия", "Имя", "Цена", "E-mail"), row))
    table = Table(Workbook(file), "Лист1", [column.heading for column in COLUMNS], [], example=example_of(COLUMNS))
    found = [(dict(record.cells), bool(record.aside), [heading for heading, _ in record.doubts]) for record in table.records()]
    assert found == ([] if cells is None else [(cells, aside, doubtful)])


@pytest.mark.spec("XLS-10")
@pytest.mark.parametrize(
    "row",
    [
        ("Итого", "", "350"), ("ИТОГО:", "", ""), ("", "Итого по отделению", "1 500,00"), ("Всего пациентов: 350", "", ""),
        ("12", "Всего", "5"), ("Общий итог", "", ""), ("Количество: 350", "", ""), ("", "Сумма", "12 000"),
        ("Главный врач ______________ Орлов И. П.", "", ""), ("Главный врач", "", "Орлов"), ("Подпись", "", ""), ("М.П.", "", ""),
        ("Исполнитель: Орлова В. И.", "", ""), ("Страница 2 из 7", "", ""), ("Дата печати: 12.05.2026", "", ""),
        ("Отчёт сформирован 12.05.2026", "", ""), ("Фамилия", "Имя", "Телефон"), ("Генеральный директор", "", ""),
        ("350", "", ""), ("— — —", "", ""), ("Примечание: без дублей", "", ""),
    ],
)  # fmt: skip
def test_sums_signatures_and_repeated_headings_are_no_people(row: tuple[str, ...]) -> None:
    table = Table(Workbook(book(inline(("Фамилия", "Имя", "Телефон"), row))), "Лист1", ["Фамилия", "Имя", "Телефон"], [])
    (record,) = table.records()
    assert record.aside.endswith(".")


@pytest.mark.spec("XLS-10")
@pytest.mark.parametrize("name", ["Итогов", "Всеволодова", "Директоренко", "Подписова", "Суммина", "Числов", "Мп", "Стр"])
def test_people_whose_names_only_begin_so_are_people(name: str) -> None:
    table = Table(Workbook(book(inline(("Фамилия",), (name,)))), "Лист1", ["Фамилия"], [])
    assert [record.aside for record in table.records()] == [""]


@pytest.mark.spec("XLS-10")
@pytest.mark.parametrize(
    ("written", "heading"),
    [
        ("* Наименование", "Наименование"),
        ("Продолжительность*\n(ЧЧ:ММ)", "Продолжительность"),
        ("День рождения, ДД.ММ.ГГГГ", "День рождения"),
        ("Использовать для онлайн\u00a0записи", "Использовать для онлайн-записи"),
        ("E mail", "E-mail"),
        ("Единица измерения(продажа)", "Единица измерения (продажа)"),
        ("\u0438\u0306од", "йод"),
    ],
)
def test_a_heading_is_known_by_its_letters(written: str, heading: str) -> None:
    table = Table(Workbook(book(inline((written,)))), "Лист1", [heading, "Единица измерения"], [])
    assert table.columns == {0: heading}


SHEETS = {"sheet1": inline(("Заметки",), ("Прочее",)), "sheet2": inline(("Фамилия",), ("Ёлкин",)), "sheet3": ""}


@pytest.mark.spec("XLS-10")
@pytest.mark.parametrize("shown", ["sheet2 alone", "all"])
def test_a_sheet_of_another_name_is_found_where_only_it_can_be_meant(shown: str) -> None:
    """Three sheets of an old Excel, or a template whose sheet was renamed beside the hidden one."""
    parts = {f"xl/worksheets/{name}.xml": sheet(rows) for name, rows in SHEETS.items()}
    file = book(names=("Лист1", "Лист2", "Лист3"), **parts)
    if shown == "sheet2 alone":
        with ZipFile(file) as usual:
            contents = {name: usual.read(name).decode() for name in usual.namelist()}
        for name in ("Лист1", "Лист3"):
            contents["xl/workbook.xml"] = contents["xl/workbook.xml"].replace(f'"{name}"', f'"{name}" state="hidden"')
        file = packed(contents)
    table = Table(Workbook(file), "Пациенты", ["ID", "Фамилия"], [])
    assert [dict(record.cells) for record in table.records()] == [{"Фамилия": "Ёлкин"}]


@pytest.mark.spec("XLS-10")
@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (book(inline(("Фамилия", "ФАМИЛИЯ*"))), "«Фамилия» есть в таблице дважды"),
        (book(inline(("Имя",))), "нет столбца «Фамилия»"),
        (book(), "нет столбца «Фамилия»"),
        (book('<row r="2"><c t="inlineStr"><is><t>Фамилия</t></is></c></row>'), "нет столбца «Фамилия»"),
        (book(names=("Один", "Два")), "нет листа «Пациенты»"),
        (book(inline(("Фамилия",)), names=("Один", "Два")), "нет листа «Пациенты»"),
    ],
)
def test_a_wrong_sheet_or_heading_is_named(file: BytesIO, sentence: str) -> None:
    with pytest.raises(WrongFile) as refused:
        Table(Workbook(file), "Пациенты", ["Фамилия", "Имя"], ["Фамилия"])
    assert sentence in refused.value.sentence


def test_the_sheet_is_found_by_its_name_among_others() -> None:
    file = book(inline(("Фамилия",), ("Ёлкин",)), names=("Прочее", "пациенты "))
    assert [dict(record.cells) for record in Table(Workbook(file), "Пациенты", ["Фамилия"], []).records()] == [
        {"Фамилия": "Ёлкин"}
    ]
