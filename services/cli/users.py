"""`denta users`: access to the system, managed from the server's terminal. The password is typed, or generated and shown once."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.password_prompt import hashed, new_password, print_result
from services.process.program_name import PROGRAM

if TYPE_CHECKING:
    from commands.context import Context
    from services.bootstrap import Denta

Data = Annotated[Path | None, typer.Option(help="Папка данных; без неё DENTA_DATA или var.")]
Ask = Annotated[bool, typer.Option("--ask", help="Спросить пароль; без этого он придумывается и показывается один раз.")]


def register(app: typer.Typer) -> None:
    users = typer.Typer(help="Доступ сотрудников к системе.", no_args_is_help=True)
    users.command("list")(list_)
    users.command("add")(add)
    users.command("reset")(reset)
    users.command("remove-second-factor")(remove_second_factor)
    app.add_typer(users, name="users")


def list_(data: Data = None) -> None:
    """Кто может войти, с каким набором прав."""
    from aggregates.access.rights_set import RightsSet
    from aggregates.people.employee import Employee
    from services.cli.read_connection import reading

    with reading(data) as (denta, _):
        for access in denta.clinic.accesses.all():
            name = denta.clinic.load(Employee, access.employee_id).name.full
            print(f"{access.email}\t{denta.clinic.load(RightsSet, access.rights_set_id).name}\t{name}")


def add(
    email: Annotated[str, typer.Argument(help="Адрес, с которым сотрудник входит.")],
    rights_set: Annotated[str, typer.Option("--rights", help="Набор прав.")] = "Администратор",
    family_name: Annotated[str, typer.Option("--family-name", help="Фамилия нового сотрудника.")] = "",
    given_name: Annotated[str, typer.Option("--given-name", help="Имя нового сотрудника.")] = "",
    ask: Ask = False,
    data: Data = None,
) -> None:
    """Новый сотрудник с доступом к системе."""
    from aggregates.access.rights import PREDEFINED_SETS
    from commands.access import user_access
    from commands.people import employee
    from services.process.operator_error import OperatorError

    chosen = next((known for known in PREDEFINED_SETS if known.name.lower() == rights_set.lower()), None)
    if chosen is None:
        raise OperatorError(f"Набора прав «{rights_set}» нет. Есть: {', '.join(known.name for known in PREDEFINED_SETS)}.")

    def grant(denta: "Denta") -> None:
        password = new_password(email, family_name, given_name, ask=ask)
        card = {"family_name": family_name, "given_name": given_name or ("" if family_name else email.partition("@")[0])}
        hired = employee.hire(denta.clinic, _context(denta, "hire"), card)
        user_access.grant_access(denta.clinic, _context(denta, "grant_access"), hired.id, email, chosen.id, hashed(password))
        print_result(email, password, ask=ask)

    _with_denta(data, grant)


def reset(
    email: Annotated[str, typer.Argument(help="Адрес, с которым сотрудник входит.")], ask: Ask = False, data: Data = None
) -> None:
    """Новый пароль; все сеансы этого сотрудника заканчиваются."""
    from commands.access import user_access
    from services.process.operator_error import OperatorError

    def set_password(denta: "Denta") -> None:
        access = denta.clinic.accesses.by_email(email)
        if access is None:
            raise OperatorError(f"С адресом {email} никто не входит. Список: {PROGRAM} users list.")
        password = new_password(email, ask=ask)
        hash_ = hashed(password)
        with denta.clinic.write_lock():
            user_access.set_password(denta.clinic, _context(denta, "set_password"), access.employee_id, hash_)
            denta.sessions.end_all(access.access_id)
        print_result(email, password, ask=ask)

    _with_denta(data, set_password)


def remove_second_factor(
    email: Annotated[str, typer.Argument(help="Адрес, с которым сотрудник входит.")], data: Data = None
) -> None:
    """Отключить вход с кодом тому, кто потерял и телефон, и резервные коды."""
    from commands.access import user_access
    from services.process.operator_error import OperatorError

    def remove(denta: "Denta") -> None:
        access = denta.clinic.accesses.by_email(email)
        if access is None:
            raise OperatorError(f"С адресом {email} никто не входит. Список: {PROGRAM} users list.")
        with denta.clinic.write_lock():
            user_access.remove_second_factor(denta.clinic, _context(denta, "remove_second_factor"), access.employee_id)
            denta.second_factors.remove(access.access_id)
        print(f"Готово: {email} входит без кода")

    _with_denta(data, remove)


def _with_denta(data: Path | None, act: "Callable[[Denta], None]") -> None:
    import sys

    from services.process.installation import Installation

    with Installation.here(data).denta(lambda line: print(line, file=sys.stderr)) as denta:
        act(denta)


def _context(denta: "Denta", command: str) -> "Context":
    from commands.context import Context

    return Context(now=denta.clock(), command=command, address="terminal")
