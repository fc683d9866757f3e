"""A file on its way into the clinic, as a person with the right sends it."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from uuid import UUID

import openpyxl

from services.excel.loading import work
from tests.api.world import Browser, World

Rows = Sequence[tuple[Any, ...]]


def sheet(headings: tuple[str, ...], *rows: tuple[Any, ...]) -> bytes:
    """A workbook of one sheet."""
    return workbook({"Лист1": [headings, *rows]})


def workbook(sheets: Mapping[str, Rows]) -> bytes:
    """Sheets by name, each with its headings first."""
    book, target = openpyxl.Workbook(), BytesIO()
    book.remove(book.active)
    for title, rows in sheets.items():
        made = book.create_sheet(title)
        for row in rows:
            made.append(row)
    book.save(target)
    return target.getvalue()


class Loading:
    """One file on its way."""

    def __init__(self, world: World, browser: Browser, catalogue: str, content: bytes) -> None:
        self.world, self.browser = world, browser
        answer = browser.post(f"/api/excel/imports/{catalogue}", content=content)
        assert answer.status_code == 201, answer.text
        self.path = f"/api/excel/imports/{answer.json()['id']}"
        self.id = UUID(answer.json()["id"])
        self.work()

    def work(self) -> None:
        assert work(self.world.denta)
        self.browser.catch_up()

    @property
    def now(self) -> Any:
        return self.browser.get_ok(self.path)

    @property
    def counts(self) -> dict[str, int]:
        return {name: count for name, count in self.now["counts"].items() if count}

    def rows(self, kind: str) -> list[Any]:
        found: list[Any] = self.browser.get_ok(f"{self.path}/rows", kind=kind)["items"]
        return found

    def then(self, step: str, body: Any = None) -> Any:
        done = self.browser.do("POST", f"{self.path}/{step}", body)
        self.work()
        return done


def events(world: World) -> int:
    with world.denta.database.connection() as connection:
        row = connection.execute("SELECT count(*) FROM events").fetchone()
    assert row
    return int(row[0])
