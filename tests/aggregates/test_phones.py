"""Telephone numbers as people write them, and what none of them can be."""

import pytest

from aggregates.phones import phone
from aggregates.values import WrongValue

pytestmark = [pytest.mark.spec("PAT-1"), pytest.mark.spec("UI-8")]


@pytest.mark.parametrize(
    "written",
    [
        "+7 912 345-67-89",
        "8 (912) 345-67-89",
        "89123456789",
        "79123456789",
        "9123456789",
        "8-912-345-67-89",
        "8.912.345.67.89",
        " 912\u00a0345\u201367\u201189 ",
        "+7(912)345 67 89",
        "+7 8 912 345-67-89",
        "00 7 912 345 67 89",
        "\uff0b7 912 345 67 89",
        "\u202a+7 912 345-67-89\u202c",  # as telephones give it to be pasted
    ],
)
def test_a_phone_is_stored_in_one_form(written: str) -> None:
    assert phone("phone", written) == "+79123456789"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("8 495 123-45-67", "+74951234567"),
        ("(3952) 12-34-56", "+73952123456"),
        ("812 123 45 67", "+78121234567"),  # begins with 8, and has its ten digits
        ("8 800 555-35-35", "+78005553535"),
        ("8 701 234 56 78", "+77012345678"),  # Kazakhstan shares the code
        ("+375 29 123-45-67", "+375291234567"),
        ("+375 (29) 123 45 67", "+375291234567"),
        ("8~10 375 29 123 45 67", "+375291234567"),
        ("8 10 998 90 123 45 67", "+998901234567"),
        ("810998901234567", "+998901234567"),
        ("00 998 90 123 45 67", "+998901234567"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("+1 212 555 1234", "+12125551234"),
    ],
)
def test_numbers_of_towns_and_other_countries_are_taken(written: str, stored: str) -> None:
    assert phone("phone", written) == stored
    assert phone("phone", stored) == stored


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("8 912 345-67-8", "должно быть 10 цифр"),
        ("7 912 345 67 8", "должно быть 10 цифр"),
        ("+7 912 345-67-8", "должно быть 10 цифр"),
        ("8912345678", "Такого номера в России нет"),
        ("8 812 123-45-6", "должно быть 10 цифр"),
        ("8 484 123-45-6", "должно быть 10 цифр"),
        ("8 912 345-67-890", "слишком много цифр"),
        ("+7 912 345-67-890", "должно быть 10 цифр"),
        ("345-67-89", "должно быть 10 цифр"),
        ("112", "должно быть 10 цифр"),
        ("0123456789", "Такого номера в России нет"),
        ("+7 000 000-00-00", "Такого номера в России нет"),
        ("+7 849 123-45-67", "Такого номера в России нет"),
        ("375 29 123-45-67", "начните с +"),  # a valid one of Belarus, if it only said so
        ("998901234567", "начните с +"),
        ("7012345678", "Такого номера в России нет"),
        ("+375 29 123-45-6", "нет номера из этих цифр"),
        ("+999 123 456 789", "нет номера из этих цифр"),
        ("+7 912 345-67-89 доб. 12", "только цифры"),
        ("8 912 345-67-89, 8 913 555-01-01", "только цифры"),
        ("٩١٢٣٤٥٦٧٨٩", "только цифры"),
        ("телефон", "только цифры"),
        ("+", "только цифры"),
        (9123456789, "нужен текст"),
    ],
)
def test_what_the_numbering_plan_does_not_have_is_refused_at_its_field(written: object, says: str) -> None:
    with pytest.raises(WrongValue) as refused:
        phone("representative_phone", written)
    assert refused.value.facts["field"] == "representative_phone"
    assert says in refused.value.sentence


def test_a_phone_may_be_unknown() -> None:
    assert phone("phone", " ") == ""
