import pytest

from aggregates.password import check_password
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
