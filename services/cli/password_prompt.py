"""Passwords from the terminal: typed, or generated and shown once. There is no default password."""

import secrets

import typer

from services.accounts.passwords import LETTERS


def new_password(*about: str, ask: bool) -> str:
    """A new password. `about`: the user's address and names, which it must not contain. Raises WrongValue for a weak one."""
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


def print_result(email: str, password: str, *, ask: bool) -> None:
    """The only place that shows a generated password."""
    print(f"Готово: {email}" if ask else f"Готово: {email}, пароль {password}")
