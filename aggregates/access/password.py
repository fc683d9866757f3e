"""How strong a password has to be, and in which form it is hashed. How, and where the hash lies, is the outside's affair.

Long enough, and nothing that is tried first: neither a well-known password with digits around it, nor a row of keys, nor the
name or address of whose it is.
"""

import re
import unicodedata
from collections.abc import Iterable

from aggregates.values import WrongValue

LEAST, MOST = 8, 200
LEAST_OF_NAME = 4
"""Characters of what is looked for of names and addresses: fewer are found everywhere."""
LEAST_OF_OWN = 6
"""Characters that have to be left where names and addresses of the user are taken out."""

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

    Spaces of any kind become plain ones, «й» of two characters becomes one. What looks alike only (NFKC) stays different.
    """
    return unicodedata.normalize("NFC", "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in password))


def forms(password: str) -> list[str]:
    """The prepared form, and those in which passwords were hashed before there was one: as typed here, as typed on a Mac."""
    return list(dict.fromkeys((prepared(password), password, unicodedata.normalize("NFD", password))))


def check_password(typed: str, about: Iterable[str] = (), *, field: str = "password") -> None:
    """WrongValue of the field with the reason. `about`: names and addresses of whose password it is to be."""
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
    for told in (text.lower() for text in about):
        for piece in (told, told.partition("@")[0], *_WORDS.findall(told)):
            written = written.replace(piece, "") if len(piece) >= LEAST_OF_NAME else written
    if len(written) < min(LEAST_OF_OWN, len(password)):
        raise WrongValue(field, "Пароль повторяет имя или адрес сотрудника. Придумайте другой.")


def _is_common(password: str) -> bool:
    written = password.lower()
    forms = {_EDGES.sub("", written), _EDGES.sub("", written.translate(_LOOKALIKES))}
    return any(form in _COMMON or _is_a_row(form) for form in forms)


def _is_a_row(form: str) -> bool:
    """Neighbouring keys or letters one after another, there or back; also nothing but digits and signs."""
    return any(form in row or form[::-1] in row for row in _ROWS)
