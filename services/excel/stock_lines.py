"""Lines of a stock document from a sheet: what is read of it, and what is wrong in which row.

A supplier's invoice, opening stock and a filled-in sheet of an inventory are read alike. Nothing is stored: the lines go into the
form of an open draft, where a person looks at them.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO
from uuid import UUID

import msgspec

from aggregates.catalogue import name_key
from aggregates.stock.stock_document import Shape
from aggregates.stock.stock_lines import MOST_LINES, StockLine, StockUnit, checked_lines
from aggregates.values import WrongValue
from readmodels.stock.stock_goods import StockGoods
from services.excel import dates
from services.excel.archive import WrongFile
from services.excel.cell_values import Fault, Value
from services.excel.cells import MONEY, plain
from services.excel.entry_names import Names
from services.excel.reading import Workbook
from services.excel.table import Record, Table

GOODS, ARTICLE, UNIT, QUANTITY, COUNTED = "Товар", "Артикул", "Единица измерения", "Количество", "Сосчитано"
PRICE, SUM, BATCH, EXPIRES, ID = "Цена", "Сумма", "Партия", "Срок годности", "ID"
BOOK, CATEGORY = "По учёту", "Категория"
"""Of a sheet of an inventory, for those who count: not read."""
_ALSO = {
    GOODS: ("Наименование", "Номенклатура", "Наименование товара"),
    ARTICLE: ("Код", "Код товара"),
    UNIT: ("Ед.", "Ед. изм."),
    QUANTITY: ("Кол-во",),
    COUNTED: ("Факт", "Фактическое количество", QUANTITY, "Кол-во"),
    PRICE: ("Цена, руб.",),
    SUM: ("Стоимость", "Сумма, руб."),
    BATCH: ("Серия",),
    EXPIRES: ("Годен до",),
}
_FIELDS = {"goods_id": GOODS, "unit": UNIT, "price": PRICE, "sum": SUM, "batch": BATCH, "expires_on": EXPIRES}
_SHORT = {"шт": "штука", "штук": "штука", "штуки": "штука", "мин": "минута", "мл": "миллилитр"}
"""How invoices write the units that every clinic starts with."""
_MONTH = re.compile(r"(\d{1,2})[.,/ -](\d{2}|\d{4})")
_DAY = re.compile(r"(\d{1,2})([.,/ -])(\d{1,2})\2(\d{2})")
"""Goods expire in this century."""
_NOISE = 6
"""Places of a number in a cell, behind which the noise of fractions begins."""
_NO_NAMES = Names()
MOST_ROWS = 5_000


class ReadLine(msgspec.Struct, frozen=True):
    """A line in its checked form. `row`: of the sheet."""

    row: int
    goods: StockGoods
    quantity: Decimal
    unit: StockUnit
    price: Decimal | None
    sum: Decimal | None
    batch: str
    expires_on: date | None


class LineError(msgspec.Struct, frozen=True):
    """What is wrong with a row, which isn't among the lines. `column`: its heading, "" where it is the whole row."""

    row: int
    column: str
    reason: str


class ReadLines(msgspec.Struct, frozen=True):
    """`ignored`: headings of columns that aren't read."""

    lines: list[ReadLine]
    errors: list[LineError]
    ignored: list[str]


def read_lines(file: BinaryIO, title: str, shape: Shape, goods: Iterable[StockGoods]) -> ReadLines:
    """The lines of a document of this shape. WrongFile. `title`: what the sheet may be called; `goods`: what may be chosen."""
    return _Reading(shape, goods).read(Table(Workbook(file), title, _headings(shape), ()))


def _columns(shape: Shape) -> list[str]:
    columns = [ID, GOODS, ARTICLE, COUNTED if shape.counts else QUANTITY, UNIT]
    columns += [PRICE] if shape.priced or shape.counts else []
    columns += [SUM] if shape.priced else []
    return columns + ([BATCH, EXPIRES] if shape.batches else [])


def _headings(shape: Shape) -> list[str]:
    named = [heading for column in _columns(shape) for heading in (column, *_ALSO.get(column, ()))]
    return list(dict.fromkeys([*named, BOOK, CATEGORY]))


class _Reading:
    def __init__(self, shape: Shape, goods: Iterable[StockGoods]) -> None:
        self._shape = shape
        self._amount = COUNTED if shape.counts else QUANTITY
        self._by_id = {one.id: one for one in goods}
        self._by_name = _grouped(self._by_id.values(), lambda one: name_key(one.name))
        self._by_article = _grouped(self._by_id.values(), lambda one: name_key(one.article))
        self._first: dict[UUID, int] = {}
        self._lines: list[ReadLine] = []
        self._errors: list[LineError] = []

    def read(self, table: Table) -> ReadLines:
        columns = {column: self._heading(table, column) for column in _columns(self._shape)}
        if not any(columns[column] for column in (ID, GOODS, ARTICLE)):
            raise WrongFile(f"В первой строке нет столбца «{GOODS}». Назовите так столбец с товарами.")
        if not columns[self._amount]:
            raise WrongFile(f"В первой строке нет столбца «{self._amount}». Назовите так столбец с количеством.")
        for number, record in enumerate(table.records()):
            if number >= MOST_ROWS:
                raise WrongFile(f"В таблице больше {MOST_ROWS} строк. Разделите её на несколько файлов.")
            self._read(record, {column: record.cells[heading] for column, heading in columns.items() if heading in record.cells})
            if len(self._lines) > MOST_LINES:
                raise WrongFile(f"В документе может быть не больше {MOST_LINES} строк. Разделите файл на несколько.")
        return ReadLines(self._lines, self._errors, table.ignored)

    @staticmethod
    def _heading(table: Table, column: str) -> str:
        return next((one for one in (column, *_ALSO.get(column, ())) if one in table.headings), "")

    def _read(self, record: Record, cells: Mapping[str, Value]) -> None:
        if record.aside:
            self._errors.append(LineError(record.number, "", record.aside))
        elif self._shape.counts and not plain(cells.get(self._amount, "")).strip():
            return  # nobody has counted it
        else:
            try:
                self._lines.append(self._line(record.number, cells))
            except WrongValue as wrong:
                self._note(record.number, wrong.each)

    def _note(self, row: int, faults: Iterable[WrongValue]) -> None:
        for fault in faults:
            name = str(fault.facts["field"]).rpartition(".")[2]
            column = self._amount if name == "quantity" else _FIELDS.get(name, name)
            self._errors.append(LineError(row, column, str(fault.facts["reason"])))

    def _line(self, row: int, cells: Mapping[str, Value]) -> ReadLine:
        for column, value in cells.items():
            if isinstance(value, Fault):
                raise WrongValue(column, value.reason)
        goods = self._goods(cells)
        unit = self._unit(goods, plain(cells.get(UNIT, "")))
        line = StockLine(
            goods_id=goods.id,
            quantity=_number("quantity", cells.get(self._amount)) or Decimal(0),
            unit=unit,
            factor=Decimal(goods.factor) if unit == "sale" and goods.write_off_unit else Decimal(1),
            price=_number("price", cells.get(PRICE)),
            sum=_number("sum", cells.get(SUM)),
            batch=plain(cells.get(BATCH, "")),
            expires_on=_expiry(cells.get(EXPIRES)),
        )
        shape = self._shape
        (checked,) = checked_lines([line], priced=shape.priced, counts=shape.counts, batches=shape.batches)
        if shape.counts and self._first.setdefault(goods.id, row) != row:
            raise WrongValue(GOODS, f"Этот товар уже есть в строке {self._first[goods.id]}. Сложите количество.")
        return ReadLine(row, goods, checked.quantity, unit, checked.price, checked.sum, checked.batch, checked.expires_on)

    def _goods(self, cells: Mapping[str, Value]) -> StockGoods:
        """By the id of our own sheet, by article, by name; WrongValue where that is none, or several."""
        written = {column: plain(cells.get(column, "")).strip() for column in (ID, ARTICLE, GOODS)}
        if written[ID]:
            known = self._by_id.get(_uuid(written[ID]))
            if known is None:
                raise WrongValue(ID, "Такого товара нет, или он удалён. Очистите ID и укажите название.")
            return known
        by_article = self._by_article.get(name_key(written[ARTICLE]), []) if written[ARTICLE] else []
        by_name = self._by_name.get(name_key(written[GOODS]), []) if written[GOODS] else []
        both = [one for one in by_article if one in by_name]
        found = both or by_name or ([] if written[GOODS] and len(by_article) > 1 else by_article)
        if len(found) == 1:
            if by_article and by_name and not both:
                raise WrongValue(ARTICLE, f"Это артикул другого товара: «{by_article[0].name}». Исправьте название или артикул.")
            return found[0]
        column = GOODS if written[GOODS] or not written[ARTICLE] else ARTICLE
        if found:
            raise WrongValue(column, "Таких товаров несколько. Укажите артикул, которого нет у другого.")
        if not written[column]:
            raise WrongValue(column, "Укажите товар.")
        raise WrongValue(column, f"Товара «{written[column][:100]}» в справочнике нет. Добавьте его или исправьте название.")

    def _unit(self, goods: StockGoods, written: str) -> StockUnit:
        two = goods.write_off_unit not in {"", goods.sale_unit}
        if not written.strip():
            return "sale" if two and self._shape.priced else "write_off"
        key = name_key(written).removesuffix(".")
        key = _SHORT.get(key, key)
        if key == name_key(goods.write_off_unit or goods.sale_unit).removesuffix("."):
            return "write_off"
        if key == name_key(goods.sale_unit).removesuffix("."):
            return "sale"
        units = " или ".join(f"«{unit}»" for unit in dict.fromkeys((goods.sale_unit, goods.write_off_unit)) if unit)
        raise WrongValue("unit", f"У товара другая единица: {units}.")


def _grouped(goods: Iterable[StockGoods], key: Callable[[StockGoods], str]) -> dict[str, list[StockGoods]]:
    found: dict[str, list[StockGoods]] = {}
    for one in goods:
        if not one.deleted and key(one):
            found.setdefault(key(one), []).append(one)
    return found


def _uuid(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        return UUID(int=0)


def _number(field: str, value: Value | None) -> Decimal | None:
    """A number as people and programs write it; the aggregate says whether it may be so. WrongValue."""
    if value is None or not plain(value).strip():
        return None
    rounded: Any = round(value, _NOISE) if isinstance(value, float) else value
    written = str(MONEY.read(field, rounded, _NO_NAMES))
    try:
        return Decimal(written)
    except ArithmeticError:
        raise WrongValue(field, f"«{plain(value)[:50]}» – не число.") from None


def _expiry(value: Value | None) -> date | None:
    """A day, or the last one of a month: «12.27», «12.2027». WrongValue."""
    if value is None or not plain(value).strip():
        return None
    found = _MONTH.fullmatch(plain(value).strip())
    if found and 1 <= int(found[1]) <= 12 and (len(found[2]) == 4 or int(found[2]) > 12):
        return _end_of(int(found[2]) % 2000 + 2000 if len(found[2]) == 2 else int(found[2]), int(found[1]))
    if found := _DAY.fullmatch(plain(value).strip()):
        return _day(int(found[4]) + 2000, int(found[3]), int(found[1]))
    try:
        written = dates.read("expires_on", value)
    except dates.Doubtful as doubt:
        written = doubt.value
    except WrongValue:
        raise WrongValue("expires_on", "Укажите дату как ДД.ММ.ГГГГ или месяц как ММ.ГГГГ.") from None
    parts = [int(part) for part in written.split("-") if part]
    if len(parts) == 2 and not written.startswith("-"):
        return _end_of(*parts)
    if len(parts) != 3:
        raise WrongValue("expires_on", "Укажите и год срока годности.")
    return _day(*parts)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise WrongValue("expires_on", "Такого дня нет. Укажите дату как ДД.ММ.ГГГГ или месяц как ММ.ГГГГ.") from None


def _end_of(year: int, month: int) -> date:
    if not (1 <= year <= 9999 and 1 <= month <= 12):
        raise WrongValue("expires_on", "Такого месяца нет.")
    return date(year, month, monthrange(year, month)[1])
