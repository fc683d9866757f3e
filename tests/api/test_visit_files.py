"""Files of visits: what is taken, how it is given out, and to whom."""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from aggregates.scheduling import visit_file
from aggregates.scheduling.visit_file import MOST_BYTES
from gateways.guards import visit_files as guard
from tests.api.strangers import PDF, attached_file
from tests.api.test_papers import book
from tests.api.test_patient_info import with_rights
from tests.api.world import MONDAY, PASSWORD, Browser, World, new_visit, rows
from tests.gateways.test_attachments import DICOM
from tests.gateways.test_photographs import chunk, picture, png_bomb

HTML = b"<!doctype html><script>alert(document.cookie)</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"


@pytest.fixture
def visit(world: World, administrator: Browser) -> str:
    return str(book(administrator, world, "10:00", doctor_id=None)["id"])


def sent(browser: Browser, visit: str, content: bytes, name: str = "Снимок 36.jpg", **headers: str) -> Any:
    return browser.request("POST", f"/api/visits/{visit}/files", params={"name": name}, content=content, headers=headers)


def listed(browser: Browser, visit: str) -> list[Any]:
    return rows(browser.get_ok(f"/api/visits/{visit}/files", deleted=True))


@pytest.mark.spec("VIS-1", "SEC-3")
def test_a_file_is_attached_listed_and_given_out_byte_for_byte_as_an_attachment(world: World, administrator: Browser) -> None:
    patient = administrator.do("POST", "/api/patients", {"family_name": "Снимкова"}, expect=201)["id"]
    visit = book(administrator, world, "10:00", doctor_id=None, patient_id=patient)
    original = picture(size=(1200, 900))
    made = sent(administrator, visit["id"], original, "C:\\Снимки\\\u202eСнимок  36.jpeg")
    assert made.status_code == 201
    (one,) = listed(administrator, visit["id"])
    assert (one["id"], one["name"], one["media"], one["size"]) == (
        made.json()["id"], "Снимок 36.jpeg", "image/jpeg", len(original),
    )  # fmt: skip
    assert (one["caption"], one["has_preview"], one["attached_by"]["id"]) == ("", True, str(world.administrator))
    content = administrator.get(f"/api/visit-files/{one['id']}/content")
    assert content.content == original
    assert (content.headers["content-type"], content.headers["x-content-type-options"]) == ("image/jpeg", "nosniff")
    assert content.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert "sandbox" in content.headers["content-security-policy"]
    preview = administrator.get(f"/api/visit-files/{one['id']}/preview")
    assert Image.open(BytesIO(preview.content)).size == (480, 360)
    assert preview.headers["x-content-type-options"] == "nosniff"

    of_patient = administrator.get_ok(f"/api/patients/{patient}/visit-files")
    (found,) = of_patient["items"]
    assert (of_patient["total"], found["id"], found["visit_number"]) == (1, one["id"], visit["number"])
    assert administrator.get_ok(f"/api/visits/{visit['id']}")["version"] == visit["version"]  # the visit itself hasn't moved


@pytest.mark.spec("SEC-3")
@pytest.mark.parametrize(
    ("content", "name", "media", "called"),
    [
        (PDF, "Согласие.pdf", "application/pdf", "Согласие.pdf"),
        (DICOM, "IM00001", "application/dicom", "IM00001.dcm"),
        (picture("PNG", (800, 1600)), "Ортопантомограмма.png", "image/png", "Ортопантомограмма.png"),
        (picture("PNG"), "scan.html", "image/png", "scan.html.png"),
        (picture("JPEG") + HTML, "снимок.svg", "image/jpeg", "снимок.svg.jpg"),
        (picture("TIFF"), "../../etc/passwd", "image/tiff", "passwd.tif"),
        (PDF, "...", "application/pdf", "Файл.pdf"),
        (PDF, "ж" * 900 + ".PDF", "application/pdf", "ж" * 146 + ".PDF"),
    ],
)
def test_the_content_decides_what_a_file_is_and_its_name_says_it(
    administrator: Browser, visit: str, content: bytes, name: str, media: str, called: str
) -> None:
    """A picture with a page behind it stays a picture for every browser: by its type, `nosniff`, and as an attachment."""
    made = sent(administrator, visit, content, name, **{"Content-Type": "text/html"}).json()
    (one,) = listed(administrator, visit)
    assert (one["name"], one["media"]) == (called, media)
    answer = administrator.get(f"/api/visit-files/{made['id']}/content")
    assert (answer.content, answer.headers["content-type"]) == (content, media)
    assert (answer.headers["x-content-type-options"], answer.headers["content-disposition"][:10]) == ("nosniff", "attachment")
    if media not in {"image/png", "image/jpeg"}:
        assert administrator.get(f"/api/visit-files/{made['id']}/preview").status_code == 404


def enormous() -> bytes:
    """A PNG that says it has 4 billion pixels a side."""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack("!IIBBBBB", 2**32 - 1, 2**32 - 1, 8, 2, 0, 0, 0)) + chunk(
        b"IDAT", zlib.compress(b"")
    )  # fmt: skip


@pytest.mark.spec("SEC-3")
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (HTML, "kind"),
        (SVG, "kind"),
        (b"MZ" + bytes(126) + b"DICM", "kind"),
        (b"GIF89a" + HTML, "kind"),
        (HTML + PDF, "kind"),
        (b"%PDF-1.7\n" + HTML, "broken"),
        (b"\xff\xd8\xff" + HTML, "broken"),
        (picture("JPEG")[:200], "broken"),
        (b"RIFF\x00\x00\x00\x00WEBP" + HTML, "broken"),
        (enormous(), "pixels"),
        (png_bomb(16_000, 16_000), "pixels"),
    ],
)
def test_hostile_files_are_refused_with_the_reason_and_leave_nothing(
    administrator: Browser, visit: str, content: bytes, reason: str
) -> None:
    refused = sent(administrator, visit, content, "снимок.jpg", **{"Content-Type": "image/jpeg"})
    assert (refused.status_code, refused.json()["code"], refused.json()["facts"]["reason"]) == (409, "not_attachable", reason)
    assert listed(administrator, visit) == []


@pytest.mark.spec("SEC-3")
def test_a_file_that_is_too_large_is_refused_however_it_is_sent(administrator: Browser, visit: str) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(MOST_BYTES // 1_000_000 + 2):
            yield bytes(1_000_000)

    path, params = f"/api/visits/{visit}/files", {"name": "снимок.jpg"}
    assert administrator.request("POST", path, params=params, content=endless()).status_code == 413
    refused = sent(administrator, visit, bytes(MOST_BYTES + 1))
    assert refused.status_code == 413
    whole = PDF[:-7] + bytes(MOST_BYTES - len(PDF)) + PDF[-7:]
    assert sent(administrator, visit, whole, "скан.pdf").status_code == 201
    (one,) = listed(administrator, visit)
    assert administrator.get(f"/api/visit-files/{one['id']}/content", timeout=60).content == whole


@pytest.mark.spec("VIS-1", "DEL-1", "DEL-2")
def test_a_file_is_renamed_captioned_deleted_and_returned(administrator: Browser, visit: str) -> None:
    one = f"/api/visit-files/{attached_file(administrator, visit)}"
    administrator.do("PATCH", one, {"name": " План  лечения ", "caption": "До лечения"}, version=1)
    (file,) = listed(administrator, visit)
    assert (file["name"], file["caption"], file["version"]) == ("План лечения.pdf", "До лечения", 2)
    refused = administrator.do("PATCH", one, {"name": "  "}, version=2, expect=409)
    assert (refused["code"], refused["facts"]["field"]) == ("wrong_value", "name")
    assert administrator.do("PATCH", one, {"caption": "Иначе"}, version=1, expect=412)["code"] == "version_moved"
    administrator.do("POST", f"{one}/delete", version=2)
    assert rows(administrator.get_ok(f"/api/visits/{visit}/files")) == []
    assert administrator.do("PATCH", one, {"caption": "Иначе"}, version=3, expect=409)["code"] == "visit_file_deleted"
    assert administrator.do("POST", f"{one}/delete", version=3, expect=409)["code"] == "already_deleted"
    administrator.do("POST", f"{one}/return", version=3)
    assert [file["deleted"] for file in listed(administrator, visit)] == [False]
    entries = rows(administrator.get_ok("/api/journal", object_type="visit_file", object_id=one[-36:]))
    assert [entry["kind_label"] for entry in entries] == [
        "Возврат файла визита", "Удаление файла визита", "Изменение файла визита", "Новый файл визита",
    ]  # fmt: skip


@pytest.mark.spec("VIS-1", "DEL-2")
def test_a_deleted_visit_keeps_its_files_as_they_are(administrator: Browser, visit: str) -> None:
    file = attached_file(administrator, visit)
    administrator.do("POST", f"/api/visits/{visit}/delete", version=1)
    assert sent(administrator, visit, PDF).json()["code"] == "visit_deleted"
    assert administrator.do("POST", f"/api/visit-files/{file}/delete", version=1, expect=409)["code"] == "visit_deleted"
    assert administrator.get(f"/api/visit-files/{file}/content").content == PDF
    administrator.do("POST", f"/api/visits/{visit}/return", version=2)
    assert [one["id"] for one in listed(administrator, visit)] == [file]
    assert sent(administrator, visit, PDF).status_code == 201


@pytest.mark.spec("VIS-1", "PAT-6")
def test_files_follow_the_visit_to_a_merged_card_and_to_another_patient(world: World, administrator: Browser) -> None:
    def of(patient: str) -> list[str]:
        return [one["id"] for one in rows(administrator.get_ok(f"/api/patients/{patient}/visit-files"))]

    survivor, merged, other = (
        administrator.do("POST", "/api/patients", {"family_name": f"Слитная {n}"}, expect=201)["id"] for n in range(3)
    )
    visit = book(administrator, world, "10:00", doctor_id=None, patient_id=merged)
    file = attached_file(administrator, visit["id"])
    administrator.do("POST", f"/api/patients/{survivor}/merge", {"patient_id": merged}, version=1)
    assert (of(survivor), of(merged), of(other)) == ([file], [file], [])
    administrator.do("PATCH", f"/api/visits/{visit['id']}", {"patient_id": other}, version=visit["version"])
    assert (of(survivor), of(other)) == ([], [file])


@pytest.mark.spec("VIS-1")
def test_a_visit_has_so_many_files_and_no_more(administrator: Browser, visit: str) -> None:
    """The limit is part of a function in the database; the test fills its table instead."""
    first = attached_file(administrator, visit)
    with administrator.app.state.components.denta.database.connection() as connection, connection.transaction():
        fill = "INSERT INTO guard_visit_files (id, visit_id) SELECT gen_random_uuid(), %s FROM generate_series(2, %s)"
        connection.execute(fill, (visit, visit_file.MOST_FILES))
    refused = sent(administrator, visit, PDF)
    assert (refused.status_code, refused.json()["code"], refused.json()["facts"]) == (409, "too_many_files", {"most": 100})
    administrator.do("POST", f"/api/visit-files/{first}/delete", version=1)
    assert sent(administrator, visit, PDF).status_code == 201
    refused = administrator.do("POST", f"/api/visit-files/{first}/return", version=2, expect=409)
    assert refused["code"] == "too_many_files"


@pytest.mark.spec("OPS-4")
def test_an_upload_that_is_repeated_is_attached_once(administrator: Browser, visit: str) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    made = [sent(administrator, visit, picture(), **key).json()["id"] for _ in range(2)]
    assert made[0] == made[1]
    assert [one["id"] for one in listed(administrator, visit)] == made[:1]
    assert sent(administrator, visit, PDF, **key).json()["code"] == "idempotency_key_reused"


@pytest.mark.spec("VIS-6", "ACL-6", "SEC-1")
def test_files_are_open_to_those_alone_to_whom_the_card_is(world: World, administrator: Browser, visit: str) -> None:
    file = f"/api/visit-files/{attached_file(administrator, visit)}"
    with with_rights(world, ["calendar", "visits"]) as nosy:
        for path in (f"/api/visits/{visit}/files", f"{file}/content", f"{file}/preview"):
            assert nosy.get(path).json()["code"] == "cards_not_open"
        assert sent(nosy, visit, PDF).json()["code"] == "cards_not_open"
        for deed in ("delete", "return"):
            assert nosy.do("POST", f"{file}/{deed}", version=1, expect=403)["code"] == "cards_not_open"
        assert nosy.do("PATCH", file, {"caption": "?"}, version=1, expect=403)["code"] == "cards_not_open"
    with with_rights(world, ["journal"]) as auditor:
        assert auditor.get(f"{file}/content").json()["code"] == "right_missing"
    with world.browser() as anonymous:
        assert anonymous.get(f"{file}/content").status_code == 401
    with with_rights(world, ["calendar", "patient_info"]) as doctor:
        assert doctor.get(f"{file}/content").content == PDF


@pytest.mark.spec("ACL-6", "ACL-9", "SEC-1")
@pytest.mark.parametrize("version", [1, 7])
def test_who_sees_only_their_own_schedule_has_files_of_their_own_visits(
    world: World, administrator: Browser, visit: str, version: int
) -> None:
    file = f"/api/visit-files/{attached_file(administrator, visit)}"
    rights_set = {"name": f"Свои {uuid4()}", "rights": ["calendar", "patient_info"], "start_page": "calendar"}
    made = administrator.do("POST", "/api/rights-sets", {**rights_set, "own_schedule_only": True}, expect=201)
    hired = administrator.do("POST", "/api/employees", {"family_name": "Своя", "takes_visits": True}, expect=201)["id"]
    access = {"email": f"{uuid4().hex}@example.org", "password": PASSWORD, "rights_set_id": made["id"]}
    administrator.do("PUT", f"/api/employees/{hired}/access", access)
    booked = new_visit(world, start="09:00", end="09:30", doctor_id=hired)
    own = administrator.do("POST", "/api/visits", booked, expect=201)["id"]
    with world.browser() as doctor:
        doctor.sign_in(access["email"])
        for path in (f"/api/visits/{visit}/files", f"{file}/content", f"{file}/preview"):
            assert doctor.get(path).json()["code"] == "another_doctors_visit"
        assert sent(doctor, visit, PDF).json()["code"] == "another_doctors_visit"
        refused = [
            doctor.do("POST", f"{file}/delete", version=version, expect=403),
            doctor.do("POST", f"{file}/return", version=version, expect=403),
            doctor.do("PATCH", file, {"caption": "?"}, version=version, expect=403),
        ]
        assert [(one["code"], one["facts"]) for one in refused] == [("another_doctors_visit", {})] * 3
        mine = attached_file(doctor, own)
        assert [one["id"] for one in rows(doctor.get_ok(f"/api/patients/{world.patient}/visit-files"))] == [mine]


@pytest.mark.spec("SEC-6")
def test_looking_at_a_file_is_recorded_with_its_patient(world: World, administrator: Browser) -> None:
    patient = administrator.do("POST", "/api/patients", {"family_name": "Смотрова"}, expect=201)["id"]
    visit = book(administrator, world, "10:00", doctor_id=None, patient_id=patient)
    file = attached_file(administrator, visit["id"])
    assert administrator.get(f"/api/visit-files/{file}/content").status_code == 200
    looks = rows(administrator.get_ok("/api/access-log", patient_id=patient, size=5))
    assert [(one["action"], one["object"]) for one in looks] == [("Просмотр", f"Визит № {visit['number']}")]


@pytest.mark.spec("VIS-5", "VIS-1")
def test_a_file_is_attached_to_a_visit_of_a_closed_period(administrator: Browser, visit: str) -> None:
    """It isn't money, and a scan comes weeks later."""
    settings = administrator.get_ok("/api/settings")
    closed = {"past_documents": False, "closed_before": MONDAY.replace(year=MONDAY.year + 1).isoformat()}
    changed = administrator.do("PATCH", "/api/settings", {"values": closed}, version=settings["version"])
    try:
        assert sent(administrator, visit, PDF).status_code == 201
    finally:
        administrator.do("PATCH", "/api/settings", {"values": {"past_documents": True}}, version=changed["version"])


def test_the_guard_names_the_limit_that_the_aggregate_declares() -> None:
    assert f">= {visit_file.MOST_FILES} THEN" in guard.SQL_CHECK
