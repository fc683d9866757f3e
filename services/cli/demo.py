"""`denta demo`: fill an empty clinic with the demonstration."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    @app.command()
    def demo(
        scale: Annotated[int, typer.Option(min=1, max=1000, help="Во сколько раз больше врачей, пациентов и визитов.")] = 1,
        data: Annotated[Path | None, typer.Option(help="Папка данных; по умолчанию var рядом с программой.")] = None,
    ) -> None:
        """Загрузить демонстрационную клинику в пустую базу."""
        from services.demo.clinic import load_demonstration, logins
        from services.process.installation import Installation
        from services.process.progress_bar import progress_bar

        with Installation.here(data).denta(create=True) as denta, progress_bar("Демонстрационная клиника") as progress:
            load_demonstration(denta.clinic, denta.clock(), files=denta.files, scale=scale, progress=progress)
        for line in logins():
            print(line)
