"""Files of a visit: attached by hand, by dragging and from the clipboard, looked at, named, deleted and brought back."""

from base64 import b64encode

import pytest
from playwright.sync_api import Page, expect

from tests.api.strangers import PDF
from tests.browser.axe import DRAWN, violations
from tests.browser.clinic import COLLEAGUE, KUZNETSOVA, MANAGER, ORLOVA, Clinic
from tests.browser.desk import Room
from tests.gateways.test_photographs import picture

GIVEN = """([kind, content, name, type]) => {
    const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
    const given = new DataTransfer();
    given.items.add(new File([bytes], name, { type }));
    const at = { bubbles: true, cancelable: true };
    if (kind === 'paste') document.body.dispatchEvent(new ClipboardEvent('paste', { ...at, clipboardData: given }));
    else document.body.dispatchEvent(new DragEvent(kind, { ...at, dataTransfer: given }));
}"""


def give(page: Page, kind: str, content: bytes, name: str, media: str) -> None:
    """Drag a file over the page, drop it, or paste it."""
    page.evaluate(GIVEN, [kind, b64encode(content).decode(), name, media])


@pytest.mark.spec("VIS-1", "SEC-3", "DEL-2", "PAT-3")
def test_files_are_attached_looked_at_named_deleted_and_returned(room: Room, clinic: Clinic) -> None:
    clinic.set(show_deleted=True)
    number = clinic.book(KUZNETSOVA, ORLOVA, clinic.day(-28), "10:00", "10:30")
    visit = clinic.ids[f"№ {number}"]
    page = room.seat(MANAGER, f"/visits/{visit}")
    section = page.get_by_role("region", name="Файлы")
    expect(section.get_by_text("Перетащите сюда снимки")).to_be_visible()
    with page.expect_file_chooser() as chooser:
        section.get_by_role("button", name="Прикрепить").click()
    chooser.value.set_files(
        [
            {"name": "Снимок 36.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(2400, 1600))},
            {"name": "Согласие.pdf", "mimeType": "application/pdf", "buffer": PDF},
            {"name": "улыбка.jpg", "mimeType": "image/jpeg", "buffer": b"<script>alert(1)</script>"},
        ]
    )
    tiles = section.get_by_role("list", name="Файлы визита").get_by_role("listitem")
    expect(tiles).to_have_count(2)
    expect(section.get_by_role("alert")).to_have_text(
        "Такой файл прикрепить нельзя. Подойдут JPEG, PNG, WebP, TIFF, PDF и снимки DICOM."
    )
    expect(section.get_by_role("button", name="Повторить")).to_have_count(0)
    section.get_by_role("button", name="Убрать улыбка.jpg из списка").click()
    give(page, "dragover", picture("PNG"), "До лечения.png", "image/png")
    expect(section.get_by_text("Отпустите файлы")).to_be_visible()
    give(page, "drop", picture("PNG", (800, 1600)), "До лечения.png", "image/png")
    expect(tiles).to_have_count(3)
    give(page, "paste", picture("PNG", (300, 200)), "image.png", "image/png")
    expect(tiles).to_have_count(4)
    expect(tiles.nth(3)).to_contain_text("Из буфера обмена.png")
    expect(section.get_by_label("Файлов: 4")).to_be_visible()
    assert violations(page, within="main") == []

    section.get_by_role("button", name="Снимок 36.jpg: действия").click()
    page.get_by_role("menuitem", name="Название и подпись…").click()
    page.get_by_label("Название").fill("Снимок 36, до лечения")
    page.get_by_label("Подпись").fill("Прицельный")
    page.keyboard.press("Enter")
    expect(tiles.first).to_contain_text("Снимок 36, до лечения.jpg")

    section.get_by_role("button", name="Посмотреть Снимок 36").click()
    viewer = page.get_by_role("dialog")
    shown = viewer.get_by_role("img", name="Прицельный")
    expect(shown).to_have_js_property("naturalWidth", 2400)
    fit = shown.bounding_box()
    page.keyboard.press("+")
    expect(viewer.get_by_text("150 %")).to_be_visible()
    assert fit is not None
    expect(shown).to_have_css("width", f"{fit['width'] * 1.5:g}px")
    page.keyboard.press("0")
    page.keyboard.press("ArrowRight")
    expect(viewer.get_by_text("2 из 3")).to_be_visible()
    expect(viewer.get_by_role("img", name="До лечения.png")).to_have_js_property("naturalHeight", 1600)
    assert violations(page, within="[role=dialog]") == []
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)

    with page.expect_download() as downloaded:
        section.get_by_role("link", name="Скачать Согласие.pdf").click()
    assert downloaded.value.suggested_filename == "Согласие.pdf"
    assert downloaded.value.path().read_bytes() == PDF

    section.get_by_role("button", name="Согласие.pdf: действия").click()
    page.get_by_role("menuitem", name="Удалить…").click()
    page.get_by_role("dialog").get_by_role("button", name="Удалить", exact=True).click()
    expect(section.get_by_label("Файлов: 3")).to_be_visible()
    section.get_by_role("button", name="Вернуть Согласие.pdf").click()
    expect(section.get_by_label("Файлов: 4")).to_be_visible()

    dark = room.seat(MANAGER, f"/visits/{visit}", width=1024, height=768, theme="dark")
    dark.get_by_role("button", name="Файлы: 4").click()
    expect(dark.get_by_role("region", name="Файлы")).to_be_in_viewport()
    dark.get_by_role("button", name="Согласие.pdf: действия").click()
    expect(dark.get_by_role("menuitem", name="Скачать")).to_be_visible()
    assert violations(dark, only=DRAWN) == []

    page.goto(f"/patients/{clinic.ids[KUZNETSOVA]}?tab=papers")
    of_patient = page.get_by_role("region", name="Файлы визитов")
    expect(of_patient.get_by_role("listitem")).to_have_count(4)
    of_patient.get_by_role("link", name=f"визит № {number}").click()
    expect(section.get_by_label("Файлов: 4")).to_be_visible()


@pytest.mark.spec("VIS-1", "CAL-10")
def test_a_colleague_sees_a_file_in_the_drawer_at_once_and_what_they_type_stays(room: Room, clinic: Clinic) -> None:
    number = clinic.book(KUZNETSOVA, ORLOVA, clinic.day(-27), "10:00", "10:30")
    visit = clinic.ids[f"№ {number}"]
    colleague = room.seat(COLLEAGUE, f"/calendar?date={clinic.day(-27)}&visit={visit}")
    drawer = colleague.get_by_role("dialog")
    drawer.get_by_label("Комментарий").fill("Боли нет")
    manager = room.seat(MANAGER, f"/visits/{visit}")
    expect(manager.get_by_role("region", name="Файлы").get_by_role("button", name="Прикрепить")).to_be_enabled()
    give(manager, "drop", PDF, "План.pdf", "application/pdf")
    expect(drawer.get_by_role("link", name="Скачать План.pdf")).to_be_visible()
    expect(drawer.get_by_label("Комментарий")).to_have_value("Боли нет")
    drawer.get_by_role("button", name="Сохранить").click()
    expect(colleague.get_by_text("сохранён")).to_be_visible()


@pytest.mark.spec("VIS-1")
def test_an_upload_without_an_answer_is_repeated(room: Room, clinic: Clinic) -> None:
    number = clinic.book(KUZNETSOVA, ORLOVA, clinic.day(-26), "10:00", "10:30")
    page = room.seat(MANAGER, f"/visits/{clinic.ids[f'№ {number}']}")
    section = page.get_by_role("region", name="Файлы")
    expect(section.get_by_role("button", name="Прикрепить")).to_be_enabled()
    room.line_cut(page)
    page.route("**/files?name=*", lambda route: route.abort("internetdisconnected"))
    give(page, "drop", PDF, "План.pdf", "application/pdf")
    expect(section.get_by_role("alert")).to_contain_text("Нет связи с сервером")
    page.unroute("**/files?name=*")
    section.get_by_role("button", name="Повторить").click()
    expect(section.get_by_role("link", name="Скачать План.pdf")).to_be_visible()
    expect(section.get_by_role("alert")).to_have_count(0)
