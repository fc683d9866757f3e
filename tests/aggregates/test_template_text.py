"""Placeholders of the clinic's templates: known ones are accepted however they are written, a broken one is named."""

import pytest

from aggregates.catalogues import PaperTemplate
from aggregates.template_text import PLACEHOLDERS
from aggregates.values import WrongValue

FIELD = PaperTemplate.FIELDS["text"]


@pytest.mark.spec("VIS-11")
@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_each_placeholder_is_accepted(name: str) -> None:
    text = f"Я, {{{name}}}, и {{ {name.upper()} }}"
    assert FIELD.checked(text) == text


@pytest.mark.spec("VIS-11")
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Договор с {пацент}", "Поля {пацент} нет. Возможно, {пациент}?"),
        ("Договор с {}", "Поля {} нет. Список полей – под текстом."),
        ("Пароль {config.secret}", "Поля {config.secret} нет. Список полей – под текстом."),
        ("Договор с {пациент", "Скобка не закрыта: «{пациент». Поле пишется так: {пациент}."),
        ("Договор с {пациент\n}", "Скобка не закрыта: «{пациент }». Поле пишется так: {пациент}."),
        ("Договор с пациент}", "Скобка лишняя: «}». Поле пишется так: {пациент}."),
        ("{{пациент}}", "Скобка не закрыта: «{{пациент}}». Поле пишется так: {пациент}."),
    ],
)
def test_a_broken_placeholder_is_named(text: str, reason: str) -> None:
    with pytest.raises(WrongValue) as refused:
        FIELD.checked(text)
    assert (refused.value.facts["field"], refused.value.sentence) == ("text", reason)
