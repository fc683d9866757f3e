"""Typer's words and kinds of errors, which `usage_error` translates by their text: one case each, so that an upgrade that
changes one is noticed.
"""

import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from typer.main import get_command

from services.cli.usage_error import _REASONS, _SENTENCES, explain

app = typer.Typer(rich_markup_mode=None)
nested = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
app.add_typer(nested, name="nested")


class Way(StrEnum):
    LEFT = "left"
    RIGHT = "right"


def in_words(_: Any, value: str) -> str:
    if value == "no":
        raise typer.BadParameter("такого объекта нет")
    return value


@app.command()
def go(
    file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, readable=True)] = None,
    folder: Annotated[Path | None, typer.Option(exists=True, file_okay=False, writable=True)] = None,
    count: Annotated[int, typer.Option(min=2, max=5)] = 3,
    share: Annotated[float, typer.Option(min=0, max=1)] = 0.5,
    way: Annotated[Way, typer.Option()] = Way.LEFT,
    on: Annotated[datetime | None, typer.Option(formats=["%d.%m.%Y"])] = None,
    about: Annotated[str, typer.Option(callback=in_words)] = "",
    once: Annotated[bool, typer.Option("--once")] = False,
) -> None:
    raise NotImplementedError((file, folder, count, share, way, on, about, once))


@nested.command()
def inner(name: Annotated[str, typer.Argument(help="Имя.")]) -> None:
    raise NotImplementedError(name)


@nested.command()
def other() -> None:
    raise NotImplementedError


def sentence(*words: str) -> str:
    with pytest.raises(typer.TyperException) as raised:
        get_command(app).main(list(words), prog_name="denta", standalone_mode=False)
    return explain(raised.value)


CASES = {
    "go --file /no/such": "Значение --file не подходит: такого файла или папки нет. Справка: denta go --help",
    "go --file /": "Значение --file не подходит: это папка. Справка: denta go --help",
    f"go --folder {__file__}": "Значение --folder не подходит: это не папка. Справка: denta go --help",
    "go --count x": "Значение --count не подходит: нужно число. Справка: denta go --help",
    "go --share x": "Значение --share не подходит: нужно число. Справка: denta go --help",
    "go --count 9": "Значение --count не подходит: не больше 5. Справка: denta go --help",
    "go --count 1": "Значение --count не подходит: не меньше 2. Справка: denta go --help",
    "go --way up": "Значение --way не подходит: возможные: 'left', 'right'. Справка: denta go --help",
    "go --on x": "Значение --on не подходит: нужна дата, например 30.11.2026. Справка: denta go --help",
    "go --about no": "Значение --about не подходит: такого объекта нет. Справка: denta go --help",
    "go --zzzzzz": "Параметра --zzzzzz у этой команды нет. Справка: denta go --help",
    "go --shate 3": "Параметра --shate у этой команды нет. Есть похожие: --help, --share. Справка: denta go --help",
    "go --count": "После параметра --count нужно значение. Справка: denta --help",
    "go --once=1": "Параметр --once пишется без значения. Справка: denta --help",
    "go more words": "Лишнее в команде: more words. Справка: denta go --help",
    "nested inner": "Не указано name (Имя). Справка: denta nested inner --help",
    "nope": "Команды nope нет. Справка: denta --help",
    "": "Не указана команда. Справка: denta --help",
}


@pytest.mark.spec("UI-3")
@pytest.mark.parametrize("words", CASES)
def test_each_kind_of_mistake_is_one_russian_sentence(words: str) -> None:
    assert sentence(*words.split()) == CASES[words]


@pytest.mark.parametrize(
    ("option", "path", "reason"), [("--file", __file__, "нет права читать"), ("--folder", "/", "нет права писать")]
)
def test_a_right_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, option: str, path: str, reason: str) -> None:
    """As root nothing is forbidden, so the system's answer is replaced."""
    allowed = os.R_OK if option == "--folder" else 0
    monkeypatch.setattr(os, "access", lambda _, mode: mode == allowed)
    assert sentence("go", option, path) == f"Значение {option} не подходит: {reason}. Справка: denta go --help"


def test_a_group_of_commands_alone_shows_its_help() -> None:
    assert sentence("nested").startswith("Usage: denta nested")


def test_typer_has_no_kind_of_mistake_that_is_not_translated() -> None:
    usage = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "UsageError")
    kinds = {kind.__name__ for kind in (*usage.__subclasses__(), *typer.BadParameter.__subclasses__())}
    assert kinds - _SENTENCES.keys() == {"NoArgsIsHelpError", "BadArgumentUsage"}, "its help; an argument of several values"
    assert len(_REASONS) == 10, "each has a case above"
