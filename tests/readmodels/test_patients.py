import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregates.catalogues import PatientCategory
from aggregates.people.person import PersonName
from commands.catalogue import create_entry
from commands.people.patient import change_card
from readmodels.people import patient_search, patients
from readmodels.people.duplicates import duplicates
from readmodels.search_text import matches, normal, readings
from tests.readmodels.conftest import Story, looked_at


@pytest.mark.spec("PAT-8")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Иванов", ["Иванов Пётр", "Иванова Мария"]),
        ("ванов", ["Иванов Пётр", "Иванова Мария"]),
        ("ИВАНОВ ПЕТР", ["Иванов Пётр"]),
        ("петр иванов", ["Иванов Пётр"]),
        ("пётр", ["Петров Фёдор", "Иванов Пётр"]),
        ("федор", ["Петров Фёдор"]),
        ("Ф", ["Петров Фёдор"]),
        ("\u202aИва\u00adнов\u202c пётр", ["Иванов Пётр"]),
        ("bdfyjd", ["Иванов Пётр", "Иванова Мария"]),
        ("gtnhjd a`ljh", ["Петров Фёдор"]),
        ("Smith", ["Smith John"]),
        ("8 (916) 123-45-67", ["Иванов Пётр"]),
        ("+7 916 123 45 67", ["Иванов Пётр"]),
        ("79161234567", ["Иванов Пётр"]),
        ("8916123", ["Иванов Пётр"]),
        ("45-67", ["Иванов Пётр"]),
        ("4512", ["Петров Фёдор", "Иванов Пётр"]),
        ("петр 4512", ["Петров Фёдор", "Иванов Пётр"]),
        ("№4512", ["Петров Фёдор"]),
        ("иванов 4567", ["Иванов Пётр"]),
        ("сидоров", []),
        ("%", []),
        ("_", []),
        ("\\", []),
    ],
)
def test_a_patient_is_found_by_any_part_of_name_phone_or_card_number(story: Story, query: str, found: list[str]) -> None:
    story.patient("Иванов", "Пётр", phone="89161234567", card_number="A-1")
    story.patient("Иванова", "Мария", phone="+7 903 000 11 22", card_number="77")
    story.patient("Петров", "Фёдор", phone="9035551133", card_number="4512")
    story.patient("Smith", "John", card_number="B-2")
    if query in {"4512", "петр 4512"}:
        story.do(change_card, patient_search.search(story.read, "A-1")[0].id, {"phone": "89161245120"})

    assert [patient.name for patient in patient_search.search(story.read, query)] == found


@pytest.mark.spec("PAT-8")
@pytest.mark.parametrize("query", ["Сахаров", "CAXAPOB", "caxap", "сах", "CAX", "Сaхаров Том", "tom", "Том"])
def test_a_name_of_letters_that_look_alike_is_found_in_either_alphabet(story: Story, query: str) -> None:
    expected = {story.patient("Сахаров", "Том"), story.patient("CAXAPOB", "Tom"), story.patient("Сaxaров", "Toм")}
    story.patient("Katrin", "Moore")
    assert {patient.id for patient in patient_search.search(story.read, query)} == expected
    assert [patient.name for patient in patient_search.search(story.read, "kat")] == ["Katrin Moore"]
    born = {"birth_date": "1987-05-12"}
    twin = story.patient("CAXAPOB", "ТОМ", **born)
    assert [one.id for one in duplicates(story.read, PersonName("Сахаров", "Том"), "", "1987-05-12")] == [twin]


@pytest.mark.spec("PAT-8")
@pytest.mark.parametrize(
    "query",
    [
        "Орлов А.Ю.", "орлов,артем", "ОРЛОВ, А. Ю.", "jhkjd f/>/", "\u200bорлов\ufeff", "ор\u00adлов",
        "8 (495) 765-43-21", "+7 495 765", "8926 1110000", "765-43", "орлов 4957654321",
    ],
)  # fmt: skip
def test_initials_pasted_texts_and_further_phones_find_a_patient_too(story: Story, query: str) -> None:
    phones = {"other_phones": "дом. 8 (495) 765-43-21, после 19", "representative_phone": "89261110000"}
    expected = story.patient("Орлов", "Артём", patronymic="Юрьевич", phone="89161234567", **phones)
    story.patient("Орлова", "Нина", patronymic="Петровна", phone="89161234568", other_phones="19")

    assert patient_search.search(story.read, query)[0].id == expected
    assert patient_search.search(story.read, "орлов 19") == []  # an hour is no telephone number


@pytest.mark.spec("PAT-8")
@pytest.mark.parametrize(
    "query", ["+375 29 123", "375291234567", "8~10 375 29 123", "8 10 375 29 123-45-67", "0037529123", "1234567"]
)
def test_a_number_of_another_country_is_found_however_it_is_dialled(story: Story, query: str) -> None:
    expected = story.patient("Ковальчук", "Анна", phone="+375 29 123-45-67")
    story.patient("Орлова", "Нина", phone="89161234568")

    assert [patient.id for patient in patient_search.search(story.read, query)] == [expected]


@pytest.mark.spec("PAT-8")
def test_the_best_match_comes_first(story: Story) -> None:
    for family, given_name, card in (
        ("Бондаренко", "Иван", "100"),
        ("Абрамов", "Силиван", "101"),
        ("Иванов", "Олег", "102"),
        ("Иванов", "Андрей", "7"),
        ("Яковлев", "Пётр", "707"),
    ):
        story.patient(family, given_name, card_number=card)

    assert [p.name for p in patient_search.search(story.read, "иван")] == [
        "Иванов Андрей", "Иванов Олег", "Бондаренко Иван", "Абрамов Силиван",
    ]  # fmt: skip
    assert [p.card_number for p in patient_search.search(story.read, "7")] == ["7", "707"]


def test_an_empty_query_gives_the_first_by_name(story: Story) -> None:
    story.patient("Яковлев")
    story.patient("Ёлкин")
    story.patient("Жуков")

    assert [p.name for p in patient_search.search(story.read, "  ", limit=2)] == ["Ёлкин", "Жуков"]
    items, total = patient_search.listing(story.read, sort="-name", size=2)
    assert ([p.name for p in items], total) == (["Яковлев", "Жуков"], 3)
    items, total = patient_search.listing(story.read, "жук")
    assert ([p.name for p in items], total) == (["Жуков"], 1)


def test_a_changed_card_is_found_by_its_new_name_alone(story: Story) -> None:
    peter = story.patient("Петров", phone="89161234567")
    story.do(change_card, peter, {"family_name": "Котов", "phone": ""})

    assert patient_search.search(story.read, "петров") == []
    assert patient_search.search(story.read, "4567") == []
    assert [p.id for p in patient_search.search(story.read, "котов")] == [peter]
    card = patients.get(story.read, peter)
    assert card is not None
    assert (card["name"], card["phone"], card["version"]) == ("Котов", "", 2)
    assert patients.names(story.read, [peter]) == {peter: "Котов"}


@pytest.mark.spec("PAT-8")
@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБЁЙ", min_size=1, max_size=12))
def test_every_name_is_found_by_itself_in_the_wrong_layout_too(name: str) -> None:
    keys = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`")
    stored = normal(f"{name} №1")
    assert any(matches(words, stored) for words in readings(name))
    typed = name.lower().translate(keys)
    if any(character.isalpha() for character in typed):
        assert any(matches(words, stored) for words in readings(typed))


@given(st.text(max_size=40))
def test_any_query_can_be_read(query: str) -> None:
    for words in readings(query):
        assert words
        assert all(form for word in words for form in word.forms)


def test_a_page_far_down_the_list_gathers_what_is_shown_of_its_own_patients_alone(story: Story) -> None:
    """Their categories: else the last of 200 000 patients' pages took seconds."""
    category = story.do(create_entry, PatientCategory, {"name": "Постоянный", "color": "#7a5b00"}).id
    for number in range(30):
        story.patient(f"Пациентов{number}", categories=[category])
    connection = story.read
    assert looked_at(connection, "catalogue", lambda: patient_search.listing(connection, page=15, size=2)) <= 2
    assert [patient.name for patient in patient_search.listing(connection, page=15, size=2)[0]] == ["Пациентов8", "Пациентов9"]
