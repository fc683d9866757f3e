from datetime import timedelta

import pytest

from aggregates.employees_named import NamedEmployee
from aggregates.scheduling.schedule import ConflictingVisits, EmployeesDeletedSince, ScheduleMoved, UnknownVersion
from aggregates.scheduling.working_hours import HoursChanges
from commands.clinic.clinic_settings import change_settings
from commands.people.employee import delete_employee, hire, return_employee
from commands.scheduling.schedule import restore_schedule, save_hours
from commands.scheduling.visit import change_status, change_visit, delete_visit
from tests.aggregates.clinic import OFF, hours, week, work
from tests.aggregates.scenario import MON, SAT, THU, TUE, WED, at
from tests.commands.reception import Reception, context

SHORT = week(hours("10:00-16:00"))


@pytest.mark.spec("SCH-5")
def test_each_save_is_a_version_and_old_versions_stay(reception: Reception) -> None:
    first = reception.save(days={(reception.anna, TUE): OFF})
    second = reception.save(days={(reception.anna, TUE): work("10:00-12:00")})
    assert second.version == first.version + 1
    assert reception.schedule.hours.hours_on(reception.anna, TUE) == hours("10:00-12:00")
    assert reception.clinic.load(type(reception.schedule), first.id, first.version).hours.hours_on(reception.anna, TUE) == ()


@pytest.mark.spec("SCH-5")
def test_a_save_without_a_difference_answers_with_the_same_version(reception: Reception) -> None:
    version = reception.save(days={(reception.anna, TUE): OFF}).version
    same = reception.save(days={(reception.anna, TUE): OFF})
    assert (same.version, same.position) == (version, 0)


@pytest.mark.spec("SCH-6")
def test_a_save_over_a_newer_version_is_refused_with_the_difference(reception: Reception) -> None:
    seen = reception.schedule.version
    reception.save(days={(reception.anna, TUE): OFF})
    with pytest.raises(ScheduleMoved) as refused:
        reception.do(save_hours, seen, days={(reception.boris, TUE): OFF})
    changes = refused.value.facts["changes"]
    assert isinstance(changes, HoursChanges)
    assert [(c.employee_id, c.date, c.new) for c in changes.days] == [(reception.anna, TUE, OFF)]
    assert (refused.value.facts["version"], refused.value.facts["base_version"]) == (seen + 1, seen)
    assert reception.schedule.hours.hours_on(reception.boris, TUE) == hours("09:00-21:00")


def test_a_version_that_never_was_is_unknown(reception: Reception) -> None:
    version = reception.schedule.version
    for unknown in (0, version + 1):
        with pytest.raises(UnknownVersion):
            reception.do(save_hours, unknown)
        with pytest.raises(UnknownVersion):
            reception.do(restore_schedule, unknown, version)


@pytest.mark.spec("SCH-8")
def test_a_day_with_a_visit_is_turned_off_once_the_visit_is_gone(reception: Reception) -> None:
    visit = reception.book(TUE, "10:00", "10:30")
    before = reception.schedule.version
    with pytest.raises(ConflictingVisits) as refused:
        reception.save(days={(reception.anna, TUE): OFF})
    (conflict,) = refused.value.facts["conflicts"]
    assert (conflict.employee_id, conflict.date, [v.id for v in conflict.visits]) == (reception.anna, TUE, [visit])
    assert reception.schedule.version == before
    reception.do(delete_visit, visit)
    reception.save(days={(reception.anna, TUE): OFF})


@pytest.mark.spec("SCH-13")
@pytest.mark.parametrize("status", ["cancelled", "no_show", "in_progress"])
def test_visits_that_are_not_live_stand_in_nobodys_way(reception: Reception, status: str) -> None:
    visit = reception.book(TUE, "10:00", "10:30")
    reception.do(change_status, visit, status)  # type: ignore[arg-type]  # three of its seven
    reception.save(days={(reception.anna, TUE): OFF})


@pytest.mark.spec("SCH-13")
def test_a_visit_whose_time_has_come_stands_in_nobodys_way(reception: Reception) -> None:
    reception.book(TUE, "10:00", "10:30")
    reception.pass_time(days=1, hours=1)
    reception.save(days={(reception.anna, TUE): OFF})


@pytest.mark.spec("SCH-10", "SCH-13", "SCH-14")
def test_a_restore_is_refused_until_a_person_moves_the_visit(reception: Reception) -> None:
    off = reception.save(days={(reception.anna, WED): OFF}).version
    reception.save(days={(reception.anna, WED): None})
    visit = reception.book(WED, "10:00", "10:30")
    seen = reception.schedule.version
    with pytest.raises(ConflictingVisits):
        reception.do(restore_schedule, off, seen)
    assert reception.visit(visit).slot.starts_at == at(WED, "10:00")
    reception.do(change_visit, visit, starts_at=at(THU, "10:00"))
    done = reception.do(restore_schedule, off, seen)
    assert done.version == seen + 1
    assert reception.schedule.hours.hours_on(reception.anna, WED) == ()
    assert reception.visit(visit).slot.starts_at == at(THU, "10:00")
    assert reception.visit(visit).version == 2


@pytest.mark.spec("SCH-15")
def test_a_visit_booked_after_the_preview_blocks_the_restore(reception: Reception) -> None:
    off = reception.save(days={(reception.anna, WED): OFF}).version
    seen = reception.save(days={(reception.anna, WED): None}).version
    reception.book(WED, "10:00", "10:30")
    with pytest.raises(ConflictingVisits):
        reception.do(restore_schedule, off, seen)


@pytest.mark.spec("SCH-10")
def test_a_restore_against_an_older_look_is_refused(reception: Reception) -> None:
    old = reception.save(days={(reception.anna, WED): OFF}).version
    seen = reception.save(days={(reception.anna, WED): None}).version
    reception.save(organisation=SHORT)
    with pytest.raises(ScheduleMoved):
        reception.do(restore_schedule, old, seen)


@pytest.mark.spec("SCH-11", "SCH-12")
def test_deleted_employees_block_and_new_ones_keep_their_hours(reception: Reception) -> None:
    old = reception.save(days={(reception.boris, WED): OFF}).version
    reception.save(organisation=SHORT)
    new = reception.do(hire, {"family_name": "Новая", "takes_visits": True}).id
    reception.do(delete_employee, reception.boris)
    with pytest.raises(EmployeesDeletedSince) as refused:
        reception.do(restore_schedule, old, reception.schedule.version)
    assert refused.value.facts == {"employees": [NamedEmployee(reception.boris)]}
    reception.do(return_employee, reception.boris)
    reception.do(restore_schedule, old, reception.schedule.version)
    now = reception.schedule.hours
    assert now.hours_on(new, MON) == hours("10:00-16:00")
    assert now.hours_on(reception.anna, SAT) == hours("09:00-21:00")
    assert now.hours_on(reception.boris, WED) == ()


def test_a_repeated_command_gets_its_stored_receipt(reception: Reception) -> None:
    ctx = context("save_hours")
    version = reception.schedule.version
    first = save_hours(reception.clinic, ctx, version, days={(reception.anna, TUE): OFF})
    again = save_hours(reception.clinic, ctx, version, days={(reception.anna, TUE): OFF})
    assert (again.version, again.position, again.repeated) == (first.version, first.position, True)
    assert reception.schedule.version == version + 1


def test_the_clinics_clock_decides_what_lies_ahead(reception: Reception) -> None:
    """In Kamchatka it is already evening when it is morning in Moscow."""
    reception.do(change_settings, {"region": "41"})
    reception.book(MON, "17:00", "17:30")
    reception.book(MON + timedelta(days=7), "17:00", "17:30")
    reception.save(days={(reception.anna, MON): OFF})
    with pytest.raises(ConflictingVisits):
        reception.save(days={(reception.anna, MON + timedelta(days=7)): OFF})
