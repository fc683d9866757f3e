"""One form in which texts are compared: for the search, for duplicates, and to match names in files.

Two spellings of one name get the same form whatever their case, ё or е, accents, hyphens, spaces and apostrophes; letters of
the other alphabet that look alike make no difference either. What people typed is stored and shown as it is.

A word made only of Latin letters that look like Cyrillic ones («CAXAP») can't be told from its Cyrillic spelling, and may be
either («XO» is a brand). So people are the same by either spelling (`person_name_key`), and the search finds either
(`alphabet_variants`); but a catalogue accepts both as different names, because a refusal would leave no way out.
"""

import re
import unicodedata

from aggregates.values import HYPHENS, strip_invisible

_PLAIN = re.compile("[ a-zа-я0-9№+.,:;@_]*")
_CYRILLIC, _LATIN = re.compile("[Ѐ-ӿ]"), re.compile("[a-z]")
_BETWEEN_LETTERS = re.compile(rf"(?<=[^\W\d_])\s*[{HYPHENS}~]+\s*(?=[^\W\d_])")
_OTHER_HYPHENS = re.compile(f"[{HYPHENS[1:]}]")
_APOSTROPHES = "'’‘‛ʼʻʽ`´ʹ′＇"  # noqa: RUF001
_PREFIX = re.compile(rf"(?<![^\W_])([^\W\d_])\s*[{_APOSTROPHES}]\s*(?=[^\W\d_])")
"""«Д’ Артаньян»: one letter, apostrophe, and perhaps a space."""
_ANY_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
_WORD = re.compile(r"[^\W\d_]+")
_LOOKS = dict(zip("abcehkmoptxyi", "авсенкмортхуі", strict=True))
_TO_CYRILLIC, _TO_LATIN = str.maketrans(_LOOKS), str.maketrans({look: letter for letter, look in _LOOKS.items()})
_ALIKE_LATIN, _ALIKE_CYRILLIC = frozenset(_LOOKS), frozenset(_LOOKS.values())
_GUARDED, _UNGUARDED = str.maketrans({"й": "\ue000", "№": "\ue001"}), str.maketrans({"\ue000": "й", "\ue001": "№"})
"""Characters that NFKD would decompose although they aren't accented letters."""

SON, DAUGHTER = "оглы", "кызы"
PARTICLES = {
    **dict.fromkeys(("оглы", "оглу", "огли", "углы", "углу", "угли", "улы", "уулу"), SON),
    **dict.fromkeys(("кызы", "гызы", "кизи", "кизы", "къызы", "кзы"), DAUGHTER),
}
"""Patronymic particles: «Вели оглы», «Сона кызы» (son of, daughter of)."""
_ENDING = re.compile("([^\\W\\d_]{3,})(оглы|оглу|кызы|гызы)")


def normalize(written: str) -> str:
    """The form in which texts are compared and searched: lower case, no accents, single spaces."""
    text = unicodedata.normalize("NFC", strip_invisible(written)).replace("\0", "").lower().replace("ё", "е")
    if not _PLAIN.fullmatch(text):
        text = _ANY_APOSTROPHE.sub("", _PREFIX.sub(r"\1", text))
        text = unicodedata.normalize("NFKD", text.translate(_GUARDED))
        text = "".join(character for character in text if not unicodedata.combining(character))
        text = unicodedata.normalize("NFKC", text).translate(_UNGUARDED).lower()
        text = _OTHER_HYPHENS.sub("-", _BETWEEN_LETTERS.sub(" ", text))
    if _LATIN.search(text) and _CYRILLIC.search(text):
        text = _WORD.sub(_in_one_alphabet, text)
    return " ".join(text.split())


def person_name_key(name: str) -> str:
    """The form by which full names are compared: `normalize`, without patronymic particles, and with words of either alphabet in
    Cyrillic.
    """
    words = [alphabet_variants(word)[0] for word in normalize(name).replace("-", " ").split()]
    bare = [stem for word in words if word not in PARTICLES and (stem := split_particle(word)[0])]
    return " ".join(bare or words)


def split_particle(word: str) -> tuple[str, ...]:
    """A normalized word split into stem and patronymic particle («велиоглы»), where it ends with one."""
    together = _ENDING.fullmatch(word)
    return (together[1], PARTICLES[together[2]]) if together else (word,)


def alphabet_variants(word: str) -> tuple[str, ...]:
    """A normalized word; if every letter has a look-alike, its Cyrillic and its Latin spelling."""
    letters = frozenset(word)
    if letters and (letters <= _ALIKE_LATIN or letters <= _ALIKE_CYRILLIC):
        return word.translate(_TO_CYRILLIC), word.translate(_TO_LATIN)
    return (word,)


def is_particle(word: str) -> bool:
    """Whether a normalized word is a patronymic particle («оглы»)."""
    return word in PARTICLES


def _in_one_alphabet(match: "re.Match[str]") -> str:
    """A word of mixed alphabets, rewritten in the one that has all its letters."""
    word = match[0]
    latin, cyrillic = set(_LATIN.findall(word)), set(_CYRILLIC.findall(word))
    if not latin or not cyrillic:
        return word
    if not latin <= _ALIKE_LATIN and cyrillic <= _ALIKE_CYRILLIC:
        return word.translate(_TO_LATIN)
    return word.translate(_TO_CYRILLIC)
