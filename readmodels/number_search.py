"""Documents found by the numbers that people know them by: «12», «№ 12», «визит 12»."""

from typing import Any

from readmodels.search_text import holds, normal, readings

_LONGEST = 15
"""Digits: no number is longer, and its column holds them all."""


def number_of(digits: str) -> int | None:
    """None of anything but digits."""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST else None


def titled_number(query: str, title: str) -> int | None:
    """For the search over everything: the number that a query is, after this title or alone."""
    return number_of(normal(query).removeprefix(normal(title)).strip(" №#"))


def listed_number(query: str) -> tuple[int | None, bool]:
    """For the search of a list: the number that a query may be, and whether it is nothing else («№ 12»)."""
    written = query.strip()
    number = number_of(written.removeprefix("№").strip())
    return number, number is not None and written.startswith("№")


def by_number_or_words(query: str, values: dict[str, Any], *, numbered: str, text: str) -> str:
    """The condition of a list's search in SQL: of this number, or with these words. Parameters are added to `values`.

    numbered  the condition of a number, by `%(number)s`.
    text      the column of what is searched, in its normal form.
    """
    if not query.strip():
        return "true"
    values["number"], alone = listed_number(query)
    if alone:
        return numbered
    ways = [f"({holds(text, way, values)})" for way in readings(query)]
    return f"({numbered}{''.join(f' OR {way}' for way in ways)})"
