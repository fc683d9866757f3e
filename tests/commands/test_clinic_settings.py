"""Settings that others obey: references, closed periods, services created from visits."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from aggregates.catalogue import EntryDeleted
from aggregates.catalogues import CashDesk, Warehouse
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings, PeriodClosed, ServiceUnknown
from aggregates.clinic.service import Service
from aggregates.values import WrongValue
from commands.catalogue import create_entry, delete_entry
from commands.clinic.clinic_settings import change_settings
from commands.scheduling.visit import book_visit, change_status, change_visit, delete_visit, return_visit
from commands.scheduling.visit_lines import RequestedLine
from tests.aggregates.clinic import slot
from tests.aggregates.scenario import MON, TUE
from tests.commands.reception import Reception


def entry(reception: Reception, kind: type, name: str) -> UUID:
    return reception.do(create_entry, kind, {"name": name}).id


@pytest.mark.spec("CLN-2")
def test_a_setting_refers_to_an_active_entry_of_its_catalogue(reception: Reception) -> None:
    cellar = entry(reception, Warehouse, "Подвал")
    reception.do(change_settings, {"default_warehouse": str(cellar)})
    gone, desk = entry(reception, Warehouse, "Чердак"), entry(reception, CashDesk, "Касса 2")
    reception.do(delete_entry, Warehouse, gone)
    with pytest.raises(EntryDeleted):
        reception.do(change_settings, {"write_off_warehouse": str(gone)})
    for wrong in (desk, uuid4()):
        with pytest.raises(WrongValue):
            reception.do(change_settings, {"write_off_warehouse": str(wrong)})
    reception.do(delete_entry, Warehouse, cellar)
    reception.do(change_settings, {"calendar_step": 30})
    assert reception.clinic.load(ClinicSettings, SETTINGS_ID).references()["default_warehouse"] == cellar


@pytest.mark.spec("CLN-2")
def test_documents_of_a_closed_period_stay_as_they_are(reception: Reception) -> None:
    visit, other = reception.book(MON, "10:00", "11:00"), reception.book(MON, "12:00", "13:00")
    later = reception.book(TUE, "10:00", "11:00")
    reception.do(delete_visit, other)
    reception.do(change_settings, {"past_documents": False, "closed_before": TUE.isoformat()})
    refused = (
        lambda: reception.book(MON, "15:00", "16:00"),
        lambda: reception.do(change_visit, visit, starts_at=slot(TUE, "14:00", "15:00").starts_at),
        lambda: reception.do(change_visit, later, starts_at=slot(MON, "14:00", "15:00").starts_at),
        lambda: reception.do(change_visit, visit, comment="позже"),
        lambda: reception.do(change_visit, visit, comment="позже"),
        lambda: reception.do(change_status, visit, "arrived"),
        lambda: reception.do(delete_visit, visit),
        lambda: reception.do(return_visit, other),
    )
    for deed in refused:
        with pytest.raises(PeriodClosed):
            deed()
    reception.do(change_visit, later, comment="открытый день")
    reception.do(change_settings, {"past_documents": True})
    reception.do(change_visit, visit, comment="период открыт")


def price_list(reception: Reception, visit_id: UUID) -> list[tuple[str, Decimal, int]]:
    return [(line.name, line.price, line.quantity) for line in reception.visit(visit_id).lines]


@pytest.mark.spec("VIS-2", "CLN-2")
def test_an_unknown_name_in_a_visit_creates_the_service_where_the_settings_allow_it(reception: Reception) -> None:
    requested = [RequestedLine(None, 2, "Шинирование", Decimal(1500)), RequestedLine(None, 1, "шинирование ")]
    time = slot(MON, "10:00", "11:00", reception.anna)
    with pytest.raises(ServiceUnknown):
        reception.do(book_visit, reception.patient, time, lines=requested)
    reception.do(change_settings, {"create_services": True})
    visit = reception.do(book_visit, reception.patient, time, lines=requested).id
    assert price_list(reception, visit) == [("Шинирование", Decimal(1500), 2), ("Шинирование", Decimal(1500), 1)]
    made = {line.service_id for line in reception.visit(visit).lines}
    assert [reception.clinic.load(Service, service_id).name for service_id in made] == ["Шинирование"]
    reception.do(change_visit, visit, lines=[RequestedLine(None, 1, "Полировка")])
    assert price_list(reception, visit) == [("Полировка", Decimal(0), 1)]
    reception.do(change_settings, {"create_services": False})
    with pytest.raises(ServiceUnknown):
        reception.do(change_visit, visit, lines=[RequestedLine(None, 1, "Ретейнер")])


def test_the_next_day_after_closing_is_open(reception: Reception) -> None:
    reception.do(change_settings, {"past_documents": False, "closed_before": "2026-10-01"})
    with pytest.raises(PeriodClosed):
        reception.book(date(2026, 9, 30), "10:00", "11:00")
    assert reception.book(date(2026, 10, 1), "10:00", "11:00")
