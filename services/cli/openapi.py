"""`denta openapi`: the API's description as a file. (`denta api` serves it: `serve.py`.)"""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command("openapi")(openapi)


def openapi(target: Annotated[Path | None, typer.Argument(help="Куда записать; без него – web/openapi.json.")] = None) -> None:
    """Описание API (OpenAPI), из которого делаются типы интерфейса."""
    from services.api.openapi_file import TARGET, write

    print(f"записано: {write(target or TARGET)}")
