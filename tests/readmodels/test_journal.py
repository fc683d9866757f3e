from datetime import date, timedelta

import pytest

from aggregates.access.rights import DOCTOR
from aggregates.scheduling.hours import Day, Interval
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from commands.access.rights_set import change_rights_set, create_rights_set, delete_rights_set, return_rights_set
from commands.access.user_access import enable_second_factor, grant_access, remove_second_factor, withdraw_access
from commands.clinic.clinic_settings import change_settings
from commands.people.employee import change_card, delete_employee, return_employee
from commands.people.patient import change_card as change_patient
from commands.registry import AGGREGATES
from commands.scheduling.schedule import restore_schedule, save_hours
from commands.scheduling.visit import change_visit
from readmodels import journal
from readmodels.access import user_accesses
from readmodels.journal import JournalFilter, JournalItem, JournalSort
from readmodels.words.registry import GLOSSARY
from tests.aggregates.scenario import MON, TUE, WED, at
from tests.readmodels.conftest import ADMINISTRATOR, Story


def every(story: Story, sort: JournalSort) -> list[JournalItem]:
    return list(journal.entries(story.read, story.denta.decoders, JournalFilter(), story.zone, sort, batch=3))


def entries(story: Story, **filters: object) -> list[JournalItem]:
    items, total = journal.listing(story.read, story.denta.decoders, JournalFilter(**filters), story.zone, size=1000)  # type: ignore[arg-type]  # filters by name
    assert total == len(items)
    return items


def changes(item: JournalItem) -> list[tuple[str, str | None, str | None]]:
    return [(change.label, change.old, change.new) for change in item.changes]


@pytest.mark.spec("AUD-1")
def test_every_kind_of_event_has_a_text() -> None:
    assert set(GLOSSARY.events) == {event for kind in AGGREGATES for event in kind.EVENTS.values()}
    assert set(GLOSSARY.labels) == {kind.TOPIC for kind in AGGREGATES}


@pytest.mark.spec("AUD-1")
def test_a_moved_visit_is_shown_with_who_where_and_old_and_new(story: Story) -> None:
    anna, boris = story.doctor("Ильина", "Анна"), story.doctor("Борисов", "Борис")
    peter = story.patient("Петров", "Пётр", card_number="4512")
    visit = story.visit(peter, anna, MON, "10:00", "10:40", services=[story.service("Осмотр", "1500")], room="2")
    story.do(change_visit, visit, doctor_id=boris, starts_at=at(TUE, "12:00"))

    moved, booked, *_ = entries(story)
    assert moved.text == "Визит № 1 (Петров Пётр) перенесён на 24.11.2026 12:00"
    assert changes(moved) == [
        ("Время", "23.11.2026 10:00–10:40", "24.11.2026 12:00–12:40"),
        ("Врач", "Ильина Анна", "Борисов Борис"),
    ]
    assert moved.author is not None
    assert (moved.author.name, moved.address, moved.kind_label) == ("Белова Ольга", "10.0.0.7", "Перенос визита")
    assert (moved.object.type, moved.object.title, moved.object.version) == ("visit", "Визит № 1 (Петров Пётр)", 2)
    assert moved.link == f"/history/visit/{visit}?version=2"
    assert booked.text == "Визит № 1 (Петров Пётр) записан на 23.11.2026 10:00"
    assert changes(booked) == [
        ("Пациент", None, "Петров Пётр"),
        ("Врач", None, "Ильина Анна"),
        ("Время", None, "23.11.2026 10:00–10:40"),
        ("Услуги", None, "Осмотр × 1 – 1\u00a0500,00\u00a0₽"),
        ("Кабинет", None, "2"),
    ]


@pytest.mark.spec("AUD-1")
def test_statuses_descriptions_and_cards_are_shown_by_their_russian_names(story: Story) -> None:
    peter = story.patient("Петров", phone="89161234567", card_number="4512", sex="male", birth_date="1999-01-15")
    visit = story.visit(peter, None, MON, "10:00", "10:40")
    story.status(visit, "confirmed")
    story.do(change_visit, visit, comment="аллергия", room="3")
    story.do(change_patient, peter, {"birth_date": "--01-16", "phone": ""})

    patient, described, status, _, created, *_ = entries(story)
    assert patient.text == "Карта пациента № 4512 (Петров) изменена"
    assert changes(patient) == [("Телефон", "+7 916 123-45-67", None), ("Дата рождения", "15.01.1999", "16.01")]
    assert changes(described) == [("Кабинет", None, "3"), ("Комментарий", None, "аллергия")]
    assert status.text == "Визит № 1 (Петров) получил статус «подтверждён»"
    assert changes(status) == [("Статус", "запланирован", "подтверждён")]
    assert created.text == "Карта пациента № 4512 (Петров) создана"
    assert ("Пол", None, "мужской") in changes(created)


@pytest.mark.spec("AUD-1", "SCH-9")
def test_a_change_of_the_schedule_links_to_its_version_and_shows_cells_by_person(story: Story) -> None:
    anna = story.doctor("Ильина", "Анна")
    before = story.denta.clinic.load(Schedule, SCHEDULE_ID).version
    story.day(anna, MON, "09:00-13:00", "14:00-18:00")
    vacation = {(anna, TUE + timedelta(days=n)): None for n in range(3)}
    story.do(save_hours, before + 1, days=dict.fromkeys(vacation, Day("vacation")))
    story.do(restore_schedule, before, before + 2)

    restored, saved, first, *_ = entries(story, object_type="schedule")
    assert first.text == "График работы изменён: дней – 1"
    assert changes(first) == [("Ильина Анна, 23.11.2026", "по неделе", "09:00–13:00, 14:00–18:00")]
    assert first.link == f"/settings/hours/versions/{before + 1}"
    assert changes(saved) == [("Ильина Анна, 24.11.2026–26.11.2026", "по неделе", "отпуск")]
    assert restored.text == f"График работы восстановлен по версии {before}"
    label, old, new = changes(restored)[0]
    assert (label, old) == ("Возврат к состоянию на", None)
    moment = story.denta.clinic.load(Schedule, SCHEDULE_ID, before).modified_on.astimezone(story.zone)
    assert new == f"{moment:%d.%m.%Y %H:%M}"
    assert changes(restored)[1:] == [
        ("Ильина Анна, 23.11.2026", "09:00–13:00, 14:00–18:00", "по неделе"),
        ("Ильина Анна, 24.11.2026–26.11.2026", "отпуск", "по неделе"),
    ]
    assert restored.link == f"/settings/hours/versions/{before + 3}"


@pytest.mark.spec("CLN-3", "AUD-1")
def test_settings_staff_and_access_are_shown_with_old_and_new(story: Story) -> None:
    anna = story.doctor("Ильина", "Анна")
    story.do(change_settings, {"calendar_step": 30, "patients_at_once": "one"})
    story.do(change_card, anna, {"position": "Хирург", "takes_visits": False})
    story.do(grant_access, anna, "anna@example.com", DOCTOR.id, "hash")
    story.do(enable_second_factor, anna)
    story.do(remove_second_factor, anna)
    story.do(withdraw_access, anna)
    story.do(delete_employee, anna)
    story.do(return_employee, anna)

    texts = [item.text for item in reversed(entries(story))]
    assert texts[-12:] == [
        "График работы: добавлен новый сотрудник",
        "Настройки клиники изменены",
        "Сотрудник Ильина Анна изменён",
        "Доступ к системе (Ильина Анна) разрешён",
        "Доступ к системе (Ильина Анна): задан новый пароль",
        "Доступ к системе (Ильина Анна): включён вход с кодом",
        "Доступ к системе (Ильина Анна): отключён вход с кодом",
        "Доступ к системе (Ильина Анна) закрыт",
        "Сотрудник Ильина Анна удалён",
        "График работы: убран удалённый сотрудник",
        "Сотрудник Ильина Анна возвращён",
        "График работы: возвращён удалённый сотрудник",
    ]
    (settings,) = entries(story, kind="settings")
    assert changes(settings)[1][1:] == ("Несколько пациентов", "Только одного пациента")
    (granted, *_) = reversed(entries(story, kind="access"))
    assert ("Набор прав", None, "Администратор") in changes(granted)
    (card,) = entries(story, kind="employee_changed")
    assert changes(card) == [("Должность", "Терапевт", "Хирург"), ("Ведёт приём", "да", "нет")]


@pytest.mark.spec("AUD-1")
def test_changes_of_a_set_of_rights_are_shown_by_what_was_given_and_taken(story: Story) -> None:
    made = story.do(create_rights_set, "Смена", "calendar", ["calendar", "patients"], own_schedule_only=True).id
    story.do(change_rights_set, made, name="Ночь", start_page="visits", rights=["patients", "visits"], own_schedule_only=False)
    story.do(change_rights_set, made, opens_all_patients=True)
    story.do(delete_rights_set, made)
    story.do(return_rights_set, made)

    history = list(reversed(entries(story, object_id=made)))
    assert [item.text for item in history] == [
        "Набор прав «Ночь» создан",
        "Набор прав «Ночь» изменён",
        "Набор прав «Ночь» изменён",
        "Набор прав «Ночь» изменён",
        "Набор прав «Ночь» удалён",
        "Набор прав «Ночь» возвращён",
    ]
    assert changes(history[1]) == [("Видит только своё расписание", "нет", "да")]
    assert changes(history[3]) == [("Открывает карты всех пациентов", "нет", "да")]
    assert changes(history[2]) == [
        ("Наименование", "Смена", "Ночь"),
        ("Стартовая страница", "Расписание", "Продажи – Визиты"),
        ("Права даны", None, "Продажи – Визиты"),
        ("Права сняты", "Расписание", None),
        ("Видит только своё расписание", "да", "нет"),
    ]


@pytest.mark.spec("AUD-1")
def test_an_objects_entries_are_also_those_that_concern_it(story: Story) -> None:
    anna = story.doctor("Ильина")
    peter, vera = story.patient("Петров"), story.patient("Смирнова")
    story.day(anna, WED, "10:00-12:00")
    visit = story.visit(peter, anna, MON, "10:00", "10:40")
    other = story.visit(vera, None, MON, "10:00", "10:40")
    story.status(visit, "confirmed")

    kinds = [item.kind for item in entries(story, object_type="patient", object_id=peter)]
    assert kinds == ["status", "booked", "patient_created"]
    assert [item.kind for item in entries(story, object_id=anna)] == ["status", "booked", "hours", "staff", "hired"]
    assert [item.object.id for item in entries(story, object_id=other)] == [other]


@pytest.mark.spec("AUD-1")
def test_entries_are_filtered_by_user_kind_period_and_words(story: Story) -> None:
    anna = story.doctor("Ильина", "Анна")
    peter = story.patient("Петров", "Пётр", card_number="4512")
    visit = story.visit(peter, anna, MON, "10:00", "10:40", comment="боится уколов")
    story.status(visit, "confirmed")
    everything = entries(story)

    assert [item.position for item in everything] == list(range(len(everything), 0, -1))
    assert entries(story, user_id=everything[0].author.id) == []  # type: ignore[union-attr]  # the employee's id isn't the user's
    (user,) = user_accesses.users(story.read)
    assert user.name == "Белова Ольга"
    assert entries(story, user_id=user.id) == everything
    assert [item.kind for item in entries(story, kind="status")] == ["status"]
    assert [item.kind for item in entries(story, query="подтверждён")] == ["status"]
    assert [item.kind for item in entries(story, query="визит петров")] == ["status", "booked"]
    assert [item.kind for item in entries(story, query="ильина принят")] == ["hired"]
    assert [item.kind for item in entries(story, query="пётр петров")] == ["status", "booked", "patient_created"]
    assert [item.kind for item in entries(story, query="петров ильина")] == ["status", "booked"]
    assert [item.kind for item in entries(story, query="№ 4512")] == ["status", "booked", "patient_created"]
    assert [item.kind for item in entries(story, query="записан на 23.11.2026")] == ["booked"]
    assert entries(story, query="сидоров") == []
    today = everything[0].moment.astimezone(story.zone).date()
    assert entries(story, first=today, last=today) == [i for i in everything if i.moment.astimezone(story.zone).date() == today]
    assert entries(story, last=today - timedelta(days=2)) == []
    assert entries(story, first=date(2100, 1, 1)) == []
    page, total = journal.listing(story.read, story.denta.decoders, JournalFilter(), story.zone, page=2, size=2)
    assert ([item.position for item in page], total) == ([len(everything) - 2, len(everything) - 3], len(everything))
    assert every(story, "-moment") == everything


def test_entries_come_oldest_first_where_asked_for(story: Story) -> None:
    story.status(story.visit(story.patient("Петров"), None, MON, "10:00", "10:40"), "confirmed")
    everything = entries(story)

    page, _ = journal.listing(story.read, story.denta.decoders, JournalFilter(), story.zone, "moment", page=2, size=2)
    assert page == everything[-3:-5:-1]
    assert every(story, "moment") == everything[::-1]


def test_a_name_changed_later_is_shown_as_it_is_now(story: Story) -> None:
    anna = story.doctor("Ильина")
    visit = story.visit(story.patient("Петров"), anna, MON, "10:00", "10:40")
    story.do(change_card, anna, {"family_name": "Котова"})
    story.do(change_card, ADMINISTRATOR, {"family_name": "Чернова"})

    booked = next(item for item in entries(story) if item.object.id == visit)
    assert ("Врач", None, "Котова") in changes(booked)
    assert booked.author is not None
    assert booked.author.name == "Чернова Ольга"


def test_a_huge_save_keeps_its_row_readable(story: Story) -> None:
    anna = story.doctor("Ильина")
    version = story.denta.clinic.load(Schedule, SCHEDULE_ID).version
    days = {(anna, MON + timedelta(days=n)): Day("work", (Interval(540 + n % 7, 1080),)) for n in range(360)}
    story.do(save_hours, version, days=days)

    (saved,) = entries(story, kind="hours")
    assert saved.text == "График работы изменён: дней – 360"
    assert len(saved.changes) == 201
    assert saved.changes[-1].new == "ещё 160: смотрите версию графика"
