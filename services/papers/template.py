"""A paper from one of the clinic's templates: its text with what the placeholders stand for (VIS-11)."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from aggregates.money.amount_in_words import amount_in_words
from aggregates.people.registry_acceptance import format_partial_date
from aggregates.template_text import PLACEHOLDER, PLACEHOLDERS, name_of
from readmodels.clinic.requisites import Requisites
from readmodels.scheduling.calendar import VisitItem
from readmodels.scheduling.visit_document import VisitDocument
from readmodels.words.values import format_moment, format_rubles
from services.papers.layout import laid_out, long_day, shown_phone
from services.papers.visit import stated_lines

BLANK = "____________________"
"""Where nothing is known: to be filled in by hand."""
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_EXAMPLE: Mapping[str, str] = {
    "пациент": "Иванова Мария Петровна", "дата рождения": "12.04.1987", "карта": "404", "телефон": "+7 916 123-45-67",
    "адрес": "Тверь, ул. Лесная, д. 5, кв. 12", "паспорт": "28 07 123456, выдан ОВД г. Твери 01.02.2008",
    "снилс": "112-233-445 95", "представитель": "Иванов Пётр Сергеевич", "визит": "128", "дата визита": "23.11.2026 10:00",
    "врач": "Соколов Пётр Ильич", "услуги": "Лечение кариеса; Рентген зуба × 2", "сумма": "5 300,00 ₽",
    "сумма прописью": "Пять тысяч триста рублей 00 копеек",
}  # fmt: skip


class Block(msgspec.Struct, frozen=True):
    """A heading, a paragraph or an item of a list; `spans`: (whether it is bold, text)."""

    tag: str
    spans: list[tuple[bool, str]]


def template_paper(title: str, text: str, values: Mapping[str, str]) -> str:
    """The HTML of a paper. `values`: by placeholder; what is missing is left to be filled in by hand."""
    return laid_out("template.html", title=title, blocks=list(_blocks(text, values)))


def known_values(
    patient: Mapping[str, Any], visit: tuple[VisitItem, VisitDocument] | None, clinic: Requisites, today: date
) -> dict[str, str]:
    """Placeholder → what it stands for, of a patient's card, a visit and the clinic."""
    street = (patient["city"], patient["street"], _prefixed("д. ", patient["house"]), _prefixed("кв. ", patient["flat"]))
    passport = (
        " ".join(filter(None, (patient["passport_series"], patient["passport_number"]))),
        _prefixed("выдан ", " ".join(filter(None, (patient["passport_issued_by"], _partial(patient["passport_issued_on"]))))),
    )
    parts = ("family_name", "given_name", "patronymic")
    known = {
        "пациент": patient["name"],
        "дата рождения": _partial(patient["birth_date"]),
        "карта": patient["card_number"],
        "телефон": shown_phone(patient["phone"]),
        "адрес": ", ".join(filter(None, street)),
        "паспорт": ", ".join(filter(None, passport)),
        "снилс": patient["snils"],
        "представитель": " ".join(filter(None, (patient[f"representative_{part}"] for part in parts))),
        **_of_clinic(clinic, today),
    }
    if visit is not None:
        item, document = visit
        lines, total = stated_lines(item, document)
        named = (line.name if line.quantity == 1 else f"{line.name} × {line.quantity:f}" for line in lines)
        known |= {
            "визит": str(item.number),
            "дата визита": format_moment(item.starts_at),
            "врач": item.doctor.name if item.doctor else "",
            "услуги": "; ".join(named),
            "сумма": format_rubles(total),
            "сумма прописью": amount_in_words(Decimal(total)),
        }
    return {name: value for name, value in known.items() if value}


def example_values(clinic: Requisites, today: date) -> dict[str, str]:
    """What a preview shows: an invented patient and visit of this clinic."""
    return {**_EXAMPLE, **{name: value for name, value in _of_clinic(clinic, today).items() if value}}


def _of_clinic(clinic: Requisites, today: date) -> dict[str, str]:
    return {
        "клиника": clinic.name, "юрлицо": clinic.full, "адрес клиники": clinic.address, "телефон клиники": clinic.phone,
        "инн": clinic.inn, "кпп": clinic.kpp, "огрн": clinic.ogrn, "дата": long_day(today),
    }  # fmt: skip


def _blocks(text: str, values: Mapping[str, str]) -> Iterator[Block]:
    for line in text.splitlines():
        written = line.strip()
        if written.startswith("#"):
            yield Block("h1", _spans(written.lstrip("# "), values))
        elif written.startswith("- "):
            yield Block("li", _spans(written[2:], values))
        else:
            yield Block("p", _spans(written, values))


def _spans(line: str, values: Mapping[str, str]) -> list[tuple[bool, str]]:
    """Bold and plain parts; placeholders are filled in afterwards, so that what they stand for is never taken for signs."""
    parts = _BOLD.split(line)  # the odd ones stand between the signs
    return [(number % 2 == 1, _filled(part, values)) for number, part in enumerate(parts) if part]


def _filled(part: str, values: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda found: _value(found[0], name_of(found[1]), values), part)


def _value(written: str, name: str, values: Mapping[str, str]) -> str:
    return values.get(name, BLANK) if name in PLACEHOLDERS else written


def _prefixed(prefix: str, value: str) -> str:
    return f"{prefix}{value}" if value else ""


def _partial(stored: str) -> str:
    return format_partial_date(stored) if stored else ""
