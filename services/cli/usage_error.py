"""Explains a wrong command line in Russian. Typer's messages are English; its private error classes are recognised by name."""

import re
from collections.abc import Callable
from typing import Any

import typer

from services.process.program_name import PROGRAM

_CYRILLIC = re.compile("[А-Яа-яЁё]")
_QUOTED = re.compile(r"'([^']*)'")
_REASONS = (
    (re.compile("does not exist"), "такого файла или папки нет"),
    (re.compile("is a directory"), "это папка"),
    (re.compile("is a file"), "это не папка"),
    (re.compile("not readable"), "нет права читать"),
    (re.compile("not writable"), "нет права писать"),
    (re.compile("valid (integer|number)"), "нужно число"),
    (re.compile("does not match the formats?"), "нужна дата, например 30.11.2026"),
    (re.compile("(?:less than or equal to|at most) ([^ ]+)$"), r"не больше \1"),
    (re.compile("(?:greater than or equal to|at least) ([^ ]+)$"), r"не меньше \1"),
    (re.compile("(?:not one of|should be) (.+)$"), r"возможные: \1"),
)


def explain(error: typer.TyperException) -> str:
    """One sentence with a hint to the help; the help itself for a command without arguments."""
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        return error.format_message()
    context = getattr(error, "ctx", None)
    return f"{_SENTENCES.get(kind, _usage)(error)} Справка: {context.command_path if context else PROGRAM} --help"


def _no_such_option(error: Any) -> str:
    alike = f" Есть похожие: {', '.join(sorted(error.possibilities))}." if error.possibilities else ""
    return f"Параметра {error.option_name} у этой команды нет.{alike}"


def _missing(error: Any) -> str:
    means = (getattr(error.param, "help", None) or "").rstrip(".")
    return f"Не указано {_name(error)}{f' ({means})' * bool(means)}."


def _bad_value(error: Any) -> str:
    message = error.message.rstrip(".")
    found = ((reason.search(message), words) for reason, words in _REASONS)
    reason = message if _CYRILLIC.search(message) else next((match.expand(words) for match, words in found if match), "")
    return f"Значение {_name(error)} не подходит{': ' * bool(reason)}{reason}."


def _bad_option(error: Any) -> str:
    if "requires" in error.message:
        return f"После параметра {error.option_name} нужно значение."
    return f"Параметр {error.option_name} пишется без значения."


def _usage(error: Any) -> str:
    message = error.message
    if message.startswith("No such command") and (command := _QUOTED.search(message)):
        return f"Команды {command[1]} нет."
    if message.startswith("Got unexpected extra"):
        return f"Лишнее в команде: {message.rpartition(' (')[2].rstrip(')')}."
    return "Не указана команда." if message.startswith("Missing command") else message


def _name(error: Any) -> str:
    hint = error.param_hint or (error.param.get_error_hint() if error.param else "")
    return (hint if isinstance(hint, str) else " / ".join(hint)).replace("'", "")


_SENTENCES: dict[str, Callable[[Any], str]] = {
    "NoSuchOption": _no_such_option,
    "MissingParameter": _missing,
    "BadParameter": _bad_value,
    "BadOptionUsage": _bad_option,
}
