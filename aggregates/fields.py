"""Fields, each declared once: name, label, parser into the stored form, empty value, limits.

A card's fields are `Fields`. Its checks come from them, as do the API's shapes (`services/api/fields.py`), the limits of forms
(through the API's description) and the columns of Excel. A kind of field is declared beside its parser, such as `PHONE` in
`phones.py`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, Literal, get_args, get_type_hints

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
    "text", "lines", "number", "money", "factor", "flag", "choice", "color", "reference", "digits", "date", "moment", "phone",
    "phones", "email", "inn", "kpp", "ogrn", "birth_date", "paper_date", "paper_number", "snils", "percent",
]  # fmt: skip
Check = Callable[["Field", object, date], Scalar]
"""(field, value as written, today) → the stored form. WrongValue."""


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of field. `type`: its name for forms and the API."""

    type: FieldType
    check: Check
    limit: int = 0
    """Most characters, unless the field sets its own limit; 0: not a text."""
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
"""A text with single spaces between words."""
LINES = Kind(type="lines", check=_lines, limit=2000)
COMMENT = Kind(type="lines", check=_lines, limit=MOST_COMMENT)
DIGITS = Kind(type="digits", check=_digits, limit=20)
COLOR = Kind(type="color", check=_color, limit=len("#2f6fdd"))
FLAG = Kind(type="flag", check=lambda field, value, _: flag(field.name, value), empty=False)
NUMBER = Kind(type="number", check=lambda field, value, _: whole(field.name, value, field.least, field.most), empty=0)
MONEY = Kind(type="money", check=lambda field, value, _: str(money(field.name, value)), empty="0.00")
"""Rubles, a decimal text."""
FACTOR = Kind(type="factor", check=lambda field, value, _: factor(field.name, value), limit=MOST_FACTOR_WRITTEN, empty="1")
"""A positive quantity, as decimal text."""
CHOICE = Kind(type="choice", check=_choice)
"""The empty choice is allowed if the field's empty value is ""."""
REFERENCE = Kind(type="reference", check=lambda field, value, _: reference(field.name, value), empty=None)
REFERENCE_TEXT = Kind(type="reference", check=lambda field, value, _: reference(field.name, value) or "")
"""For cards that store only texts: "" for none."""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field. `choices`: value → label, of a choice; `refers`: the kind of object, of a reference."""

    name: str
    label: str
    kind: Kind = TEXT
    required: bool = False
    limit: int = 0
    """Most characters; 0: the limit of the kind."""
    least: int = 0
    most: int = 0
    """Limits of a number."""
    unit: str = ""
    """Shown after a number: «мин»."""
    choices: Mapping[Any, str] = {}
    refers: str = ""
    dictionary: str = ""
    """OID of the federal dictionary that the code belongs to, checked if that dictionary is loaded."""
    initial: Scalar | msgspec.UnsetType = msgspec.UNSET
    """Its initial value; unset: the empty value of its kind."""
    listed: bool = True
    """Shown in lists by default."""

    @property
    def type(self) -> FieldType:
        return self.kind.type

    @property
    def empty(self) -> Scalar:
        """The value in an empty card."""
        return self.kind.empty if isinstance(self.initial, msgspec.UnsetType) else self.initial

    @property
    def longest(self) -> int:
        """Most characters; 0: not a text."""
        return self.limit or self.kind.limit

    def checked(self, value: object, today: date = date.max) -> Scalar:
        """The value in stored form. `today`: the latest birth date. WrongValue."""
        if self.required and (value is None or value == ""):
            raise WrongValue(self.name, _REQUIRED)
        stored = self.kind.check(self, value, today)
        if self.required and (stored is None or stored == ""):
            raise WrongValue(self.name, _REQUIRED)
        return stored


_REQUIRED = "Это поле нужно заполнить."


class Faults:
    """Collects the faults of several fields, so that all are refused at once."""

    def __init__(self) -> None:
        self._found: list[WrongValue] = []

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Collect what is refused inside, and go on."""
        try:
            yield
        except WrongValue as wrong:
            self.add(wrong)

    def add(self, wrong: WrongValue) -> None:
        self._found += wrong.each

    def refuse(self) -> None:
        """Raise WrongValue for one fault, WrongValues for several."""
        if self._found:
            raise self._found[0] if len(self._found) == 1 else WrongValues(self._found)


class Fields(Mapping[str, Field]):
    """The fields of a card by name, in order. `together`: checks across fields, raising WrongValue."""

    def __init__(self, *fields: Field, together: Callable[[Mapping[str, Any]], None] | None = None) -> None:
        self._fields = {field.name: field for field in fields}
        self._empty = {field.name: field.empty for field in fields}
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
        """An empty card."""
        return dict(self._empty)

    def checked(self, card: Mapping[str, Any], today: date = date.max) -> dict[str, Scalar]:
        """The card in stored form; fields that aren't given are empty. WrongValue, WrongValues."""
        absent = {name: self._empty[name] for name, field in self._fields.items() if name not in card and not field.required}
        return self._judged({**self._empty, **card}, absent, today)

    def changed(self, before: Mapping[str, Scalar], fields: Mapping[str, Any], today: date = date.max) -> dict[str, Scalar]:
        """The card `before` with these fields changed, in stored form. WrongValue, WrongValues.

        Unchanged fields aren't checked again: a stored value that newer rules would refuse must not block other changes.
        """
        card = {**before, **fields}
        same = {name: old for name, old in before.items() if card[name] == old and type(card[name]) is type(old)}
        return self._judged(card, same, today)

    def _judged(self, card: Mapping[str, Any], same: Mapping[str, Scalar], today: date) -> dict[str, Scalar]:
        only_known(card, self._fields)
        checked, faults = dict(same), Faults()
        for name, field in self._fields.items():
            if name not in same:
                try:  # a context for each of a million fields would take longer than the checks
                    checked[name] = field.checked(card[name], today)
                except WrongValue as wrong:
                    faults.add(wrong)
        if self._together is not None:
            with faults.gathered():
                self._together({**card, **checked})
        faults.refuse()
        return {name: checked[name] for name in self._fields}


def of(label: str, kind: Kind = TEXT, **more: Any) -> Field:
    """The field of a part of a struct, for `Annotated`; its name is the part's."""
    return Field(name="", label=label, kind=kind, **more)


def fields_of(struct: type[msgspec.Struct]) -> Fields:
    """The fields of the parts of a struct that are declared by `of`."""
    hints = get_type_hints(struct, include_extras=True)
    declared = ((name, part) for name, hint in hints.items() for part in get_args(hint)[1:] if isinstance(part, Field))
    return Fields(*(msgspec.structs.replace(field, name=name) for name, field in declared))
