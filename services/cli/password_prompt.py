"""Passwords given from the terminal: typed there, or generated and shown once. Never a fixed one."""

import secrets

import typer

from services.accounts.passwords import LETTERS


def new_password(*about: str, ask: bool) -> str:
    """WrongValue where a typed one is too weak. `about`: address and names of whose it is to be."""
    from aggregates.access.password import check_password

    password: str = (
        typer.prompt("Пароль", hide_input=True, confirmation_prompt="Ещё раз")
        if ask
        else "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
    )
    check_password(password, about)
    return password


def hashed(password: str) -> str:
    from services.accounts.passwords import Passwords

    return Passwords().hash(password)


def tell(email: str, password: str, *, ask: bool) -> None:
    """The only time that a generated one is seen."""
    print(f"Готово: {email}" if ask else f"Готово: {email}, пароль {password}")
