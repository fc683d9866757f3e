"""An employee's photo: for the clinic's own eyes, drawn again from whatever was uploaded."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.api.world import MONDAY, Browser, World, rows
from tests.gateways.test_photographs import picture

pytestmark = pytest.mark.spec("SEC-3")


def hired(administrator: Browser, **card: Any) -> str:
    created: str = administrator.do("POST", "/api/employees", {"family_name": "Портретов", **card}, expect=201)["id"]
    return created


def put(browser: Browser, employee: str, content: bytes, version: int) -> Any:
    headers = {"If-Match": f'"{version}"', "Content-Type": "application/octet-stream"}
    return browser.request("PUT", f"/api/employees/{employee}/photo", content=content, headers=headers)


def test_a_photo_is_redrawn_small_without_other_data_of_the_file_and_listed_in_the_journal(administrator: Browser) -> None:
    employee = hired(administrator)
    exif = Image.Exif()
    exif[0x010E] = "Тайна"
    assert put(administrator, employee, picture(size=(1200, 900), exif=exif), 1).status_code == 200
    photo = administrator.get_ok(f"/api/employees/{employee}")["photo"]
    shown = administrator.get(f"/api/employees/{employee}/photo", params={"sha256": photo["sha256"]})
    drawn = Image.open(BytesIO(shown.content))
    assert (drawn.format, drawn.size, len(drawn.getexif())) == ("JPEG", (320, 240), 0)
    assert [one["photo"] for one in rows(administrator.get_ok("/api/employees", q="Портретов")) if one["id"] == employee] == [
        photo
    ]

    administrator.do("DELETE", f"/api/employees/{employee}/photo", version=2)
    assert administrator.get_ok(f"/api/employees/{employee}")["photo"] is None
    assert administrator.get(f"/api/employees/{employee}/photo", params={"sha256": photo["sha256"]}).status_code == 404
    removed, given, *_ = rows(administrator.get_ok("/api/journal", object_type="employee", object_id=employee))
    assert {removed["kind_label"], given["kind_label"]} == {"Фотография сотрудника"}
    assert (given["changes"][0]["old"], removed["changes"][0]["new"]) == (None, None)
    assert given["changes"][0]["new"] == removed["changes"][0]["old"]


@pytest.mark.spec("SEC-1")
def test_who_keeps_employees_changes_it_and_the_calendar_sees_it(world: World, administrator: Browser) -> None:
    doctor = str(world.doctor)
    version = administrator.get_ok(f"/api/employees/{doctor}")["version"]
    with world.browser("Регистратор") as receptionist:
        assert put(receptionist, doctor, picture(), version).json()["code"] == "right_missing"
        assert put(administrator, doctor, picture(), version).status_code == 200
        receptionist.position = administrator.position
        days = {"from": MONDAY.isoformat(), "to": MONDAY.isoformat()}
        (column,) = [one for one in receptionist.get_ok("/api/calendar", **days)["doctors"] if one["id"] == doctor]
        query = {"sha256": column["photo"]["sha256"]}
        assert receptionist.get(f"/api/employees/{doctor}/photo", params=query).status_code == 200
        assert receptionist.get(f"/api/employees/{world.administrator}/photo", params=query).status_code == 404
        refused = receptionist.request("DELETE", f"/api/employees/{doctor}/photo", headers={"If-Match": f'"{version + 1}"'})
        assert refused.json()["code"] == "right_missing"
    for who, status in ((None, 401), ("Аудитор", 403)):
        with world.browser(who) as browser:
            assert browser.get(f"/api/employees/{doctor}/photo", params=query).status_code == status


@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"<svg/>", picture()[:900], b"", b"%PDF-1.7"])
def test_what_is_no_photo_is_refused_and_leaves_the_card_as_it_is(administrator: Browser, content: bytes) -> None:
    employee = hired(administrator)
    refused = put(administrator, employee, content, 1)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_a_photograph")
    assert administrator.get_ok(f"/api/employees/{employee}")["version"] == 1


def test_a_deleted_employees_photo_stays_as_it_is(administrator: Browser) -> None:
    employee = hired(administrator)
    administrator.do("POST", f"/api/employees/{employee}/delete", version=1)
    refused = put(administrator, employee, picture(), 2)
    assert (refused.status_code, refused.json()["code"]) == (409, "employee_deleted")
