"""What a number format (ECMA-376, 18.8.31) makes of a number: a date, a time, all of its zeros, or the number as it is.

A format has up to four sections, each a sequence of placeholders of digits, parts of dates, and literals. Only a section without
placeholders of digits shows a date: what stands in quotes, after a backslash, or in brackets (colours, conditions, currencies)
is no part of one, whatever letters it holds.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne

Look = str | None
"""How a section shows a number: as a date (`WHOLE`, `CLOCK`, or a key of `PARTS`), with all of these zeros ("000"), or (None) as
it is."""
WHOLE, CLOCK = "date", "clock"
PARTS = {"dm": "%d.%m", "my": "%m.%Y", "y": "%Y"}
"""Which parts of a date a format may show without the others, and how they are written here."""

_TOKEN = re.compile(
    r"""(?P<literal>"[^"]*"?|\\.?|[_*].?)
      | \[(?P<elapsed>h+|m+|s+|ч+|м+|с+)\]
      | \[(?P<operator><=|>=|<>|<|>|=)\s*(?P<bound>[-+]?[0-9.]+(?:E[-+]?[0-9]+)?)\s*\]
      | (?P<ignored>\[[^\]]*\]?)
      | (?P<next>;)
      | (?P<general>general|standard|основной)
      | (?P<half>am/pm|a/p)
      | (?P<exponent>E[-+])
      | (?P<digits>[0#?]+)
      | (?P<letters>[^\W\d_]+)
      | (?P<other>.)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_RUN = re.compile(r"(.)\1*", re.IGNORECASE)
_LATIN, _RUSSIAN = frozenset("dmyhsbe"), frozenset("дмгчс")
_LIKE = str.maketrans("дмгчсbe", "dmyhsyy")
_OPERATORS: dict[str, Callable[[float, float], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne}
_MOST_CHARACTERS = 1000
"""Of a format; Excel has 255."""

Condition = Callable[[float], bool]


@dataclass(frozen=True)
class NumberFormat:
    """A format's sections for numbers, each with its condition; the last one is for what fits none."""

    sections: tuple[tuple[Condition | None, Look], ...]

    def look(self, number: float) -> Look:
        """How it shows this number."""
        return next((look for fits, look in self.sections if fits is None or fits(number)), self.sections[-1][1])


def look_of(code: str) -> Look | NumberFormat:
    """How a format shows numbers: one way, or one that depends on the number."""
    sections: list[_Section] = [_Section()]
    for found in _TOKEN.finditer(code[:_MOST_CHARACTERS]):
        if found["next"]:
            sections.append(_Section())
        else:
            sections[-1].take(found)
    if len(sections) > 1 and (len(sections) > 3 or sections[-1].of_texts):
        sections.pop()
    used = sections[:3]
    looks = [section.look for section in used]
    if len(set(looks)) == 1:
        return looks[0]
    return NumberFormat(tuple(zip(_conditions([section.condition for section in used]), looks, strict=True)))


def _conditions(written: list[Condition | None]) -> list[Condition | None]:
    """Those of the sections in order: written ones, or Excel's for positive, negative and other numbers."""
    first, second, *_ = written
    three = len(written) == 3
    usual: list[Condition | None] = [(lambda number: number > 0) if three else (lambda number: number >= 0), None, None]
    if three and second is None:
        usual[1] = lambda number: number < 0
    return [first or usual[0], second or usual[1], None][: len(written)]


class _Section:
    def __init__(self) -> None:
        self.condition: Condition | None = None
        self._runs: list[str] = []
        """Parts of a date, one letter for each: d day, w weekday, m month or minutes, y year, h hours, s seconds."""
        self._zeros = 0
        self._counts = False
        """Whether it has a placeholder of digits, other than of fractions of a second."""
        self._plain = True
        """Nothing but zeros and literals between them."""
        self.of_texts = False
        self._before = ""
        self._fraction = False

    def take(self, token: re.Match[str]) -> None:
        kind = str(token.lastgroup) if token.lastgroup != "bound" else "operator"
        written = token[0]
        if kind == "operator":
            compare, bound = _OPERATORS[token["operator"]], _number(token["bound"])
            self.condition = lambda number: compare(number, bound)
        elif kind == "elapsed":
            self._runs.append(token["elapsed"][0].lower().translate(_LIKE).replace("m", "s"))
        elif kind == "half":
            self._runs.append("h")
        elif kind == "digits":
            self._take_digits(written)
        elif kind == "letters":
            self._take_letters(written.lower())
        elif kind in {"general", "exponent"} or (kind == "other" and written in ".,%/@"):
            self._plain = False
            self._counts = self._counts or kind in {"general", "exponent"}
            self.of_texts = self.of_texts or written == "@"
        self._fraction = kind == "other" and written in ".," and self._before == "seconds"
        self._before = "seconds" if kind in {"letters", "elapsed"} and self._runs[-1:] == ["s"] else kind

    def _take_digits(self, written: str) -> None:
        if self._fraction and not written.strip("0"):
            return
        self._counts = True
        self._zeros += len(written)
        self._plain = self._plain and not written.strip("0")

    def _take_letters(self, written: str) -> None:
        """Letters that are none of a date's are text that another program has left without quotes."""
        known = set(written)
        if known <= _LATIN or known <= _RUSSIAN:
            for run in _RUN.finditer(written):
                letter = run[1].translate(_LIKE)
                self._runs.append("w" if letter == "d" and len(run[0]) > 2 else letter)

    @property
    def look(self) -> Look:
        if self._counts or not self._runs:
            return "0" * self._zeros if self._counts and self._plain and 2 <= self._zeros <= 20 else None
        shown = set(self._dated())
        if not shown & set("dmyw"):
            return CLOCK
        parts = "".join(part for part in "dmy" if part in shown)
        return parts if parts in PARTS and not shown & set("hs") else WHOLE

    def _dated(self) -> list[str]:
        """The runs, with minutes (an m after hours or before seconds) distinguished from months."""
        parts = [run for run in self._runs if run != "w"] or self._runs
        for place, part in enumerate(parts):
            if part == "m" and ("h" in parts[:place][-1:] or "s" in parts[place + 1 :][:1]):
                parts[place] = "h"
        return parts


def _number(written: str) -> float:
    try:
        return float(written)
    except ValueError:
        return 0.0
