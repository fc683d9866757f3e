"""Texts of the clinic's own papers: paragraphs with placeholders such as `{пациент}`, which stand for what is known
when one is made.

A line that begins with `#` is a heading, one with `-` an item of a list; `**` makes what stands between two of them bold.
"""

import re
from difflib import get_close_matches

from aggregates.fields import Field, Kind
from aggregates.values import Scalar, WrongValue, text

MOST_TEXT = 40_000
"""Characters: some twelve pages."""
PLACEHOLDERS: dict[str, str] = {
    "пациент": "фамилия, имя, отчество",
    "дата рождения": "пациента",
    "карта": "номер карты",
    "телефон": "пациента",
    "адрес": "пациента",
    "паспорт": "серия, номер, кем и когда выдан",
    "снилс": "пациента",
    "представитель": "фамилия, имя, отчество законного представителя",
    "визит": "номер визита",
    "дата визита": "дата и время",
    "врач": "фамилия, имя, отчество",
    "услуги": "визита, через точку с запятой",
    "сумма": "визита, в рублях",
    "сумма прописью": "визита",
    "клиника": "наименование клиники",
    "юрлицо": "наименование юридического лица",
    "адрес клиники": "юридический адрес",
    "телефон клиники": "",
    "инн": "клиники",
    "кпп": "клиники",
    "огрн": "клиники",
    "дата": "дата документа",
    "подпись": "линия для подписи",
}
"""What may stand in braces → what it stands for."""
PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
_BRACE = re.compile(r"[{}]")
_SHOWN = 30
"""Characters of a text that a refusal quotes."""


def name_of(written: str) -> str:
    """The placeholder that is meant by what stands in braces."""
    return " ".join(written.lower().replace("ё", "е").split())


def template_text(field: Field, value: object, *_: object) -> Scalar:
    """A text whose placeholders are all known, or "". WrongValue names the first broken one."""
    written = text(field.name, value, limit=field.longest, lines=True)
    for found in PLACEHOLDER.finditer(written):
        if name_of(found[1]) not in PLACEHOLDERS:
            raise WrongValue(field.name, f"Поля {found[0][:_SHOWN]} нет.{_meant(found[1])}")
    if (stray := _BRACE.search(PLACEHOLDER.sub(lambda found: " " * len(found[0]), written))) is not None:
        near = " ".join(written[stray.start() : stray.start() + _SHOWN].split())
        how = "не закрыта" if stray[0] == "{" else "лишняя"
        raise WrongValue(field.name, f"Скобка {how}: «{near}». Поле пишется так: {{пациент}}.")
    return written


def _meant(written: str) -> str:
    close = get_close_matches(name_of(written)[:100], PLACEHOLDERS, 1, 0.6)
    return f" Возможно, {{{close[0]}}}?" if close else " Список полей – под текстом."


TEMPLATE_TEXT = Kind(type="lines", check=template_text, limit=MOST_TEXT)
