"""`denta registry-stand`: the test registry, to try the transfer of documents without the real ЕГИСЗ."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command("registry-stand")(stand)


def stand(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Порт; 0 — любой свободный.")] = 8020,
    file: Annotated[Path, typer.Option(help="Где хранить принятое.")] = Path("var/test-registry.jsonl"),
    guid: Annotated[str, typer.Option(help="GUID, с которым должна обращаться клиника.")] = "",
    organisation: Annotated[str, typer.Option(help="IdLpu клиники.")] = "",
) -> None:
    """Тестовый регистр ЕГИСЗ: проверяет карты и документы и показывает принятое на странице."""
    from services.process.operator_error import OperatorError
    from services.test_servers.emk_beside import GUID, ORGANISATION, run

    try:
        run(file, port, guid or GUID, organisation or ORGANISATION)
    except OSError as error:
        raise OperatorError(f"Тестовый регистр не запустился: {error.strerror}") from error
