"""Files that the server makes: where it has no turn for them now, the page says so and asks again."""

import json
import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.clinic import MANAGER, Clinic
from tests.browser.desk import Room

BUSY = {
    "type": "urn:denta:overloaded",
    "title": "Сейчас слишком много таких запросов сразу. Повторите через несколько секунд.",
    "status": 503,
    "code": "overloaded",
    "facts": {"retry_after": 5},
}


@pytest.mark.spec("UI-3")
@pytest.mark.parametrize(
    ("path", "button", "name"),
    [
        ("/journal", "Выгрузить в Excel", "Журнал действий.xlsx"),
        ("/journal/viewings", "Выгрузить в Excel", "Просмотры.xlsx"),
        ("/settings/excel/export", "Выгрузить", "Дента.zip"),
        ("/settings/excel/import", "Скачать шаблон", None),
    ],
)
def test_a_download_that_has_no_turn_says_so_and_can_be_repeated(
    room: Room, clinic: Clinic, path: str, button: str, name: str | None
) -> None:
    room.expected.append("503 (Service Unavailable)")
    page = room.seat(MANAGER, path)
    asked = 0

    def refuse_the_first(route: Route) -> None:
        nonlocal asked
        asked += 1
        if asked == 1:
            route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(BUSY))
        else:
            route.continue_()

    there = page.get_by_role("link", name=button).or_(page.get_by_role("button", name=button, exact=True))
    expect(there).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.route(re.compile(r"/api/(.*\.xlsx|excel/(export|templates))"), refuse_the_first)
    there.click()
    notice = page.get_by_role("alert").filter(has_text="слишком много")
    expect(notice).to_be_visible()
    with page.expect_download(timeout=60_000) as download:
        notice.get_by_role("button", name="Повторить").click()
    assert name in {None, download.value.suggested_filename}
    expect(notice).to_have_count(0)
