"""What a field is, declared once: its name and label, how what people write becomes what is stored, what an empty one means, and
its limits.

A card's fields are `Fields`. From them come its checks, the shapes of the API (`services/api/fields.py`), through its description
the limits of the forms, and the columns of Excel. A kind of field stands beside its parser: `PHONE` in `phones.py`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, Literal

import msgspec

from aggregates.values import (
    MOST_COMMENT,
    MOST_FACTOR_WRITTEN,
    Scalar,
    WrongValue,
    WrongValues,
    factor,
    flag,
    money,
    one_of,
    only_known,
    reference,
    text,
    whole,
)

FieldType = Literal[
    "text", "lines", "number", "money", "factor", "flag", "choice", "color", "reference", "digits", "date", "phone", "phones",
    "email", "inn", "kpp", "ogrn", "birth_date", "paper_date", "paper_number", "snils",
]  # fmt: skip
Check = Callable[["Field", object, date], Scalar]
"""(field, written, today) → the stored form. WrongValue."""


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of field. `type`: what forms and the API know it by."""

    type: FieldType
    check: Check
    limit: int = 0
    """Characters that may be written, unless the field says; 0: it isn't written as a text."""
    empty: Scalar = ""


def _written(field: "Field", value: object, _: date) -> Scalar:
    return text(field.name, value, limit=field.longest)


def _lines(field: "Field", value: object, _: date) -> Scalar:
    return text(field.name, value, limit=field.longest, lines=True)


def _one_line(field: "Field", value: object, _: date) -> Scalar:
    return " ".join(text(field.name, value, limit=field.longest).split())


def _choice(field: "Field", value: object, _: date) -> Scalar:
    return one_of(field.name, value, ("", *field.choices) if field.empty == "" else field.choices)


_COLOR = re.compile(r"#[0-9a-f]{6}")


def _color(field: "Field", value: object, _: date) -> Scalar:
    written = text(field.name, value, limit=field.longest).lower()
    if written and _COLOR.fullmatch(written) is None:
        raise WrongValue(field.name, "Цвет записывается как #2f6fdd.")
    return written


def _digits(field: "Field", value: object, _: date) -> Scalar:
    written = text(field.name, value, limit=field.longest)
    if written and not (written.isascii() and written.isdigit()):
        raise WrongValue(field.name, "Здесь только цифры.")
    return written


TEXT = Kind(type="text", check=_written, limit=200)
LINE = Kind(type="text", check=_one_line, limit=200)
"""A text in which one space stands between words."""
LINES = Kind(type="lines", check=_lines, limit=2000)
COMMENT = Kind(type="lines", check=_lines, limit=MOST_COMMENT)
DIGITS = Kind(type="digits", check=_digits, limit=20)
COLOR = Kind(type="color", check=_color, limit=len("#2f6fdd"))
FLAG = Kind(type="flag", check=lambda field, value, _: flag(field.name, value), empty=False)
NUMBER = Kind(type="number", check=lambda field, value, _: whole(field.name, value, field.least, field.most), empty=0)
MONEY = Kind(type="money", check=lambda field, value, _: str(money(field.name, value)), empty="0.00")
"""Rubles, a decimal text."""
FACTOR = Kind(type="factor", check=lambda field, value, _: factor(field.name, value), limit=MOST_FACTOR_WRITTEN, empty="1")
"""How many of something: a positive number, a decimal text."""
CHOICE = Kind(type="choice", check=_choice)
"""One that says nothing may be chosen where the field's empty value is an empty text."""
REFERENCE = Kind(type="reference", check=lambda field, value, _: reference(field.name, value), empty=None)
REFERENCE_TEXT = Kind(type="reference", check=lambda field, value, _: reference(field.name, value) or "")
"""As cards store it that know nothing but texts: empty for none."""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field. A `choice` is one of `choices`: value → label; a `reference` the id of an object of the kind `refers`."""

    name: str
    label: str
    kind: Kind = TEXT
    required: bool = False
    limit: int = 0
    """Characters that may be written; 0: as many as the kind says."""
    least: int = 0
    most: int = 0
    """Of numbers."""
    unit: str = ""
    """What stands after a number: «мин»."""
    choices: Mapping[Any, str] = {}
    refers: str = ""
    dictionary: str = ""
    """OID of the federal dictionary whose code this is, where that dictionary is loaded."""
    initial: Scalar | msgspec.UnsetType = msgspec.UNSET
    """What it holds until somebody says otherwise; unset: the empty value of its kind."""
    listed: bool = True
    """Lists show it before anybody chooses columns."""

    @property
    def type(self) -> FieldType:
        return self.kind.type

    @property
    def empty(self) -> Scalar:
        """The value in a card that says nothing here."""
        return self.kind.empty if isinstance(self.initial, msgspec.UnsetType) else self.initial

    @property
    def longest(self) -> int:
        """Characters that may be written; 0: it isn't written as a text."""
        return self.limit or self.kind.limit

    def checked(self, value: object, today: date = date.max) -> Scalar:
        """The value in its one stored form. `today`: after which nobody is born. WrongValue."""
        if self.required and (value is None or value == ""):
            raise WrongValue(self.name, _REQUIRED)
        found = self.kind.check(self, value, today)
        if self.required and (found is None or found == ""):
            raise WrongValue(self.name, _REQUIRED)
        return found


_REQUIRED = "Это поле нужно заполнить."


class Faults:
    """What is wrong with several fields, gathered so that all of it is refused at once."""

    def __init__(self) -> None:
        self._found: list[WrongValue] = []

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Go on after this part, whatever it refuses."""
        try:
            yield
        except WrongValue as wrong:
            self._found += wrong.each

    def refuse(self) -> None:
        """WrongValue, or WrongValues where there are several."""
        if self._found:
            raise self._found[0] if len(self._found) == 1 else WrongValues(self._found)


class Fields(Mapping[str, Field]):
    """The fields of a card by name, in order. `together`: raises WrongValue for what only makes sense together."""

    def __init__(self, *fields: Field, together: Callable[[Mapping[str, Any]], None] | None = None) -> None:
        self._fields = {field.name: field for field in fields}
        self._together = together
        if len(self._fields) < len(fields):
            raise TypeError("two fields of one card have the same name")

    def __getitem__(self, name: str) -> Field:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    @property
    def empty(self) -> dict[str, Scalar]:
        """A card that says nothing."""
        return {name: field.empty for name, field in self._fields.items()}

    def checked(self, card: Mapping[str, Any], today: date = date.max) -> dict[str, Scalar]:
        """The card in stored form; what it doesn't name is empty. WrongValue, WrongValues."""
        return self._judged({**self.empty, **card}, {}, today)

    def changed(self, before: Mapping[str, Scalar], fields: Mapping[str, Any], today: date = date.max) -> dict[str, Scalar]:
        """The card `before` with these fields changed, in stored form. WrongValue, WrongValues.

        What stays as it is isn't judged by rules that came later: a phone that no plan has, once stored, hinders no other change.
        """
        card = {**before, **fields}
        same = {name: old for name, old in before.items() if card[name] == old and type(card[name]) is type(old)}
        return self._judged(card, same, today)

    def _judged(self, card: Mapping[str, Any], same: Mapping[str, Scalar], today: date) -> dict[str, Scalar]:
        only_known(card, self._fields)
        checked, faults = dict(same), Faults()
        for name, field in self._fields.items():
            if name not in same:
                with faults.gathered():
                    checked[name] = field.checked(card[name], today)
        if self._together is not None:
            with faults.gathered():
                self._together({**card, **checked})
        faults.refuse()
        return {name: checked[name] for name in self._fields}
