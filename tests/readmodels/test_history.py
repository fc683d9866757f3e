from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from aggregates.access.rights import ADMINISTRATOR as ALL_RIGHTS
from aggregates.access.rights_set import RightsSet
from aggregates.access.user_access import UserAccess, access_id_of
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.people.employee import Employee
from aggregates.scheduling.hours import Day
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from aggregates.scheduling.visit import Visit
from commands.scheduling.schedule import save_hours
from commands.scheduling.visit import change_visit
from readmodels import history, journal
from readmodels.journal import JournalFilter
from tests.aggregates.scenario import MON, TUE, at
from tests.readmodels.conftest import ADMINISTRATOR, Story


def fields(story: Story, aggregate: object) -> dict[str, str]:
    return {field.label: field.value for field in history.state(story.read, aggregate).fields}  # type: ignore[arg-type]  # any kind


@pytest.mark.spec("AUD-3")
def test_an_objects_history_is_read_from_the_log_in_the_journals_words(story: Story) -> None:
    anna = story.doctor("Ильина", "Анна")
    visit = story.visit(story.patient("Петров"), anna, MON, "10:00", "10:40")
    story.do(change_visit, visit, starts_at=at(TUE, "12:00"))
    story.status(visit, "confirmed")

    items = history.versions(story.read, story.denta.decoders, visit, story.zone)
    assert [(i.object.version, i.text) for i in items] == [
        (3, "Визит № 1 (Петров) получил статус «подтверждён»"),
        (2, "Визит № 1 (Петров) перенесён на 24.11.2026 12:00"),
        (1, "Визит № 1 (Петров) записан на 23.11.2026 10:00"),
    ]
    in_journal, _ = journal.listing(
        story.read, story.denta.decoders, JournalFilter(object_type="visit", object_id=visit), story.zone
    )
    assert items == in_journal
    assert history.versions(story.read, story.denta.decoders, uuid4(), story.zone) == []


@pytest.mark.spec("AUD-3")
def test_the_state_at_a_version_is_shown_by_labels_and_names(story: Story) -> None:
    anna = story.doctor("Ильина", "Анна")
    checkup = story.service("Осмотр", "1500.50")
    visit = story.visit(story.patient("Петров", "Пётр"), anna, MON, "10:00", "10:40", services=[checkup], room="2")
    story.do(change_visit, visit, doctor_id=None, starts_at=at(TUE, "12:00"))
    story.status(visit, "confirmed")

    then = history.state(story.read, story.denta.clinic.load(Visit, visit, 1))
    assert (then.object.title, then.object.version, then.current_version) == ("Визит № 1 (Петров Пётр)", 1, 3)
    assert then.author is not None
    assert then.author.name == "Белова Ольга"
    assert {field.label: field.value for field in then.fields} == {
        "Номер": "1", "Пациент": "Петров Пётр", "Врач": "Ильина Анна", "Время": "23.11.2026 10:00–10:40",
        "Статус": "запланирован", "Услуги": "Осмотр × 1 – 1\u00a0500,50\u00a0₽", "Сумма": "1\u00a0500,50\u00a0₽",
        "Кабинет": "2", "Комментарий": "–", "Удалён": "нет",
    }  # fmt: skip
    now = fields(story, story.denta.clinic.load(Visit, visit))
    assert (now["Врач"], now["Время"], now["Статус"]) == ("–", "24.11.2026 12:00–12:40", "подтверждён")


@pytest.mark.spec("AUD-3", "CLN-3")
def test_every_kind_of_object_can_be_looked_at(story: Story) -> None:
    anna = story.doctor("Ильина", "Анна", phone="89161234567")
    version = story.denta.clinic.load(Schedule, SCHEDULE_ID).version
    days = {(anna, MON + timedelta(days=n)): Day("vacation") for n in range(2)}
    story.do(save_hours, version, weeks={anna: ((),) * 7}, days=days)
    load = story.denta.clinic.load

    schedule = fields(story, load(Schedule, SCHEDULE_ID))
    assert schedule["Часы организации"] == "пн–вс 09:00–21:00"
    assert schedule["Ильина Анна, неделя"] == "пн–вс выходной"
    assert schedule["Белова Ольга, неделя"] == "как у организации"
    assert schedule["Ильина Анна, 23.11.2026–24.11.2026"] == "отпуск"
    assert fields(story, load(Employee, anna))["Телефон"] == "+7 916 123-45-67"
    assert fields(story, load(ClinicSettings, SETTINGS_ID))["Масштаб календаря по умолчанию"] == "20 минут"
    assert "Расписание" in fields(story, load(RightsSet, ALL_RIGHTS.id))["Права"]
    access = fields(story, load(UserAccess, access_id_of(ADMINISTRATOR)))
    assert (access["Сотрудник"], access["Набор прав"], access["Разрешён"]) == ("Белова Ольга", "Администратор", "да")


def test_an_object_is_found_as_an_operator_writes_it(story: Story) -> None:
    peter = story.patient("Петров")
    visit = story.visit(peter, None, MON, "10:00", "10:40")

    other = story.patient("Петрова")

    def found(written: str) -> list[tuple[str, UUID]]:
        return [(one.type, one.id) for one in history.find(story.read, written)]

    card = story.read.execute("SELECT card_number FROM patients WHERE patient_id = %s", (other,)).fetchone()
    assert card
    assert found("visit/1") == found("visit 1") == found(f"visit/{visit}") == [("visit", visit)]
    assert found(f"patient/{card[0]}") == [("patient", other)]
    assert found(str(peter)) == [("patient", peter)]
    assert found("employee/1") == [("employee", ADMINISTRATOR)]
    assert found("schedule") == [("schedule", SCHEDULE_ID)]
    assert found("settings") == [("settings", SETTINGS_ID)]
    assert found("Петрова") == found("patient/петрова") == [("patient", other)]
    assert set(found("петров")) == {("patient", peter), ("patient", other)}
    assert [one.title for one in history.find(story.read, "белова") if one.type == "employee"] == ["Сотрудник Белова Ольга"]
    for nothing in ("visit/99", "что-то", str(UUID(int=5)), f"visit/{peter}", "visit/петров", "patient/0", ""):
        assert found(nothing) == [], nothing
