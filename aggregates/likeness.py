"""What two writings of one name have in common: one form for the search, for duplicates, and for «the same full name» of files.

Letters' case, ё and е, accents, hyphens of whatever kind, spaces instead of them, apostrophes of whatever kind or none, letters
of the other alphabet that look alike: none of these makes another person. What is shown is what was typed.

A word wholly of Latin letters that look like Cyrillic ones («CAXAP») can't be told from its twin by anybody who reads it, and
may be either («XO», a brand). So people are the same by either (`name_key`), and a search finds either (`twins`); but a catalogue
takes both names, since a refusal would have no way past.
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
"""«Д’ Артаньян»: one letter, and a space that somebody put behind the apostrophe."""
_ANY_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
_WORD = re.compile(r"[^\W\d_]+")
_LOOKS = dict(zip("abcehkmoptxyi", "авсенкмортхуі", strict=True))
_TO_CYRILLIC, _TO_LATIN = str.maketrans(_LOOKS), str.maketrans({look: letter for letter, look in _LOOKS.items()})
_ALIKE_LATIN, _ALIKE_CYRILLIC = frozenset(_LOOKS), frozenset(_LOOKS.values())
_GUARDED, _UNGUARDED = str.maketrans({"й": "\ue000", "№": "\ue001"}), str.maketrans({"\ue000": "й", "\ue001": "№"})
"""A letter and a sign that come apart as an accented letter and as two letters do."""

SON, DAUGHTER = "оглы", "кызы"
PARTICLES = {
    **dict.fromkeys(("оглы", "оглу", "огли", "углы", "углу", "угли", "улы", "уулу"), SON),
    **dict.fromkeys(("кызы", "гызы", "кизи", "кизы", "къызы", "кзы"), DAUGHTER),
}
"""«Вели оглы», «Сона кызы»: son and daughter of."""
_ENDING = re.compile("([^\\W\\d_]{3,})(оглы|оглу|кызы|гызы)")


def likeness(written: str) -> str:
    """The form in which texts are compared and searched: small letters without accents, words apart by one space."""
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


def name_key(name: str) -> str:
    """The form in which a person's full name is the same: also without the particles of patronymics, and with words that can be
    written in either alphabet in the Cyrillic one.
    """
    words = [twins(word)[0] for word in likeness(name).replace("-", " ").split()]
    bare = [stem for word in words if word not in PARTICLES and (stem := parted(word)[0])]
    return " ".join(bare or words)


def parted(word: str) -> tuple[str, ...]:
    """A word in the form of `likeness` without the particle that is written together with it, and the particle."""
    together = _ENDING.fullmatch(word)
    return (together[1], PARTICLES[together[2]]) if together else (word,)


def twins(word: str) -> tuple[str, ...]:
    """A word in the form of `likeness`; where each of its letters has a look-alike, the Cyrillic word and the Latin one."""
    letters = frozenset(word)
    if letters and (letters <= _ALIKE_LATIN or letters <= _ALIKE_CYRILLIC):
        return word.translate(_TO_CYRILLIC), word.translate(_TO_LATIN)
    return (word,)


def is_particle(word: str) -> bool:
    """Whether a word in the form of `likeness` is one that stands behind a father's name."""
    return word in PARTICLES


def _in_one_alphabet(match: "re.Match[str]") -> str:
    """A word in whose letters two alphabets meet, in the one that it can be written in."""
    word = match[0]
    latin, cyrillic = set(_LATIN.findall(word)), set(_CYRILLIC.findall(word))
    if not latin or not cyrillic:
        return word
    if not latin <= _ALIKE_LATIN and cyrillic <= _ALIKE_CYRILLIC:
        return word.translate(_TO_LATIN)
    return word.translate(_TO_CYRILLIC)
