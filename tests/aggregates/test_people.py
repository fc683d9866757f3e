from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregates.fields import Fields
from aggregates.people.person import (
    NAME_FIELDS,
    PersonName,
    birth_date,
    date_of_paper,
    email,
    number_of_paper,
    require_name,
    snils,
)
from aggregates.values import WrongValue

TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.spec("PAT-1")


def person_name(*parts: str) -> PersonName:
    return PersonName.of(
        Fields(*NAME_FIELDS, together=require_name).checked(dict(zip(PersonName().fields(), parts, strict=False)))
    )


@pytest.mark.parametrize("nothing", ["\u200b", "\u2060\ufeff", "\u00a0\u200e", "\u200d"])
def test_a_name_that_cannot_be_seen_is_none(nothing: str) -> None:
    with pytest.raises(WrongValue):
        person_name(nothing, nothing)


@pytest.mark.parametrize(
    "written", ["Иван\u200bов", "\ufeffИванов", "\u202eИванов\u202c", "Ива\u00adнов\u200b ", "\u200dИванов", "Иванов"]
)
def test_what_cannot_be_seen_makes_no_other_name(written: str) -> None:
    assert person_name(written).family_name == "Иванов"


def test_what_joins_the_parts_of_an_emoji_stays() -> None:
    assert person_name("👩\u200d⚕️").family_name == "👩\u200d⚕️"


@pytest.mark.parametrize(
    "written", ["", "1999", "1999-01", "1999-01-15", "--01-15", "--02-29", "2000-02-29", "2026-11-23", "2026"]
)
def test_a_birth_date_may_be_known_in_part(written: str) -> None:
    assert birth_date("birth_date", written, TODAY) == written


@pytest.mark.parametrize(
    "written",
    [
        "1999-13",
        "1999-00",
        "1999-02-29",
        "--02-30",
        "--00-10",
        "--13-10",
        "1999-01-00",
        "2026-11-24",
        "2026-12",
        "2027",
        "1889",
        "15.01.1999",
        "99",
        "-1999",
    ],
)
def test_a_birth_date_that_never_was_is_refused(written: str) -> None:
    with pytest.raises(WrongValue):
        birth_date("birth_date", written, TODAY)


def test_a_name_has_at_least_one_part() -> None:
    assert person_name("  Иванов ", "Пётр\u00a0 Первый", "") == PersonName("Иванов", "Пётр Первый", "")
    assert person_name("", "Анна") == PersonName(given_name="Анна")
    with pytest.raises(WrongValue):
        person_name(" ", "", "")


def test_what_cannot_be_seen_in_a_name_is_left_out() -> None:
    """A zero-width space, a soft hyphen, a mark of direction: with them the name would never be found again."""
    assert person_name("\ufeffИва\u200bнов", "Пё\u00adтр", "\u202eИльич") == PersonName("Иванов", "Пётр", "Ильич")
    with pytest.raises(WrongValue):
        person_name("\u200b\u2060")


def test_a_name_is_stored_composed() -> None:
    assert person_name("Зайцев", "Николаи\u0306") == PersonName("Зайцев", "Николай")


def test_names_are_formatted_in_full_and_in_short() -> None:
    name = PersonName("Иванов", "Пётр", "Сергеевич")
    assert (name.full, name.short) == ("Иванов Пётр Сергеевич", "Иванов П. С.")
    assert PersonName(given_name="Анна").short == "Анна"


@pytest.mark.parametrize("written", ["anna@klinika.ru", "Anna.B+1@mail.klinika.ru", "анна@клиника.рф", "a@b-c.ru"])
def test_an_address_is_stored_in_lower_case(written: str) -> None:
    assert email("email", written) == written.lower()


@pytest.mark.parametrize(
    "written",
    ["anna", "anna@", "@klinika.ru", "a b@klinika.ru", "anna@klinika", "a@b..ru", "a@-b.ru", "a@b@c.ru", "a" * 250 + "@b.ru"],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(WrongValue):
        email("email", written)


@pytest.mark.parametrize(
    "written",
    ["112-233-445 95", "11223344595", "112 233 445-95", " 112\u00a0233\u00a0445\u00a095 ", "112\u2212233\u2212445\uff0d95"],
)
def test_a_snils_is_stored_as_its_digits(written: str) -> None:
    assert snils("snils", written) == "11223344595"


@pytest.mark.parametrize("written", ["087-654-303 00", "001-001-998 77", "001-001-997 01", ""])
def test_a_check_number_past_a_hundred_is_noughts_and_the_oldest_have_none(written: str) -> None:
    assert snils("snils", written) == "".join(character for character in written if character.isdigit())


@pytest.mark.parametrize(
    "written",
    ["112-233-445 96", "112-233-454 95", "1122334459", "112233445950", "000-000-000 00", "٣١٢٢٣٣٤٤٥٩٥", "да", 11223344595],
)
def test_what_is_no_snils_is_refused(written: object) -> None:
    with pytest.raises(WrongValue):
        snils("snils", written)


@given(st.integers(1_001_999, 999_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_digit_mistyped_in_a_snils_is_noticed(nine: int, place: int, by: int) -> None:
    digits = f"{nine:09}"
    right = next(number for number in range(101) if _is_snils(f"{digits}{number:02}"))
    mistyped = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert not _is_snils(f"{mistyped}{right:02}") or mistyped <= "001001998" or right == 0


def _is_snils(digits: str) -> bool:
    try:
        return snils("snils", digits) == digits
    except WrongValue:
        return False


def test_numbers_of_papers_are_stored_without_gaps_and_dates_in_full() -> None:
    assert [number_of_paper("number", written) for written in ("45 12", "iv-мю", "№ 7 а", " ")] == ["4512", "IV-МЮ", "№ 7 А", ""]
    assert [date_of_paper("on", written, TODAY) for written in ("2019-03-01", "")] == ["2019-03-01", ""]
    for wrong in ("2019", "2019-02-30", "2026-11-24", "--01-15", "--01-15-99"):
        with pytest.raises(WrongValue):
            date_of_paper("on", wrong, TODAY)
