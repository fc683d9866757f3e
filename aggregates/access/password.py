"""How strong a password has to be, and the form in which it is hashed. Hashing and storage are up to gateways.

A password is long enough and isn't one that attackers try first: a common password with digits around it, a row of keys, or the
user's name or address.
"""

import re
import unicodedata
from collections.abc import Iterable

from aggregates.values import WrongValue

LEAST, MOST = 8, 200
LEAST_OF_NAME = 4
"""Shorter parts of names and addresses are ignored: they occur in any password."""
LEAST_OF_OWN = 6
"""Characters that must remain after the user's names and addresses are removed."""

_COMMON = frozenset(
    """
    password passwort passw pass admin administrator adminadmin root user login welcome letmein master dragon monkey sunshine
    princess football baseball superman batman iloveyou trustno shadow secret hello freedom whatever starwars computer internet
    samsung google qazwsx zaqxsw qweasd qweasdzxc denta dental dentist stomatolog klinika doctor
    пароль парольпароль админ администратор привет приветпривет любовь солнышко люблю секрет доктор врач клиника стоматолог
    стоматология дента зуб зубы россия москва марина наташа надежда
    """.split()  # noqa: SIM905  words read better than a list of a hundred strings
)
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "abcdefghijklmnopqrstuvwxyz",
         "абвгдежзийклмнопрстуфхцчшщъыьэюя")  # fmt: skip
_LOOKALIKES = str.maketrans("@$013457ё", "asoieastе")
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_WORDS = re.compile(r"[^\W\d_]{4,}")


def prepared(password: str) -> str:
    """The form that is checked and hashed, the same from every keyboard (RFC 8265, OpaqueString).

    Spaces of any kind become plain ones; «й» of two code points becomes one. Compatibility characters (NFKC) stay different.
    """
    return unicodedata.normalize("NFC", "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in password))


def forms(password: str) -> list[str]:
    """The prepared form, and the forms in which older passwords were hashed: as typed on a PC, as typed on a Mac."""
    return list(dict.fromkeys((prepared(password), password, unicodedata.normalize("NFD", password))))


def check_password(typed: str, about: Iterable[str] = (), *, field: str = "password") -> None:
    """Raise WrongValue for a weak password. `about`: names and addresses of its user."""
    password = prepared(typed)
    if not LEAST <= len(password) <= MOST:
        raise WrongValue(field, f"В пароле должно быть от {LEAST} до {MOST} знаков.")
    if not password.isprintable():
        raise WrongValue(field, "В пароле есть недопустимый знак.")
    if len(set(password)) < 4:
        raise WrongValue(field, "Такой пароль легко угадать. Возьмите несколько разных знаков.")
    if password.isdigit():
        raise WrongValue(field, "Пароль из одних цифр легко подобрать. Добавьте буквы.")
    if _is_common(password):
        raise WrongValue(field, "Это один из самых частых паролей. Придумайте другой, например из нескольких слов.")
    written = password.lower()
    for text in (text.lower() for text in about):
        for piece in (text, text.partition("@")[0], *_WORDS.findall(text)):
            written = written.replace(piece, "") if len(piece) >= LEAST_OF_NAME else written
    if len(written) < min(LEAST_OF_OWN, len(password)):
        raise WrongValue(field, "Пароль повторяет имя или адрес сотрудника. Придумайте другой.")


def _is_common(password: str) -> bool:
    written = password.lower()
    forms = {_EDGES.sub("", written), _EDGES.sub("", written.translate(_LOOKALIKES))}
    return any(form in _COMMON or _is_a_row(form) for form in forms)


def _is_a_row(form: str) -> bool:
    """Neighbouring keys or letters in order, forwards or backwards; also digits and punctuation only."""
    return any(form in row or form[::-1] in row for row in _ROWS)
