"""What colleagues do while somebody types."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import expect

from commands.access import rights_set
from commands.clinic import service
from commands.people import employee, patient
from commands.scheduling import visit
from tests.browser.clinic import KUZNETSOVA, MANAGER, ORLOVA, Clinic
from tests.browser.desk import Room

Removal = Callable[[], object]


def card(clinic: Clinic) -> UUID:
    return patient.create_card(clinic.denta.clinic, clinic.by(), {"family_name": "Ушаков", "city": "Омск"}).id


def deleted_patient(clinic: Clinic) -> tuple[str, str, Removal]:
    id_ = card(clinic)
    return f"/patients/{id_}", "Город", lambda: patient.delete_card(clinic.denta.clinic, clinic.by(), id_)


def merged_patient(clinic: Clinic) -> tuple[str, str, Removal]:
    id_ = card(clinic)
    survivor = clinic.ids[KUZNETSOVA]
    return f"/patients/{id_}", "Город", lambda: patient.merge_cards(clinic.denta.clinic, clinic.by(), survivor, id_)


def deleted_employee(clinic: Clinic) -> tuple[str, str, Removal]:
    clinic.hire("Уходящий Пётр Ильич", "Ортодонт")
    id_ = clinic.ids["Уходящий Пётр Ильич"]
    return f"/employees/{id_}", "Имя", lambda: employee.delete_employee(clinic.denta.clinic, clinic.by(), id_)


def deleted_service(clinic: Clinic) -> tuple[str, str, Removal]:
    made = {"name": "Ретракция", "price": "300", "duration": 20}
    id_ = service.create_service(clinic.denta.clinic, clinic.by(), made).id
    return f"/services/{id_}", "Наименование", lambda: service.delete_service(clinic.denta.clinic, clinic.by(), id_)


def deleted_visit(clinic: Clinic) -> tuple[str, str, Removal]:
    id_ = clinic.ids[f"№ {clinic.book(KUZNETSOVA, ORLOVA, clinic.day(0), '10:00', '10:20')}"]
    return f"/visits/{id_}", "Комментарий", lambda: visit.delete_visit(clinic.denta.clinic, clinic.by(), id_)


def deleted_rights_set(clinic: Clinic) -> tuple[str, str, Removal]:
    id_ = uuid4()
    rights_set.create_rights_set(clinic.denta.clinic, clinic.by(), "Практикант", "calendar", ("calendar",), rights_set_id=id_)
    return f"/settings/rights/{id_}", "Наименование", lambda: rights_set.delete_rights_set(clinic.denta.clinic, clinic.by(), id_)


@pytest.mark.spec("UI-2", "UI-3", "CAL-10")
@pytest.mark.parametrize(
    "opened", [deleted_patient, merged_patient, deleted_employee, deleted_service, deleted_visit, deleted_rights_set]
)
def test_what_is_typed_into_a_card_that_goes_meanwhile_can_be_read_and_not_saved(
    room: Room, clinic: Clinic, opened: Callable[[Clinic], tuple[str, str, Removal]]
) -> None:
    address, label, remove = opened(clinic)
    page = room.seat(MANAGER, address)
    field = page.get_by_label(label, exact=True).first
    field.fill("Набрано раньше")
    save = page.get_by_role("button", name="Сохранить", exact=True)
    expect(save).to_be_enabled()
    remove()
    said = "объединили с другой" if opened is merged_patient else "удалили"
    expect(page.get_by_role("alert").filter(has_text=f"{said}, пока вы правили")).to_be_in_viewport()
    expect(save).to_be_disabled()
    expect(field).to_be_disabled()
    expect(field).to_have_value("Набрано раньше")
