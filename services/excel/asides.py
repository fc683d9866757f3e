"""Rows of a table that are about no object: sums, signatures, repeated headings."""

import re
from collections.abc import Collection, Mapping

from services.excel.cell_values import Value
from services.excel.cells import plain

_TOTAL = "Похоже на строку итогов. Если это запись, загрузите её отдельным файлом или впишите вручную."
_SIGNATURE = "Похоже на подпись или примечание под таблицей, а не на запись."
_HEADINGS_AGAIN = "Это повтор или нумерация заголовков."
_NO_NAME = "В имени нет ни одной буквы."

_TOTALS = re.compile(
    r"(?:(?:промежуточн|общ)\w+\s+)?(?:итог[оиа]?|всего|total|subtotal|grand total)(?:\W.*)?"
    r"|(?:общая\s+)?(?:сумма|количество|кол-во|число|среднее|остаток|сальдо|записей|строк|в том числе)"
    r"(?:\s+(?:записей|строк|пациентов|клиентов|сотрудников|товаров|услуг))?\s*[:=]?[\s\d.,]*",
    re.IGNORECASE | re.DOTALL,
)
_NOTES = re.compile(
    r".*_{3,}.*|м\.\s?п\.?|подпис[ьи](?:\W.*)?|(?:страница|стр\.)\s+\d+(?:\s+(?:из|/)\s*\d+)?|лист\s+\d+\s+из\s+\d+"
    r"|(?:дата|время)\s+(?:печати|выгрузки|формирования|отч[её]та|составления)(?:\W.*)?"
    r"|(?:отч[её]т\s+)?(?:сформирован|выгружен|составлен|распечатан)\w{0,2}(?:\W.*)?"
    r"|(?:период|примечани[ея]|исполнитель|составил|проверил|утвердил|ответственный)\w{0,2}\s*:.*|конец\s+(?:отч[её]та|списка|таблицы)",
    re.IGNORECASE | re.DOTALL,
)
_ROLES = re.compile(
    r"(?:исполнитель|составила?|проверила?|утвердила?|утверждаю|ответственн\w+|(?:\w+\s+)?директор|глав(?:ный|\.)\s+(?:врач|бухгалтер)"
    r"|главврач|руководитель|заведующ\w+|(?:старший\s+)?администратор|бухгалтер)(?:[\s:,].*)?",
    re.IGNORECASE | re.DOTALL,
)


def reason(cells: Mapping[str, Value], first: Value, naming: Collection[str], written: Mapping[str, str]) -> str:
    """Why a row is no object: a Russian sentence, or "" where it may be one.

    `cells`: heading → value of the catalogue's columns; `first`: of the first cell of the row that holds a text, or else of the
    first one; `naming`: headings of the columns that name a person; `written`: heading → as the file writes it.
    """
    if _repeats_headings(cells, written):
        return _HEADINGS_AGAIN
    text = " ".join(plain(first).split())
    if text and _TOTALS.fullmatch(text):
        return _TOTAL
    names = [" ".join(plain(cells[heading]).split()) for heading in naming if heading in cells]
    if _NOTES.fullmatch(text) or any(_NOTES.fullmatch(name) or _ROLES.fullmatch(name) for name in names):
        return _SIGNATURE
    if any(_TOTALS.fullmatch(name) for name in names):
        return _TOTAL
    if names and not any(character.isalpha() for name in names for character in name):
        return _NO_NAME
    return ""


def _repeats_headings(cells: Mapping[str, Value], written: Mapping[str, str]) -> bool:
    """Whether a row says what its columns are called, as at the top of a printed page, or numbers them."""
    if len(cells) < 2:
        return False
    if all(isinstance(value, str) and value in {heading, written.get(heading)} for heading, value in cells.items()):
        return True
    numbers = [value for value in cells.values() if isinstance(value, int) and not isinstance(value, bool)]
    return len(numbers) == len(cells) > 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 2
