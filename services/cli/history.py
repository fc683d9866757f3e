"""`denta history`: an object's history, and its state at a version or moment, read from the log."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from services.bootstrap import Denta

Data = Annotated[Path | None, typer.Option(help="Папка данных; без неё DENTA_DATA или var.")]

WHAT = (
    "Визит по номеру: visit/12; пациент по номеру карты: patient/404; сотрудник по номеру: employee/7; график и настройки: "
    "schedule, settings; что угодно по словам из названия или имени: «Иванов Пётр», service/консультация; или идентификатор."
)
"""How to name an object, for the help and for refusals."""


def register(app: typer.Typer) -> None:
    app.command("history")(history)


def history(
    what: Annotated[str, typer.Argument(metavar="OBJECT", help=WHAT)],
    at: Annotated[
        str | None, typer.Option("--at", help="Состояние: номер версии или момент, например «23.11.2026 10:00».")
    ] = None,
    data: Data = None,
) -> None:
    """История объекта или его состояние на версию или момент."""
    from readmodels import history as history_read
    from services.cli.read_connection import reading
    from services.process.operator_error import OperatorError

    with reading(data) as (denta, connection):
        found = history_read.find(connection, what)
        if not found:
            raise OperatorError(f"Объекта «{what}» нет. {WHAT}")
        if len(found) > 1:
            print(f"По словам «{what}» нашлось несколько. Назовите один из них:")
            for one in found:
                print(f"{one.type}/{one.id}\t{one.title}")
            raise typer.Exit(1)
        if at is None:
            _print_history(denta, connection, found[0].id)
        else:
            _print_state(denta, connection, found[0].type, found[0].id, at)


def _print_history(denta: "Denta", connection: Any, object_id: Any) -> None:
    from readmodels import history as history_read
    from readmodels.clinic import clinic_settings

    zone = clinic_settings.time_zone(connection)
    for item in reversed(history_read.versions(connection, denta.decoders, object_id, zone)):
        author = item.author.name if item.author else "система"
        print(f"{item.object.version}\t{item.moment.astimezone(zone):%d.%m.%Y %H:%M:%S}\t{author}\t{item.text}")
        for change in item.changes:
            print(f"\t{change.label}: {change.old or '–'} → {change.new or '–'}")


def _print_state(denta: "Denta", connection: Any, object_type: Any, object_id: Any, at: str) -> None:
    from readmodels import history as history_read
    from readmodels.clinic import clinic_settings
    from readmodels.words.registry import GLOSSARY
    from services.cli.clinic_moment import parse_moment

    kind, zone = GLOSSARY.of(object_type).kind, clinic_settings.time_zone(connection)
    if at.isascii() and at.isdigit():
        aggregate = denta.clinic.load(kind, object_id, int(at))
    else:
        aggregate = denta.clinic.load_at(kind, object_id, parse_moment(at, zone, "номер версии"))
    state = history_read.state(connection, aggregate)
    author = f", {state.author.name}" if state.author else ""
    print(f"{state.object.title}, версия {state.object.version} из {state.current_version}")
    print(f"{state.moment.astimezone(zone):%d.%m.%Y %H:%M:%S}{author}")
    for field in state.fields:
        print(f"  {field.label}: {field.value}")
