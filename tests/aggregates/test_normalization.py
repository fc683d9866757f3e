"""What two writings of one name have in common."""

import pytest

from aggregates.normalization import normalize, person_name_key

pytestmark = pytest.mark.spec("PAT-6", "PAT-8", "XLS-4")


@pytest.mark.parametrize(
    "writings",
    [
        (
            *("Кротов-Мышкинский Пётр", "КРОТОВ МЫШКИНСКИЙ  ПЕТР", "Кротов\u2011Мышкинский Пётр", "Кротов–Мышкинский Пётр"),
            *("Кротов — Мышкинский Пётр", "Кротов \u2010мышкинский\u00a0Петр", "Кротов\u2212Мышкинский Пе\u0308тр"),
        ),
        (
            "Д’Артаньянов",
            "Д'Артаньянов",
            "Дʼартаньянов",
            "Д`Артаньянов",
            "Д\u00b4Артаньянов",
            "Дʹартаньянов",
            "Дартаньянов",
            "Д’ Артаньянов",
        ),
        ("Сергиенков", "Cергиенков", "Сepгиeнкoв", "СЕРГИЕНКОВ", "CEРГИЕНКОВ"),
        ("Тихонов", "Tихонов", "Tиxoнoв"),
        ("САХАРОВ ПЕТР", "CAXAPOB ПЕТР", "Caxapob Петр", "Сахаров Пeтр"),
        ("ХО ТАТА", "XO TATA", "Хо TATA"),
        ("Adams", "Аdams", "АDAMS", "Adаms"),
        ("Алиев Вели оглы", "Алиев Вели-оглы", "Алиев Велиоглы", "Алиев Вели Оглу", "Алиев Вели огли", "Алиев Вели"),
        ("Мамедова Сона кызы", "Мамедова Сона гызы", "Мамедова Сонакызы"),
        ("Ива́нов", "Иванов", "Ива\u00adнов", "\u200bИванов"),
        ("Йодов", "И\u0306одов"),
        ("Müller", "Muller", "\uff4düller"),
    ],
    ids=lambda writings: writings[0],
)
def test_one_name_is_one_however_it_is_written(writings: tuple[str, ...]) -> None:
    assert {person_name_key(writing) for writing in writings} == {person_name_key(writings[0])}


@pytest.mark.parametrize(
    ("one", "other"),
    [("Йодов", "Иодов"), ("Кротов", "Крот"), ("Ким", "Kim"), ("Сахаров", "Saharov"), ("Том", "Tim"), ("Оглы", "Кызы")],
)
def test_other_names_stay_others(one: str, other: str) -> None:
    assert person_name_key(one) != person_name_key(other)


def test_numbers_stay_what_they_are() -> None:
    assert normalize("№А-12 12–34 +7 912") == "№а-12 12-34 +7 912"
