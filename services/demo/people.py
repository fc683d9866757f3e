"""The invented people and services of the demonstration clinic."""

import json
from pathlib import Path
from random import Random
from typing import NamedTuple


class Person(NamedTuple):
    """A person's name parts and sex (`m` or `f`)."""

    family_name: str
    given_name: str
    patronymic: str
    sex: str


class StaffMember(NamedTuple):
    """One employee to hire. `key` names them within the demonstration; `week` is seven days of hours or None."""

    key: str
    name: tuple[str, str, str]
    position: str
    takes_visits: bool
    color: str
    week: tuple[tuple[tuple[str, str], ...], ...] | None = None
    login: str = ""
    rights_set: str = ""


OFF: tuple[tuple[str, str], ...] = ()
EARLY = (("09:00", "15:00"),)
LATE = (("15:00", "21:00"),)
DAY = (("10:00", "18:00"),)
WITH_LUNCH = (("09:00", "13:00"), ("14:00", "18:00"))
AFTERNOON = (("12:00", "20:00"),)
WEEKEND = (("10:00", "16:00"),)
"""The clinic never closes: on Saturday and Sunday at least three doctors are there, so that there is something to see any day."""

STAFF: tuple[StaffMember, ...] = (
    StaffMember(
        "manager", ("Воронцова", "Татьяна", "Михайловна"), "Главный врач", False, "#5b6472", None, "admin", "Администратор"
    ),
    StaffMember("orlova", ("Орлова", "Марина", "Викторовна"), "Стоматолог-терапевт", True, "#2f7d6b", None, "doctor", "Врач"),
    StaffMember("belov", ("Белов", "Андрей", "Сергеевич"), "Стоматолог-ортопед", True, "#3b6fb5", (EARLY,) * 5 + (OFF, WEEKEND)),
    StaffMember("zaitsev", ("Зайцев", "Павел", "Ильич"), "Хирург-имплантолог", True, "#a4543f"),
    StaffMember("kravtsova", ("Кравцова", "Елена", "Дмитриевна"), "Ортодонт", True, "#7b5aa6", (DAY,) * 5 + (OFF, OFF)),
    StaffMember("melnik", ("Мельник", "Олег", "Романович"), "Стоматолог-терапевт", True, "#8a6d1f", (LATE,) * 5 + (OFF, OFF)),
    StaffMember(
        "sokolova",
        ("Соколова", "Ирина", "Павловна"),
        "Детский стоматолог",
        True,
        "#b04a7a",
        (WITH_LUNCH, OFF, WITH_LUNCH, OFF, WITH_LUNCH, OFF, WEEKEND),
    ),
    StaffMember(
        "gromov",
        ("Громов", "Денис", "Александрович"),
        "Пародонтолог",
        True,
        "#4c7a34",
        (OFF, AFTERNOON, OFF, AFTERNOON, OFF, WEEKEND, OFF),
    ),
    StaffMember(
        "lebedeva",
        ("Лебедева", "Анна", "Игоревна"),
        "Гигиенист стоматологический",
        True,
        "#257a8f",
        (WITH_LUNCH,) * 5 + (WEEKEND, OFF),
    ),
    StaffMember("fomin", ("Фомин", "Виктор", "Степанович"), "Стоматолог-терапевт", True, "#777777", (EARLY,) * 5 + (OFF, OFF)),
    StaffMember("assistant1", ("Ким", "Светлана", "Олеговна"), "Ассистент стоматолога", False, "#5b6472"),
    StaffMember("assistant2", ("Гусева", "Дарья", "Николаевна"), "Ассистент стоматолога", False, "#5b6472"),
    StaffMember("assistant3", ("Рябов", "Илья", "Петрович"), "Ассистент стоматолога", False, "#5b6472"),
    StaffMember(
        "reception1", ("Савельева", "Ольга", "Андреевна"), "Администратор", False, "#5b6472", None, "reception", "Регистратор"
    ),
    StaffMember(
        "reception2", ("Титова", "Юлия", "Максимовна"), "Администратор", False, "#5b6472", None, "reception2", "Регистратор"
    ),
    StaffMember("auditor", ("Назарова", "Вера", "Львовна"), "Внутренний контроль", False, "#5b6472", None, "auditor", "Аудитор"),
)

FEDERAL_CODES = {
    "orlova": {"position_code": "112", "speciality_code": "71", "snils": "112-233-445 95"},
    "belov": {"position_code": "111", "speciality_code": "70", "snils": "087-654-303 00"},
    "zaitsev": {"position_code": "113", "speciality_code": "72"},
}
"""A doctor's codes and СНИЛС for the federal registry; invented, as the people are. Zaitsev's СНИЛС is missing on purpose."""

SERVICES: tuple[tuple[str, str, str, int, tuple[str, ...]], ...] = (
    ("Консультация терапевта", "Терапия", "800", 20, ("orlova", "melnik", "fomin")),
    ("Лечение кариеса, одна поверхность", "Терапия", "4200", 60, ("orlova", "melnik", "fomin")),
    ("Лечение кариеса, две поверхности", "Терапия", "5600", 80, ("orlova", "melnik", "fomin")),
    ("Лечение пульпита однокорневого зуба", "Терапия", "8900", 80, ("orlova", "melnik", "fomin")),
    ("Лечение пульпита трёхкорневого зуба", "Терапия", "14500", 120, ("orlova", "melnik")),
    ("Эстетическая реставрация", "Терапия", "9800", 100, ("orlova", "melnik")),
    ("Консультация ортопеда", "Ортопедия", "1000", 20, ("belov",)),
    ("Снятие оттисков", "Ортопедия", "2500", 40, ("belov",)),
    ("Коронка из диоксида циркония", "Ортопедия", "28000", 60, ("belov",)),
    ("Примерка и фиксация коронки", "Ортопедия", "3500", 40, ("belov",)),
    ("Консультация хирурга", "Хирургия", "1000", 20, ("zaitsev",)),
    ("Удаление зуба простое", "Хирургия", "3200", 40, ("zaitsev",)),
    ("Удаление зуба мудрости", "Хирургия", "9500", 80, ("zaitsev",)),
    ("Установка имплантата", "Хирургия", "42000", 120, ("zaitsev",)),
    ("Осмотр после операции", "Хирургия", "0", 20, ("zaitsev",)),
    ("Консультация ортодонта", "Ортодонтия", "1200", 40, ("kravtsova",)),
    ("Активация брекет-системы", "Ортодонтия", "3400", 40, ("kravtsova",)),
    ("Фиксация брекет-системы", "Ортодонтия", "39000", 120, ("kravtsova",)),
    ("Приём детского стоматолога", "Детский приём", "1500", 40, ("sokolova",)),
    ("Лечение кариеса молочного зуба", "Детский приём", "3800", 40, ("sokolova",)),
    ("Герметизация фиссур", "Детский приём", "2200", 20, ("sokolova",)),
    ("Консультация пародонтолога", "Пародонтология", "1000", 40, ("gromov",)),
    ("Кюретаж пародонтального кармана", "Пародонтология", "2900", 60, ("gromov",)),
    ("Профессиональная гигиена", "Гигиена", "5500", 60, ("lebedeva",)),
    ("Отбеливание зубов", "Гигиена", "18000", 80, ("lebedeva",)),
)

EXPENSIVE = frozenset({"Установка имплантата"})
"""Services of code 2 for the tax office."""

_NAMES: dict[str, list[str]] = json.loads(Path(__file__).with_name("names.json").read_text("utf-8"))


def invent_person(rng: Random) -> Person:
    """A random person."""
    sex = "f" if rng.random() < 0.56 else "m"
    family = rng.choice(_NAMES["family_names"]) + ("а" if sex == "f" else "")
    given = rng.choice(_NAMES["women" if sex == "f" else "men"])
    patronymic = rng.choice(_NAMES["patronymics"])
    return Person(family, given, patronymic if sex == "m" else patronymic.removesuffix("ич") + "на", sex)


def invent_phone(rng: Random) -> str:
    """A mobile number that the numbering plan has: only a part of +7930 is assigned."""
    return f"+79{rng.randrange(10**9):09}".replace("+7930", "+7931")
