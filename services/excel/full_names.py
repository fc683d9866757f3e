"""A full name in one cell, as its parts: family name, given name, patronymic. What can't be split safely is a doubt.

The parts are known by the patronymic (by its ending or by «оглы», «кызы»), the order that the heading states, and the
commonest given names, by which a name written the other way round is noticed.
"""

import re
from dataclasses import dataclass

from aggregates.catalogue import name_key
from aggregates.normalization import PARTICLES
from aggregates.people.person import NAME_FIELDS
from aggregates.values import HYPHENS

_HYPHENS = re.compile(rf"\s*[{HYPHENS}]\s*")
_PATRONYMIC = re.compile(r".{3,}(?:ич|вна|чна|шна)", re.IGNORECASE)
_OF_FATHER = frozenset({*PARTICLES, "заде", "зода"})
"""Words that follow a father's name and make a patronymic of it."""
_BEFORE_FAMILY = frozenset(
    {"де", "ди", "да", "дю", "ла", "ле", "фон", "ван", "дер", "ден", "цу", "тер", "эль", "аль", "бен", "ибн"}
)
"""Words that begin a family name."""
_INITIALS = re.compile(r"(?:[^\W\d_]\.\s*){1,3}|[^\W\d_]|[^\W\d_]{2,3}\.")
_LETTERS = re.compile(r"[^\W\d_][^\W\d_'’`ʼ.\-]*(?:[-'’`ʼ.][^\W\d_]+)*\.?")  # noqa: RUF001
_COMMON_NAMES = """
александр александра алексей алена алина алиса алла альбина анастасия анатолий ангелина андрей анжела анна антон антонина
арина аркадий арсений артем артемий артур богдан борис вадим валентин валентина валерий валерия варвара василий василиса вера
вероника виктор виктория виталий владимир владислав вячеслав галина геннадий георгий герман глеб григорий давид дана даниил
данил данила дарья денис диана дмитрий евгений евгения егор екатерина елена елизавета жанна захар зинаида зоя иван игорь илья
инна ирина кирилл клавдия константин кристина ксения лариса лев леонид лидия лилия любовь людмила маргарита марина мария марк
матвей милана мирон михаил надежда наталия наталья нелли никита николай нина оксана олег олеся ольга павел петр полина раиса
регина римма ринат роза роман руслан рустам савелий светлана семен сергей снежана софия софья станислав степан тамара татьяна
тимофей тимур ульяна федор филипп эдуард эльвира эльмира эмма юлия юрий яна ярослав
"""
_GIVEN = frozenset(_COMMON_NAMES.split())
FULL_NAME = "ФИО"
"""What the column of full names is called here; the catalogues list how others call it."""
PARTS = tuple(field.label for field in NAME_FIELDS)
"""Headings of the columns of parts."""
_DOUBT = "Имя не разделить наверняка. Загрузится: фамилия «{}», имя «{}», отчество «{}»."


@dataclass(frozen=True)
class FullName:
    """The parts that a full name is taken for; `doubt`: a Russian sentence where it may be others."""

    family_name: str = ""
    given_name: str = ""
    patronymic: str = ""
    doubt: str = ""

    @property
    def parts(self) -> tuple[str, str, str]:
        return self.family_name, self.given_name, self.patronymic


def split_full_name(written: str) -> FullName:
    """The parts of a name as the heading orders them: family name, given name, patronymic."""
    words = _joined(_HYPHENS.sub("-", written.replace(",", " ")).split())
    sure, parts = _ordered(words)
    found = FullName(*parts)
    if sure and all(_LETTERS.fullmatch(word) for part in parts for word in part.split()):
        return found
    return FullName(*parts, doubt=_DOUBT.format(*(part or "–" for part in parts)))


def _joined(words: list[str]) -> list[str]:
    """Words with those that belong together in one: «Гасан оглы», «фон Берг»."""
    joined: list[str] = []
    for word in words:
        before = joined[-1] if joined else ""
        begins = len(joined) == 1 and name_key(before.rpartition(" ")[2]) in _BEFORE_FAMILY
        if before and (begins or name_key(word) in _OF_FATHER):
            joined[-1] = f"{before} {word}"
        else:
            joined.append(word)
    return joined


def _ordered(words: list[str]) -> tuple[bool, tuple[str, str, str]]:
    """Whether it is sure, and the parts."""
    patronymics = [place for place, word in enumerate(words) if _is_patronymic(word)]
    given = [place for place, word in enumerate(words) if name_key(word) in _GIVEN]
    short = any(_INITIALS.fullmatch(word) for word in words)
    match words:
        case [family]:
            return False, (family, "", "")
        case [family, name]:
            return not short and not patronymics and given != [0], (family, name, "")
        case [name, patronymic, family] if patronymics == [1] and 2 not in given:
            return not short, (family, name, patronymic)
        case [family, name, patronymic]:
            sure = patronymics in ([2], [0, 2]) and given != [0] and not short
            return sure, (family, name, patronymic)
        case [*family, name, patronymic] if patronymics[-1:] == [len(words) - 1]:
            return False, (" ".join(family), name, patronymic)
        case [family, name, *rest]:
            return False, (family, name, " ".join(rest))
        case _:
            return False, ("", "", "")


def _is_patronymic(word: str) -> bool:
    return bool(_PATRONYMIC.fullmatch(word)) or name_key(re.split(r"[\s-]", word)[-1]) in _OF_FATHER
