"""How people's names, phones and numbers are made findable: one form for the stored text and for what is typed.

Stored text and query go through `normal` (`aggregates/normalization.py`). A query written wholly in
Latin letters is read as typed in the wrong keyboard layout too (`bdfyjd` = иванов). Runs of digits find a phone in any writing.
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
"""Parts words where a letter stands beside it: «Иванов И.И.», «Иванов,Пётр»."""
_AROUND = " \t\n\r\f\v.,;:!?\"'«»()[]{}<>№#*/|`~-"
_SHORTEST_ABROAD = 7
"""Digits of a number with what is dialled before it."""
_MOST_WORDS = 8
"""A longer query is cut: every word is a condition."""


class Word(msgspec.Struct, frozen=True):
    """What one word of a query may look like in the stored text: any of `forms`, each a plain piece of text."""

    forms: tuple[str, ...]


def normal(text: str) -> str:
    """The form in which texts are searched."""
    return normalize(text)


def readings(query: str) -> tuple[tuple[Word, ...], ...]:
    """The ways to read a query: as typed and, when its letters are all Latin, as typed in the Russian layout.

    Each reading is a set of words that all have to be found, in any order.
    """
    text = strip_invisible(query).lower()
    typed = _words(normal(query))
    if _LATIN.search(text) and not _CYRILLIC.search(text):
        russian = " ".join(part if _NUMERIC.fullmatch(part) else part.translate(_LAYOUT) for part in text.split())
        switched = _words(normal(russian), as_seen=False)
        return tuple(dict.fromkeys(reading for reading in (typed, switched) if reading))
    return (typed,) if typed else ()


def matches(words: Sequence[Word], text: str) -> bool:
    """Whether a text in the form of `normal` holds every word."""
    return all(any(form in text for form in word.forms) for word in words)


def like(piece: str) -> str:
    """A pattern for LIKE that finds a piece of text anywhere."""
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


def _words(text: str, *, as_seen: bool = True) -> tuple[Word, ...]:
    """`as_seen`: a word of letters that look alike in both alphabets may be of either."""
    words: list[Word] = []
    run: list[str] = []
    for part in [*text.split(), ""]:
        if part and _NUMERIC.fullmatch(part):
            run.append(part)
            continue
        words += _numbers(run)
        run = []
        written = (bare for piece in _BETWEEN.split(part) if (bare := piece.strip(_AROUND)))
        words += (Word(alphabet_variants(bare) if as_seen else (bare,)) for word in written for bare in split_particle(word))
    # «Вели оглы» is also written without the particle
    telling = [word for word in words if not is_particle(word.forms[0])] or words
    return tuple(dict.fromkeys(telling))[:_MOST_WORDS]


def _numbers(run: Sequence[str]) -> list[Word]:
    """«8 (916) 123-45-67» is one phone; «4512 1980» may also be two numbers: then it is enough to be found as one."""
    digits = ["".join(character for character in part if character.isdecimal()) for part in run]
    joined = "".join(digits)
    if not joined:
        return []
    if len(run) == 1 or len(joined) >= 10 or digits[0] in {"7", "8"}:
        plain = run[0].strip(_AROUND + "+") if len(run) == 1 else joined
        return [Word(tuple(dict.fromkeys((joined, *_as_stored(joined), plain))))]
    return [Word((piece, *_as_stored(piece))) for piece in digits]


def _as_stored(digits: str) -> tuple[str, ...]:
    """A phone begun with 8 is stored with 7, one that is dialled abroad by 8~10 or 00 without them."""
    for dialled in ("810", "00"):
        if digits.startswith(dialled) and len(digits) >= _SHORTEST_ABROAD:
            return (digits.removeprefix(dialled),)
    return ("7" + digits[1:],) if digits.startswith("8") and len(digits) >= 4 else ()
