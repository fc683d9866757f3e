"""What a changed right, option or access hides is gone from the page before anything else is shown."""

import re
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import expect

from aggregates.access.rights import PREDEFINED_SETS
from commands.access import rights_set, user_access
from services.accounts.passwords import Passwords
from tests.browser.calendar_page import CalendarPage
from tests.browser.clinic import BELOV, EGOROV, KUZNETSOVA, MOROZOV, ORLOVA, PASSWORD, QUICK, ZAITSEV, Clinic
from tests.browser.desk import Room, delayed
from tests.browser.signing import sign_in


def user_of_a_set(clinic: Clinic, name: str, rights: tuple[str, ...]) -> tuple[str, UUID]:
    """A doctor with a set of their own: the address they sign in with, and the set's id."""
    made = uuid4()
    email = f"{made}@bereg.example"
    rights_set.create_rights_set(clinic.denta.clinic, clinic.by(), f"Для {name}", "calendar", rights, rights_set_id=made)
    user_access.grant_access(clinic.denta.clinic, clinic.by(), clinic.ids[name], email, made, Passwords(QUICK).hash(PASSWORD))
    return email, made


@pytest.mark.spec("ACL-7", "ACL-6")
def test_own_schedule_only_hides_others_visits_before_anything_is_shown(room: Room, clinic: Clinic) -> None:
    day, next_day = clinic.day(14), clinic.day(15)
    email, made = user_of_a_set(clinic, ZAITSEV, ("calendar", "visits"))
    clinic.book(KUZNETSOVA, ORLOVA, day, "10:00", "10:20")
    clinic.book(MOROZOV, ZAITSEV, day, "10:00", "10:20")
    clinic.book(EGOROV, ORLOVA, next_day, "11:00", "11:20")
    page = room.window().new_page()
    page.goto(f"/calendar?date={next_day}")
    sign_in(page, email)
    calendar = CalendarPage(page)
    expect(calendar.visit(EGOROV)).to_be_visible()
    page.get_by_role("button", name="Предыдущий день").click()
    expect(calendar.visit(KUZNETSOVA)).to_be_visible()
    with delayed(page, "**/api/calendar?*"):
        rights_set.change_rights_set(clinic.denta.clinic, clinic.by(), made, own_schedule_only=True)
        expect(calendar.visit(KUZNETSOVA)).to_have_count(0)
        expect(page.get_by_text("Ваши права изменились")).to_be_visible()
        assert KUZNETSOVA not in page.locator("body").inner_text()
    expect(calendar.visit(MOROZOV, doctor=ZAITSEV)).to_be_visible()
    expect(calendar.visit(KUZNETSOVA)).to_have_count(0)
    with delayed(page, "**/api/calendar?*"):
        page.get_by_role("button", name="Следующий день").click()
        expect(page.get_by_role("button", name=re.compile(f" {next_day.day} "))).to_be_visible()
        expect(page.get_by_text(EGOROV)).to_have_count(0)
    expect(calendar.column(ZAITSEV)).to_be_visible()
    expect(page.get_by_text(EGOROV)).to_have_count(0)


@pytest.mark.spec("ACL-7", "UI-2")
def test_a_right_taken_away_veils_the_page_and_leaves_what_is_typed(room: Room, clinic: Clinic) -> None:
    day = clinic.day(16)
    email, made = user_of_a_set(clinic, BELOV, ("calendar", "visits", "patients"))
    clinic.book(KUZNETSOVA, ORLOVA, day, "10:00", "10:20")
    page = room.window().new_page()
    page.goto(f"/calendar?date={day}")
    sign_in(page, email)
    calendar = CalendarPage(page)
    calendar.visit(KUZNETSOVA).click()
    comment = page.get_by_role("dialog", name=re.compile("^Визит №")).get_by_label("Комментарий")
    comment.fill("Просит позвонить")
    with delayed(page, "**/api/calendar?*"):
        rights_set.change_rights_set(clinic.denta.clinic, clinic.by(), made, rights=("calendar", "visits"))
        expect(page.get_by_text("Ваши права изменились")).to_be_visible()
        expect(comment).to_be_hidden()
    expect(comment).to_have_value("Просит позвонить")
    expect(comment).to_be_visible()
    expect(page.get_by_role("link", name="Пациенты")).to_have_count(0)


@pytest.mark.spec("ACL-7")
def test_withdrawn_access_leaves_nothing_to_be_seen(room: Room, clinic: Clinic) -> None:
    day = clinic.day(17)
    receptionists = next(one.id for one in PREDEFINED_SETS if one.name == "Регистратор")
    hashed = Passwords(QUICK).hash(PASSWORD)
    user_access.grant_access(
        clinic.denta.clinic, clinic.by(), clinic.ids[ZAITSEV], "leaving@bereg.example", receptionists, hashed
    )
    clinic.book(KUZNETSOVA, ORLOVA, day, "10:00", "10:20")
    page = room.window().new_page()
    page.goto(f"/calendar?date={day}")
    sign_in(page, "leaving@bereg.example")
    expect(CalendarPage(page).visit(KUZNETSOVA)).to_be_visible()
    user_access.withdraw_access(clinic.denta.clinic, clinic.by(), clinic.ids[ZAITSEV])
    expect(page.get_by_role("dialog", name="Сеанс завершён")).to_be_visible()
    expect(page.get_by_text(KUZNETSOVA)).to_be_hidden()
    assert KUZNETSOVA not in page.locator("body").inner_text()
