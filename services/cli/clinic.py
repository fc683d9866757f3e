"""`denta clinic open`: sets up a real clinic in an empty database."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.password_prompt import hashed, new_password, print_result


def register(app: typer.Typer) -> None:
    clinic = typer.Typer(help="Клиника.", no_args_is_help=True)
    clinic.command("open")(open_)
    app.add_typer(clinic, name="clinic")


def open_(
    name: Annotated[str, typer.Argument(help="Название клиники.")],
    email: Annotated[str, typer.Option(help="Адрес, с которым входит первый администратор.")],
    family_name: Annotated[str, typer.Option("--family-name", help="Фамилия первого администратора.")],
    given_name: Annotated[str, typer.Option("--given-name", help="Имя первого администратора.")] = "",
    region: Annotated[str, typer.Option(help="Код региона; от него зависит часовой пояс.")] = "77",
    ask: Annotated[
        bool, typer.Option("--ask", help="Спросить пароль; без этого он придумывается и показывается один раз.")
    ] = False,
    data: Annotated[Path | None, typer.Option(help="Папка данных; без неё DENTA_DATA или var.")] = None,
) -> None:
    """Завести клинику и её первого администратора в пустой базе."""
    from commands.clinic.opening import open_clinic
    from commands.context import Context
    from services.process.installation import Installation

    with Installation.here(data).denta(create=True) as denta:
        password = new_password(email, family_name, given_name, ask=ask)
        open_clinic(
            denta.clinic,
            Context(now=denta.clock(), command="open_clinic", address="terminal"),
            name=name,
            region=region,
            administrator={"family_name": family_name, "given_name": given_name},
            email=email,
            password_hash=hashed(password),
        )
    print_result(email, password, ask=ask)
