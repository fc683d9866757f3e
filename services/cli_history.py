"""`denta history`: what happened to an object, and what it was like at a version or a moment, from the log itself."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from services.bootstrap import Denta

Data = Annotated[Path | None, typer.Option(help="Папка данных; без неё DENTA_DATA или var.")]
MOMENT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%Y-%m-%d", "%d.%m.%Y"]


def register(app: typer.Typer) -> None:
    app.command("history")(history)


def history(
    what: Annotated[str, typer.Argument(metavar="OBJECT", help="«visit/12», «schedule», «settings» или идентификатор объекта.")],
    at: Annotated[
        str | None, typer.Option("--at", help="Состояние: номер версии или момент, например «23.11.2026 10:00».")
    ] = None,
    data: Data = None,
) -> None:
    """История объекта или его состояние на версию или момент."""
    from readmodels import history as history_read
    from services.operator_error import OperatorError
    from services.reading_here import reading

    with reading(data) as (denta, connection):
        found = history_read.find(connection, what)
        if found is None:
            raise OperatorError(f"Объекта «{what}» нет. Назовите его как visit/12, schedule, settings или идентификатором.")
        if at is None:
            _tell_history(denta, connection, found[1])
        else:
            _tell_state(denta, connection, *found, at)


def _tell_history(denta: "Denta", connection: Any, object_id: Any) -> None:
    from readmodels import history as history_read
    from readmodels import settings

    zone = settings.clock(connection)
    for item in reversed(history_read.versions(connection, denta.decoders, object_id, zone)):
        author = item.author.name if item.author else "система"
        print(f"{item.object.version}\t{item.moment.astimezone(zone):%d.%m.%Y %H:%M:%S}\t{author}\t{item.text}")
        for change in item.changes:
            print(f"\t{change.label}: {change.old or '–'} → {change.new or '–'}")


def _tell_state(denta: "Denta", connection: Any, object_type: Any, object_id: Any, at: str) -> None:
    from readmodels import history as history_read
    from readmodels import settings

    kind, zone = history_read.KIND_OF[object_type], settings.clock(connection)
    if at.isascii() and at.isdigit():
        aggregate = denta.clinic.load(kind, object_id, int(at))
    else:
        aggregate = denta.clinic.load_at(kind, object_id, _moment(at).replace(tzinfo=zone))
    state = history_read.state(connection, aggregate)
    author = f", {state.author.name}" if state.author else ""
    print(f"{state.object.title}, версия {state.object.version} из {state.current_version}")
    print(f"{state.moment.astimezone(zone):%d.%m.%Y %H:%M:%S}{author}")
    for field in state.fields:
        print(f"  {field.label}: {field.value}")


def _moment(written: str) -> datetime:
    from services.operator_error import OperatorError

    for form in MOMENT_FORMATS:
        try:
            return datetime.strptime(written, form)  # noqa: DTZ007  the clinic's wall clock; its zone is put on by the caller
        except ValueError:
            continue
    raise OperatorError(f"«{written}» – не номер версии и не момент. Момент пишется так: 23.11.2026 10:00.")
