from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aggregates.clinic.clinic_settings import SETTINGS, ClinicSettings, PeriodClosed
from aggregates.regions import REGIONS
from aggregates.values import FieldChange, WrongValue
from tests.aggregates.clinic import settings
from tests.aggregates.scenario import NOW, fact, given

DEFAULTS = {name: setting.default for name, setting in SETTINGS.items()}
pytestmark = pytest.mark.spec("CLN-2")


def test_a_clinic_opens_with_defaults_and_what_was_chosen() -> None:
    opened = given(ClinicSettings).when(ClinicSettings.open, {"clinic_name": "Улыбка", "region": "54"})
    opened.then(fact(ClinicSettings.Opened, values={**DEFAULTS, "clinic_name": "Улыбка", "region": "54"}))
    now = opened.aggregate
    assert (now.calendar_step, now.patients_at_once, now.visit_without_doctor) == (20, "several", True)
    assert (now.show_deleted, now.values["first_visit_months"], now.clinic_name, now.region.name) == (
        False,
        12,
        "Улыбка",
        "Новосибирская область",
    )


def test_a_setting_added_later_holds_its_default_for_old_clinics() -> None:
    assert settings(clinic_name="Улыбка").values["first_visit_months"] == 12


@pytest.mark.spec("CLN-3")
def test_a_change_says_old_and_new() -> None:
    opened = fact(ClinicSettings.Opened, values=DEFAULTS)
    changed = given(ClinicSettings, opened).when(
        ClinicSettings.change, {"patients_at_once": "one", "calendar_step": 15, "region": "77"}
    )
    changed.then(
        fact(
            ClinicSettings.Changed,
            changes=(FieldChange("patients_at_once", "several", "one"), FieldChange("calendar_step", 20, 15)),
        )
    )
    assert (changed.aggregate.patients_at_once, changed.aggregate.calendar_step) == ("one", 15)
    given(ClinicSettings, opened).when(ClinicSettings.change, {"show_deleted": False}).then()


RECEIPTS = {
    "fiscal_receipts": (False, "obeyed"),
    "credit_receipts": (False, "obeyed"),
    "services_vat": ("none", "obeyed"),
    "goods_vat": ("none", "obeyed"),
}
FOR_PATIENTS = {"goods_in_history": (True, "obeyed")}
THE_FOURTEEN = {
    "visit_without_doctor": (True, "obeyed"),
    "patients_at_once": ("several", "obeyed"),
    "create_goods": (False, "obeyed"),
    "create_services": (False, "obeyed"),
    "statistics_cash_desk": ("", "obeyed"),
    "default_warehouse": ("", "obeyed"),
    "write_off_warehouse": ("", "obeyed"),
    "calendar_step": (20, "obeyed"),
    "show_deleted": (False, "obeyed"),
    "certificates": (False, "obeyed"),
    "region": ("77", "obeyed"),
    "past_documents": (True, "obeyed"),
    "forbid_missing_goods": (False, "obeyed"),
    "first_visit_months": (12, "obeyed"),
}
"""Each with its default, and whether what it is about exists already: what obeys each is shown where it is obeyed."""


def test_the_table_holds_the_fourteen_settings_and_says_which_wait_for_what_they_are_about() -> None:
    table = {
        name: (setting.default, "waits" if setting.waits_for else "obeyed")
        for name, setting in SETTINGS.items()
        if setting.group != "information"
    }
    assert table == THE_FOURTEEN | {"closed_before": ("", "obeyed")} | RECEIPTS | FOR_PATIENTS


def test_a_closed_period_needs_its_date() -> None:
    opened = fact(ClinicSettings.Opened, values=DEFAULTS)
    given(ClinicSettings, opened).when(ClinicSettings.change, {"past_documents": False}).then_refused_by(WrongValue)
    closing = given(ClinicSettings, opened).when(ClinicSettings.change, {"past_documents": False, "closed_before": "2026-10-01"})
    closed = closing.aggregate
    closed.require_open(date(2026, 10, 1))
    with pytest.raises(PeriodClosed):
        closed.require_open(date(2026, 9, 30))
    settings(closed_before="2026-10-01").require_open(date(2026, 9, 30))


@pytest.mark.parametrize(
    "wrong",
    [
        {"calendar_step": 7},
        {"calendar_step": "20"},
        {"calendar_step": True},
        {"visit_without_doctor": 1},
        {"patients_at_once": "two"},
        {"region": "00"},
        {"first_visit_months": -1},
        {"first_visit_months": 121},
        {"clinic_name": ""},
        {"colour": "red"},
        {"closed_before": "01.10.2026"},
        {"closed_before": "20261001"},
        {"closed_before": "2026-W40-1"},
        {"closed_before": "2026-02-30"},
        {"closed_before": "0001-01-01"},
        {"closed_before": "1899-12-31"},
        {"closed_before": "2200-01-01"},
        {"default_warehouse": "main"},
        {"create_services": "yes"},
        {"region": ["77"]},
    ],
)
def test_values_that_a_setting_does_not_take_are_refused(wrong: dict[str, Any]) -> None:
    opened = fact(ClinicSettings.Opened, values=DEFAULTS)
    given(ClinicSettings, opened).when(ClinicSettings.change, wrong).then_refused_by(WrongValue)


def test_settings_are_formatted_in_russian() -> None:
    assert SETTINGS["patients_at_once"].format_value("one") == "Только одного пациента"
    assert SETTINGS["visit_without_doctor"].format_value(value=False) == "Запрещено"
    assert SETTINGS["calendar_step"].format_value(20) == "20 минут"
    assert SETTINGS["first_visit_months"].format_value(0) == "0"
    assert SETTINGS["closed_before"].format_value("2026-10-01") == "01.10.2026"


def test_a_date_that_was_once_stored_without_zeros_is_read() -> None:
    stored = settings(past_documents=False, closed_before="1-01-01")
    assert stored.closed_before == date(1, 1, 1)
    assert SETTINGS["closed_before"].format_value("1-01-01").startswith("01.01.")


@pytest.mark.spec("CLN-1")
@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("inn", "7707083894"),
        ("inn", "770708389"),
        ("kpp", "77070101"),
        ("ogrn", "1027700132196"),
        ("ogrn", "102770013219"),
        ("ogrn", "304500116000158"),
        ("ogrn", "0" * 13),
        ("clinic_name", " "),
    ],
)
def test_numbers_of_the_clinic_are_checked(field: str, wrong: str) -> None:
    opened = fact(ClinicSettings.Opened, values=DEFAULTS)
    given(ClinicSettings, opened).when(ClinicSettings.change, {field: wrong}).then_refused_by(WrongValue)


@pytest.mark.spec("CLN-1")
def test_the_clinic_has_its_requisites() -> None:
    opened = fact(ClinicSettings.Opened, values=DEFAULTS)
    requisites = {
        "clinic_name": "Улыбка",
        "legal_name": "ООО «Улыбка»",
        "legal_address": "Москва, ул. Мира, 1",
        "phone": "+7 495 123-45-67",
        "inn": "7707083893",
        "kpp": "770701001",
        "ogrn": "1027700132195",
    }
    clinic = given(ClinicSettings, opened).when(ClinicSettings.change, requisites).aggregate
    assert {name: clinic.values[name] for name in requisites} == requisites
    sole = given(ClinicSettings, opened).when(ClinicSettings.change, {"ogrn": "304500116000157"}).aggregate
    assert sole.values["ogrn"] == "304500116000157"


@pytest.mark.parametrize(
    ("region", "clock"), [("39", "08:00"), ("77", "09:00"), ("63", "10:00"), ("66", "11:00"), ("54", "13:00"), ("41", "18:00")]
)
def test_the_region_sets_the_clinics_clock(region: str, clock: str) -> None:
    assert f"{NOW.astimezone(settings(region=region).time_zone):%H:%M}" == clock


def test_all_regions_of_russia_are_known_with_their_clocks() -> None:
    assert len(REGIONS) == 89
    assert len({region.zone for region in REGIONS.values()}) == 11
    for region in REGIONS.values():
        for month in (1, 7):
            moment = datetime(2026, month, 1, tzinfo=UTC)
            assert moment.astimezone(region.zone.tzinfo).utcoffset() == moment.astimezone(ZoneInfo(region.zone.name)).utcoffset()


@pytest.mark.spec("VIS-7")
@pytest.mark.parametrize(
    ("values", "faulty"),
    [
        ({"bik": "04452522"}, {"bik"}),
        ({"account": "4070281040000000000"}, {"account"}),
        ({"account": "40702810500000002453"}, {"bik"}),
        ({"bik": "044525225", "account": "40702810500000002454"}, {"account"}),
        ({"bik": "044525225", "corr_account": "30101810500000000225"}, {"corr_account"}),
        ({"bik": "044525225", "account": "x", "tax_office": "77"}, {"account", "tax_office"}),
    ],
)
def test_a_bank_account_has_the_key_of_its_bank(values: dict[str, str], faulty: set[str]) -> None:
    with pytest.raises(WrongValue) as refused:
        settings().change(values, at=NOW)
    assert {one.facts["field"] for one in refused.value.each} == faulty


@pytest.mark.spec("VIS-7")
def test_a_right_account_is_stored_without_spaces() -> None:
    changed = settings()
    changed.change({"bik": "044525225", "account": "40702 810 5 0000 0002453", "corr_account": "30101810400000000225"}, at=NOW)
    assert changed.values["account"] == "40702810500000002453"
