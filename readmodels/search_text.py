"""Search of names, phones and numbers: one form for stored text and query.

Both go through `normal` (`aggregates/normalization.py`). A query in Latin letters is also read as typed in the wrong keyboard
layout (`bdfyjd` = иванов). Groups of digits find a phone however it is written.
"""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from aggregates.normalization import alphabet_variants, is_particle, normalize, split_particle
from aggregates.values import strip_invisible

_LAYOUT = str.maketrans(
    "qwertyuiop[]asdfghjkl;'zxcvbnm,.`{}:\"<>~/?",
    "йцукенгшщзхъфывапролджэячсмитьбюехъжэбюе.,",
)
_LATIN = re.compile(r"[a-z]")
_CYRILLIC = re.compile(r"[а-я]")
_NUMERIC = re.compile(r"[+]?[\d()\-–.~]*\d[\d()\-–.~]*")
_BETWEEN = re.compile(r"(?<=[^\W\d_])[.,;]+|[.,;]+(?=[^\W\d_])")
"""Punctuation that separates words if it is next to a letter: «Иванов И.И.», «Иванов,Пётр»."""
_AROUND = " \t\n\r\f\v.,;:!?\"'«»()[]{}<>№#*/|`~-"
_SHORTEST_ABROAD = 7
"""Fewest digits of a number with an international prefix."""
_MOST_WORDS = 8
"""Further words are ignored: every word is a condition."""


class Word(msgspec.Struct, frozen=True):
    """One word of a query: the stored text has to contain any of `forms`."""

    forms: tuple[str, ...]


def normal(text: str) -> str:
    """The form in which texts are searched."""
    return normalize(text)


def readings(query: str) -> tuple[tuple[Word, ...], ...]:
    """The readings of a query: as typed and, if all letters are Latin, as typed in the Russian layout.

    All words of a reading have to be found, in any order.
    """
    text = strip_invisible(query).lower()
    typed = _words(normal(query))
    if _LATIN.search(text) and not _CYRILLIC.search(text):
        russian = " ".join(part if _NUMERIC.fullmatch(part) else part.translate(_LAYOUT) for part in text.split())
        switched = _words(normal(russian), both_alphabets=False)
        return tuple(dict.fromkeys(reading for reading in (typed, switched) if reading))
    return (typed,) if typed else ()


def matches(words: Sequence[Word], text: str) -> bool:
    """Whether a normalized text contains every word."""
    return all(any(form in text for form in word.forms) for word in words)


def like(piece: str) -> str:
    """A LIKE pattern that finds a piece of text anywhere."""
    return "%" + escaped(piece) + "%"


def holds(text: str, words: Sequence[Word], values: dict[str, Any]) -> str:
    """SQL: the text holds every word in one of its forms. Parameters are added to `values`; as plain LIKEs, since an index of
    trigrams doesn't serve LIKE ANY.
    """
    conditions = []
    for word in words:
        forms = []
        for form in word.forms:
            name = f"like{len(values)}"
            values[name] = like(form)
            forms.append(f"{text} LIKE %({name})s")
        conditions.append(f"({' OR '.join(forms)})")
    return " AND ".join(conditions)


def escaped(piece: str) -> str:
    """A piece of text with the wildcards of LIKE taken literally."""
    return piece.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _words(text: str, *, both_alphabets: bool = True) -> tuple[Word, ...]:
    """`both_alphabets`: a word whose letters look alike in both alphabets may be of either."""
    words: list[Word] = []
    run: list[str] = []
    for part in [*text.split(), ""]:
        if part and _NUMERIC.fullmatch(part):
            run.append(part)
            continue
        words += _numbers(run)
        run = []
        written = (bare for piece in _BETWEEN.split(part) if (bare := piece.strip(_AROUND)))
        words += (
            Word(alphabet_variants(bare) if both_alphabets else (bare,)) for word in written for bare in split_particle(word)
        )
    # «Вели оглы» is also written without the particle
    significant = [word for word in words if not is_particle(word.forms[0])] or words
    return tuple(dict.fromkeys(significant))[:_MOST_WORDS]


def _numbers(run: Sequence[str]) -> list[Word]:
    """«8 (916) 123-45-67» is one phone; «4512 1980» may be two numbers."""
    digits = ["".join(character for character in part if character.isdecimal()) for part in run]
    joined = "".join(digits)
    if not joined:
        return []
    if len(run) == 1 or len(joined) >= 10 or digits[0] in {"7", "8"}:
        plain = run[0].strip(_AROUND + "+") if len(run) == 1 else joined
        return [Word(tuple(dict.fromkeys((joined, *_as_stored(joined), plain))))]
    return [Word((piece, *_as_stored(piece))) for piece in digits]


def _as_stored(digits: str) -> tuple[str, ...]:
    """Stored forms of a phone: 8 becomes 7; the international prefixes 8~10 and 00 are dropped."""
    for dialled in ("810", "00"):
        if digits.startswith(dialled) and len(digits) >= _SHORTEST_ABROAD:
            return (digits.removeprefix(dialled),)
    return ("7" + digits[1:],) if digits.startswith("8") and len(digits) >= 4 else ()
