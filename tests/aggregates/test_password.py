import unicodedata

import pytest

from aggregates.access.password import LEAST, check_password, prepared
from aggregates.values import WrongValue

ANNA = ("anna.orlova@klinika.ru", "Орлова Анна Викторовна", "c0bd2x@x.ru")


@pytest.mark.spec("ACL-8", "SEC-2")
@pytest.mark.parametrize(
    "password",
    [
        *("short", "a" * 201, "aaaaaaaa", "abababab", "pass\x00word"),
        *("12345678", "19991231", "Password1", "password2026!", "P@ssw0rd", "пароль123", "Администратор1", "!!!админ2026"),
        *("qwertyuiop", "йцукенгш", "lkjhgfdsa1", "абвгдежз", "123qwerty321", "12345678-"),
        *("orlova2026", "Орлова77", "anna.orlova", "klinika1!", "викторовна", "c0bd2x@x.ru", "Anna.Orlova@klinika.ru"),
    ],
)
def test_passwords_that_are_tried_first_are_refused(password: str) -> None:
    with pytest.raises(WrongValue) as refused:
        check_password(password, ANNA)
    assert refused.value.facts["field"] == "password"


@pytest.mark.parametrize(
    "password", ["трава 42 зелёная", "correct horse", "верно-лошадь-батарея", "Орлова ест яблоки", "x7Kp-91qz"]
)
def test_good_passwords_pass(password: str) -> None:
    check_password(password, ANNA)


@pytest.mark.spec("SEC-2")
@pytest.mark.parametrize("password", ["йод и мёд", "ёжик в тумане", "crème brûlée", "한글 암호 문장", "Ǻngström 42"])
def test_a_password_is_one_however_the_keyboard_composes_its_letters(password: str) -> None:
    nfc, nfd = (unicodedata.normalize(form, password) for form in ("NFC", "NFD"))  # type: ignore[arg-type]  # two of its names
    assert nfc != nfd
    assert prepared(nfc) == prepared(nfd) == nfc


@pytest.mark.spec("SEC-2")
def test_spaces_of_any_kind_are_one_and_what_only_looks_alike_is_not() -> None:
    for space in "\u00a0\u1680\u2007\u202f\u3000":
        assert prepared(f"верно{space}лошадь") == "верно лошадь"
        check_password(f"верно{space}лошадь")
    assert (
        len({prepared(password) for password in ("\ufb01re 42 walk", "fire 42 walk", "\uff46ire 42 walk", "fire \uff142 walk")})
        == 4
    )
    assert prepared("  правда  ") == "  правда  "


@pytest.mark.spec("SEC-2")
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_length_is_counted_of_letters_as_they_are_seen(form: str) -> None:
    short, enough = "йёйцуё1", "йёйцуё1!"
    assert (len(short), len(enough)) == (LEAST - 1, LEAST)
    check_password(unicodedata.normalize(form, enough))  # type: ignore[arg-type]  # one of its names
    with pytest.raises(WrongValue):
        check_password(unicodedata.normalize(form, short))  # type: ignore[arg-type]  # one of its names
