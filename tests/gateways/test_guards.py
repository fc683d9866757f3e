"""Rules across aggregates, checked by the append: in PostgreSQL and in the fake alike, and rebuilt from the log."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Json

from aggregates.access.rights_set import RightsSet, RightsSetNameTaken
from aggregates.access.user_access import EmailTaken, UserAccess
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.conflicting_visit import ConflictingVisit
from aggregates.kernel import DomainError
from aggregates.numbering import Numbered
from aggregates.people.employee import EMPLOYEE_NUMBERS, Employee, InternalNumberTaken
from aggregates.people.patient import CARD_NUMBERS, CardNumberTaken, PatientCard
from aggregates.people.person import PersonName
from aggregates.scheduling.visit import VISIT_NUMBERS, Slot, SlotTaken, Visit
from aggregates.scheduling.visit_lines import Line
from aggregates.scheduling.visit_status import Status
from aggregates.values import FieldChange
from commands.context import Context, Receipt
from commands.ports.clinic import Clinic, Save
from commands.ports.database import DatabaseUnsuitable
from commands.ports.user_accesses import Access
from commands.ports.visit_times import VisitSlot
from gateways import schema
from gateways.event_store import PostgresClinic
from gateways.event_store_memory import MemoryClinic
from gateways.guards.conflicts import Conflict
from gateways.guards.declaration import Claim
from gateways.guards.numbers import NUMBERED
from gateways.guards.registry import GUARDS
from services.bootstrap import Denta
from tests.depth import examples

VOUCHER_NUMBERS = Numbered("voucher", "number", (Visit.Booked, Employee.Hired))
"""One that no database has yet."""
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DAY = datetime(2026, 11, 24)  # noqa: DTZ001  the clinic's wall clock is naive
DOCTOR, OTHER_DOCTOR, PATIENT = uuid4(), uuid4(), uuid4()
CTX = Context(now=NOW, command="test")


def at(hour: float, hours: float = 1, doctor: UUID | None = DOCTOR) -> Slot:
    starts_at = DAY + timedelta(hours=hour)
    return Slot(doctor, starts_at, starts_at + timedelta(hours=hours))


def allow(clinic: Clinic, patients_at_once: str) -> None:
    try:
        rules = clinic.load(ClinicSettings, SETTINGS_ID)
    except DomainError:
        rules = ClinicSettings(SETTINGS_ID)
        rules.open({}, at=NOW)
    rules.change({"patients_at_once": patients_at_once}, at=NOW)
    clinic.save(rules, ctx=CTX)


def book(clinic: Clinic, slot: Slot, room: str = "", services: Sequence[UUID] = (), number: int | None = None) -> Visit:
    visit = Visit(uuid4())
    lines = tuple(Line(service_id, "Пломба", Decimal(900), 1) for service_id in services)
    facts = {"patient_id": PATIENT, "lines": lines, "room": room, "comment": ""}
    times = {"doctor_id": slot.doctor_id, "starts_at": slot.starts_at, "ends_at": slot.ends_at}
    number = clinic.numbers.next(VISIT_NUMBERS) if number is None else number
    visit.trigger(Visit.Booked, number=number, **facts, **times, at=NOW)
    clinic.save(visit, ctx=CTX)
    return visit


def move(clinic: Clinic, visit: Visit, slot: Slot) -> None:
    current = clinic.load(Visit, visit.id)
    current.trigger(Visit.Moved, old=current.slot, new=slot, at=NOW)
    clinic.save(current, ctx=CTX)


def change(clinic: Clinic, visit: Visit, status: Status) -> None:
    current = clinic.load(Visit, visit.id)
    current.trigger(Visit.StatusChanged, old=current.status, new=status, at=NOW)
    clinic.save(current, ctx=CTX)


def delete(clinic: Clinic, visit: Visit, *, deleted: bool = True) -> None:
    current = clinic.load(Visit, visit.id)
    current.trigger(Visit.Deleted if deleted else Visit.Returned, at=NOW)
    clinic.save(current, ctx=CTX)


def lies(denta: Denta, guard: str, id_: UUID) -> Any:
    """Where a guard's row lies: a row that is written again lies elsewhere."""
    with denta.database.connection() as connection:
        return connection.execute(f"SELECT ctid::text FROM guard_{guard} WHERE id = %s", (id_,)).fetchone()  # type: ignore[arg-type]  # a name of ours


def register(clinic: Clinic, number: str) -> PatientCard:
    card = PatientCard(uuid4())
    name = PersonName("Иванов", "", "")
    card.trigger(
        PatientCard.Created, card_number=number, name=name, phone="", birth_date="", sex="", comment="", at=NOW
    )  # fmt: skip
    clinic.save(card, ctx=CTX)
    return card


def renumber(clinic: Clinic, card: PatientCard, number: str) -> None:
    current = clinic.load(PatientCard, card.id)
    changes = (FieldChange("card_number", current.card_number, number),)
    current.trigger(PatientCard.CardChanged, changes=changes, at=NOW)
    clinic.save(current, ctx=CTX)


def grant(clinic: Clinic, email: str) -> UserAccess:
    access = UserAccess(uuid4())
    access.trigger(UserAccess.Granted, employee_id=uuid5(access.id, "employee"), email=email, rights_set_id=PATIENT, at=NOW)
    clinic.save(access, ctx=CTX)
    return access


def withdraw(clinic: Clinic, access: UserAccess) -> None:
    current = clinic.load(UserAccess, access.id)
    current.trigger(UserAccess.Withdrawn, at=NOW)
    clinic.save(current, ctx=CTX)


def hire(clinic: Clinic, **card: Any) -> Employee:
    employee = Employee(uuid4())
    employee.hire(clinic.numbers.next(EMPLOYEE_NUMBERS), {"family_name": "Орлова", **card}, at=NOW)
    clinic.save(employee, ctx=CTX)
    return employee


class Rules:
    """Shown for each adapter by a subclass that gives `clinic`."""

    @pytest.fixture
    def one(self, clinic: Clinic) -> Clinic:
        """«Только одного пациента»."""
        allow(clinic, "one")
        return clinic

    @pytest.mark.parametrize("taken", [False, True])
    def test_of_many_saved_at_once_each_is_checked_against_the_others(self, clinic: Clinic, taken: bool) -> None:
        if taken:
            register(clinic, "33")
        cards = []
        for number in ("31", "32", "31" if taken else "34", "33"):
            card = PatientCard(uuid4())
            card.create({"family_name": "Иванов", "card_number": number}, today=NOW.date(), at=NOW)
            cards.append(card)
        outcomes = clinic.save_each([Save(aggregate=card, ctx=CTX) for card in cards])
        results = [one.position if isinstance(one, Receipt) else one.facts["card_number"] for one in outcomes]
        assert results == ([2, 3, "31", "33"] if taken else [1, 2, 3, 4])

    @pytest.mark.spec("CAL-5")
    @pytest.mark.parametrize("slot", [at(10), at(9.5), at(10.5), at(10.25, 0.5), at(9, 3)])
    def test_overlapping_visits_of_one_doctor_are_refused_naming_the_other(self, one: Clinic, slot: Slot) -> None:
        other = book(one, at(10))
        with pytest.raises(SlotTaken) as refusal:
            book(one, slot)
        expected = ConflictingVisit(other.id, other.number, other.slot.starts_at, other.slot.ends_at, PATIENT, DOCTOR)
        assert refusal.value.facts["by"] == expected

    @pytest.mark.spec("CAL-5")
    @pytest.mark.parametrize("slot", [at(11), at(9), at(10, doctor=OTHER_DOCTOR), at(10, doctor=None)])
    def test_touching_visits_other_doctors_and_visits_without_a_doctor_are_free(self, one: Clinic, slot: Slot) -> None:
        book(one, at(10))
        assert book(one, slot).version == 1

    @pytest.mark.spec("CAL-5")
    def test_several_patients_at_once_where_the_clinic_allows_it(self, clinic: Clinic) -> None:
        book(clinic, at(10))  # no settings yet: nothing is forbidden
        allow(clinic, "several")
        assert book(clinic, at(10)).version == 1

    def test_visits_without_a_doctor_may_overlap(self, one: Clinic) -> None:
        assert {book(one, at(10, doctor=None)).version for _ in range(2)} == {1}

    @pytest.mark.parametrize("status", ["no_show", "cancelled"])
    def test_a_visit_that_does_not_take_place_frees_its_time_and_comes_back_only_into_free_time(
        self, one: Clinic, status: Status
    ) -> None:
        first = book(one, at(10))
        change(one, first, status)
        second = book(one, at(10))
        with pytest.raises(SlotTaken):
            change(one, first, "planned")
        change(one, second, "cancelled")
        change(one, first, "planned")

    @pytest.mark.spec("DEL-1")
    def test_a_deleted_visit_frees_its_time_and_returns_only_into_free_time(self, one: Clinic) -> None:
        first = book(one, at(10))
        delete(one, first)
        second = book(one, at(10))
        with pytest.raises(SlotTaken):
            delete(one, first, deleted=False)
        delete(one, second)
        delete(one, first, deleted=False)

    def test_overlaps_from_before_the_rule_stay_workable_but_take_no_more_time(self, clinic: Clinic) -> None:
        allow(clinic, "several")
        first, second = book(clinic, at(10, 2)), book(clinic, at(11, 2))
        allow(clinic, "one")
        change(clinic, first, "confirmed")
        move(clinic, first, at(10.5, 1))
        with pytest.raises(SlotTaken):
            move(clinic, first, at(10.5, 1.25))
        with pytest.raises(SlotTaken):
            move(clinic, second, at(10, 2))
        move(clinic, second, at(13))
        move(clinic, first, at(11, 2))

    def test_an_internal_number_belongs_to_one_active_employee(self, clinic: Clinic) -> None:
        first, second = hire(clinic, internal_number="101"), hire(clinic)
        with pytest.raises(InternalNumberTaken) as refusal:
            hire(clinic, internal_number="101")
        assert refusal.value == InternalNumberTaken(internal_number="101", employee_id=first.id)
        first.delete(at=NOW)
        clinic.save(first, ctx=CTX)
        second.change_card({"internal_number": "101"}, at=NOW)
        clinic.save(second, ctx=CTX)
        first.return_(at=NOW)
        with pytest.raises(InternalNumberTaken):
            clinic.save(first, ctx=CTX)

    @pytest.mark.spec("PAT-1")
    def test_a_card_number_belongs_to_one_patient(self, clinic: Clinic) -> None:
        first, second = register(clinic, "100"), register(clinic, "101")
        with pytest.raises(CardNumberTaken) as refusal:
            renumber(clinic, second, "100")
        assert refusal.value == CardNumberTaken(card_number="100", by=first.id)
        renumber(clinic, first, "102")
        renumber(clinic, second, "100")

    def test_the_next_card_number_skips_those_typed_by_people(self, clinic: Clinic) -> None:
        register(clinic, "1")
        register(clinic, "2")
        register(clinic, "0003")
        register(clinic, "5")
        assert [clinic.numbers.next(CARD_NUMBERS), *clinic.numbers.next_many(CARD_NUMBERS, 3)] == [3, 4, 6, 7]

    def test_a_number_typed_ahead_and_freed_is_not_given(self, clinic: Clinic) -> None:
        """Not even that of a card that was deleted, or got another number."""
        freed, renamed = register(clinic, "2"), register(clinic, "3")
        freed.trigger(PatientCard.Deleted, at=NOW)
        clinic.save(freed, ctx=CTX)
        renumber(clinic, renamed, "5")
        renumber(clinic, renamed, "А-1")
        assert clinic.numbers.next_many(CARD_NUMBERS, 3) == [1, 4, 6]

    @pytest.mark.spec("ACL-3")
    def test_an_address_signs_in_one_user_until_access_is_withdrawn(self, clinic: Clinic) -> None:
        first = grant(clinic, "Anna@clinic.ru")
        with pytest.raises(EmailTaken):
            grant(clinic, "anna@CLINIC.ru")
        employee_id = uuid5(first.id, "employee")
        expected = Access(access_id=first.id, employee_id=employee_id, email="Anna@clinic.ru", rights_set_id=PATIENT)
        assert clinic.accesses.by_email(" ANNA@clinic.ru ") == expected
        assert clinic.accesses.all() == [expected]
        withdraw(clinic, first)
        assert clinic.accesses.by_email("anna@clinic.ru") is None
        second = grant(clinic, "anna@clinic.ru")
        assert [access.access_id for access in clinic.accesses.all()] == [second.id]

    @pytest.mark.spec("SCH-13")
    def test_live_visits_are_those_awaited_after_a_moment(self, clinic: Clinic) -> None:
        late, early, other, nobody = (
            book(clinic, slot) for slot in (at(12), at(10), at(11, doctor=OTHER_DOCTOR), at(13, doctor=None))
        )
        for status in ("in_progress", "cancelled", "no_show"):
            change(clinic, book(clinic, at(14)), status)
        change(clinic, late, "arrived")
        delete(clinic, book(clinic, at(15)))
        book(clinic, at(9))
        after = DAY + timedelta(hours=9)
        assert [visit.visit_id for visit in clinic.visit_times.live(after)] == [early.id, other.id, late.id, nobody.id]
        assert [visit.visit_id for visit in clinic.visit_times.live(after, [DOCTOR])] == [early.id, late.id]
        assert clinic.visit_times.live(after, patient_ids=[early.patient_id]) == clinic.visit_times.live(after)
        assert clinic.visit_times.live(after, patient_ids=[uuid4()]) == []
        assert clinic.visit_times.live(after, [OTHER_DOCTOR]) == [
            VisitSlot(
                visit_id=other.id,
                number=other.number,
                doctor_id=OTHER_DOCTOR,
                patient_id=PATIENT,
                starts_at=other.slot.starts_at,
                ends_at=other.slot.ends_at,
                status="planned",
                room="",
            )
        ]

    @pytest.mark.spec("CAL-19")
    def test_live_visits_tell_their_services_and_are_found_by_them(self, clinic: Clinic) -> None:
        first, second = uuid4(), uuid4()
        visit = book(clinic, at(10), services=[first, second])
        book(clinic, at(11), services=[uuid4()])
        book(clinic, at(12))
        for service_ids in ([first], [uuid4(), second]):
            (found,) = clinic.visit_times.live(DAY, service_ids=service_ids)
            assert (found.visit_id, found.services) == (visit.id, (first, second))
        assert clinic.visit_times.live(DAY, service_ids=[uuid4()]) == clinic.visit_times.live(DAY, service_ids=[]) == []
        assert [len(slot.services) for slot in clinic.visit_times.live(DAY)] == [2, 1, 0]

    @pytest.mark.spec("CAL-19")
    def test_visits_during_a_time_are_those_that_take_it_with_the_doctor_of_the_patient_or_in_the_room(
        self, clinic: Clinic
    ) -> None:
        def during(start: float, hours: float, **whose: Any) -> list[int]:
            slot = at(start, hours)
            filters = {"doctor_id": None, "patient_ids": [], "room": "", "other_than": uuid4(), **whose}
            return [visit.number for visit in clinic.visit_times.during(slot.starts_at, slot.ends_at, **filters)]

        first, night = book(clinic, at(10), room="Кабинет 3"), book(clinic, at(0, 10), room=" кабинет  3")
        other = book(clinic, at(10.5, doctor=OTHER_DOCTOR))
        change(clinic, book(clinic, at(10), room="Кабинет 3"), "cancelled")
        delete(clinic, book(clinic, at(10), room="Кабинет 3"))
        assert during(10, 1, patient_ids=[uuid4(), PATIENT]) == [first.number, other.number]
        assert during(9.5, 1, room="кабинет 3") == [night.number, first.number]
        assert during(10.5, 1, doctor_id=DOCTOR) == [first.number]
        assert during(10, 1, doctor_id=DOCTOR, room="кабинет 3", other_than=first.id) == []
        assert during(11, 0.5, patient_ids=[PATIENT]) == [other.number]  # what touches doesn't conflict
        assert during(10, 1, patient_ids=[uuid4()], room="кабинет 4") == []

    @pytest.mark.spec("ACL-9")
    def test_a_doctors_patients_are_those_of_visits_that_are_not_deleted(self, clinic: Clinic) -> None:
        def of_whom(visit: Visit) -> list[UUID]:
            whole = [uuid4(), visit.patient_id]
            return [doctor for doctor in (DOCTOR, OTHER_DOCTOR) if clinic.doctors_patients.include(doctor, whole)]

        visit = book(clinic, at(10))
        assert of_whom(visit) == [DOCTOR]
        change(clinic, visit, "cancelled")
        assert of_whom(visit) == [DOCTOR]
        change(clinic, visit, "planned")
        move(clinic, visit, at(11, doctor=OTHER_DOCTOR))
        assert of_whom(visit) == [OTHER_DOCTOR]
        delete(clinic, visit)
        assert of_whom(visit) == []
        assert of_whom(book(clinic, at(12, doctor=None))) == []

    def test_a_refused_save_leaves_no_trace_of_its_other_claims(self, clinic: Clinic) -> None:
        register(clinic, "100")
        visit, card = Visit(uuid4()), PatientCard(uuid4())
        slot = {"doctor_id": DOCTOR, "starts_at": at(10).starts_at, "ends_at": at(10).ends_at}
        visit.trigger(Visit.Booked, number=7, patient_id=card.id, **slot, lines=(), room="", comment="", at=NOW)
        name = PersonName("Иванов", "", "")
        card.trigger(
            PatientCard.Created, card_number="100", name=name, phone="", birth_date="", sex="", comment="", at=NOW
        )  # fmt: skip
        with pytest.raises(CardNumberTaken):
            clinic.save(visit, card, ctx=CTX)
        assert clinic.visit_times.live(DAY) == []


class TestMemory(Rules):
    @pytest.fixture
    def clinic(self) -> Clinic:
        return MemoryClinic()


class TestPostgres(Rules):
    @pytest.fixture
    def denta(self, database_url: str) -> Iterator[Denta]:
        denta = Denta.open(database_url)
        yield denta
        denta.close()

    @pytest.fixture
    def clinic(self, denta: Denta) -> Clinic:
        return denta.clinic

    def test_an_unchanged_claim_is_not_written_again(self, denta: Denta) -> None:
        """Most changes of a card leave its number as it is."""
        card, access = register(denta.clinic, "17"), grant(denta.clinic, "anna@klinika.ru")
        before = [lies(denta, "card_number", card.id), lies(denta, "email", access.id)]
        renumber(denta.clinic, card, "17")
        again = denta.clinic.load(UserAccess, access.id)
        again.trigger(UserAccess.Granted, employee_id=again.employee_id, email=again.email, rights_set_id=PATIENT, at=NOW)
        denta.clinic.save(again, ctx=CTX)
        assert [lies(denta, "card_number", card.id), lies(denta, "email", access.id)] == before
        renumber(denta.clinic, card, "18")
        assert lies(denta, "card_number", card.id) != before[0]

    @pytest.mark.spec("CAL-5")
    @pytest.mark.parametrize(("patients_at_once", "accepted"), [("one", 1), ("several", 50)])
    def test_of_fifty_overlapping_bookings_at_once_the_rule_decides_how_many_are_accepted(
        self, clinic: Clinic, database_url: str, patients_at_once: str, accepted: int
    ) -> None:
        allow(clinic, patients_at_once)
        others = [Denta.open(database_url) for _ in range(5)]  # as five processes

        def try_to_book(number: int) -> str:
            try:
                book(others[number % 5].clinic, at(10 + number / 100))
            except SlotTaken as refusal:
                return refusal.code
            return "booked"

        with ThreadPoolExecutor(50) as pool:
            outcomes = list(pool.map(try_to_book, range(50)))
        for other in others:
            other.close()
        assert (outcomes.count("booked"), outcomes.count("slot_taken")) == (accepted, 50 - accepted)

    @pytest.mark.spec("VIS-1", "PAT-1")
    @pytest.mark.parametrize(
        "lost", ["ALTER SEQUENCE {} RESTART", "SELECT setval('{}', 1)", "DROP SEQUENCE {}"], ids=["empty", "old", "none"]
    )
    def test_numbers_go_on_from_the_log_when_their_sequences_were_lost(self, denta: Denta, lost: str) -> None:
        """Such as by a restore without them: numbers of deleted cards and those beyond a gap are not given again either, and one
        that was typed is not gone on from.
        """
        clinic = denta.clinic
        for hour in (10, 12):
            book(clinic, at(hour))
        employee = Employee(uuid4())
        employee.hire(41, {"family_name": "Петров"}, at=NOW)
        clinic.save(employee, ctx=CTX)
        for number in ("typed", "900", "0007"):
            register(clinic, number)
        cards = [register(clinic, str(number)) for number in clinic.numbers.next_many(CARD_NUMBERS, 2)]
        clinic.numbers.next_many(CARD_NUMBERS, 3)  # a refused command's
        cards.append(register(clinic, str(clinic.numbers.next(CARD_NUMBERS))))
        for card in cards[1:]:
            last = clinic.load(PatientCard, card.id)
            last.trigger(PatientCard.Deleted, at=NOW)
            clinic.save(last, ctx=CTX)
        renumber(clinic, cards[0], str(clinic.numbers.next(CARD_NUMBERS)))
        with denta.database.connection() as connection:
            for kind in ("visit", "employee", "patient"):
                connection.execute(lost.format(f"guard_number_{kind}").encode())
        denta.prepare_schema()
        assert [clinic.numbers.next(kind) for kind in (VISIT_NUMBERS, EMPLOYEE_NUMBERS)] == [3, 42]
        drawn = clinic.numbers.next_many(CARD_NUMBERS, 6)
        assert not {*drawn} & {1, 2, 6, 7, 900}
        assert drawn == sorted({*drawn})

    @pytest.mark.spec("VIS-1")
    def test_programs_that_draw_at_once_after_a_restore_get_numbers_of_their_own(self, denta: Denta, database_url: str) -> None:
        for hour in range(8, 18):
            book(denta.clinic, at(hour))
        with denta.database.connection() as connection:
            connection.execute("ALTER SEQUENCE guard_number_visit RESTART")
        others = [Denta.open(database_url) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            drawn = pool.map(lambda other: [other.clinic.numbers.next(VISIT_NUMBERS) for _ in range(25)], others)
            numbers = sorted(number for some in drawn for number in some)
        for other in others:
            other.close()
        assert numbers[0] > 10
        assert len({*numbers}) == 100

    @pytest.mark.spec("PAT-1")
    def test_two_cards_of_one_number_in_the_log_stop_nothing_and_are_named(self, denta: Denta) -> None:
        """In a log that was damaged or joined by hand."""
        clinic = denta.clinic
        lenient = PostgresClinic(denta.database, denta.decoders, [guard for guard in GUARDS if guard.name != "card_number"])
        first, second, third = register(clinic, "7"), register(lenient, "7"), register(clinic, "8")
        with denta.database.connection() as connection:
            connection.execute("UPDATE schema_parts SET revision = 0 WHERE name = 'guard card_number'")
        with structlog.testing.capture_logs() as logged:
            denta.prepare_schema()
        both = tuple(sorted([first.id, second.id]))
        assert denta.guard_conflicts() == [Conflict("card_number", {"number": "7"}, both)]
        assert [(line["guard"], line["ids"]) for line in logged] == [("card_number", both)]
        for card in (first, third):
            with pytest.raises(CardNumberTaken):
                renumber(clinic, card, "7")
        renumber(clinic, second, "9")
        assert denta.guard_conflicts() == []

    def test_a_log_that_no_table_takes_is_refused_by_name(self, denta: Denta) -> None:
        visit = book(PostgresClinic(denta.database, denta.decoders, []), at(10, hours=-1))
        with pytest.raises(DatabaseUnsuitable, match="правило «doctor_time»"):
            denta.rebuild_guards()
        with denta.database.connection() as connection:
            connection.execute(
                "INSERT INTO events (position, originator_id, originator_version, topic, state, metadata)"
                " VALUES (2, %s, 2, 'visit.deleted.1', '{}', '{}')",
                (visit.id,),
            )
        with pytest.raises(DatabaseUnsuitable, match=f"visit/{visit.id}, которое не читается"):
            denta.rebuild_guards()

    @pytest.mark.parametrize("numbered", [*NUMBERED, VOUCHER_NUMBERS], ids=lambda numbered: numbered.name)
    def test_a_declared_sequence_is_made_and_goes_on_from_each_of_its_events(self, denta: Denta, numbered: Numbered) -> None:
        """Also one that is declared later than its events were recorded."""
        others = [one for one in NUMBERED if one is not numbered]
        states: list[dict[str, Any]] = []
        for event in numbered.events:
            number = len(states) + 1
            plain = numbered.field in event.__struct_fields__
            states.append({numbered.field: number} if plain else {"changes": [{"field": numbered.field, "new": str(number)}]})
        with denta.database.pinned() as connection:
            for position, (event, state) in enumerate(zip(numbered.events, states, strict=True), start=1):
                connection.execute(
                    "INSERT INTO events (position, originator_id, originator_version, topic, state, metadata)"
                    " VALUES (%s, gen_random_uuid(), 1, %s, %s, '{}')",
                    (position, event.TOPIC, Json(state)),
                )
            connection.execute(f"DROP SEQUENCE IF EXISTS guard_number_{numbered.name}".encode())
            connection.execute("DELETE FROM schema_parts WHERE name = %s", (f"number {numbered.name}",))
            assert schema.prepare(connection, GUARDS, denta.decoders, NOW, numbered=(*others, numbered))
            assert not schema.prepare(connection, GUARDS, denta.decoders, NOW, numbered=(*others, numbered))
        assert denta.clinic.numbers.next_many(numbered, 2) == [len(states) + 1, len(states) + 2]

    def test_a_guard_that_is_new_or_of_another_shape_is_filled_when_the_schema_is_prepared(self, denta: Denta) -> None:
        visit, card = book(denta.clinic, at(10)), register(denta.clinic, "100")
        with denta.database.connection() as connection:
            connection.execute("DROP TABLE guard_card_number")
            connection.execute("DELETE FROM schema_parts WHERE name = 'guard card_number'")
            connection.execute("ALTER TABLE guard_doctor_time DROP COLUMN patient_id")
            connection.execute("UPDATE schema_parts SET revision = 0 WHERE name = 'guard doctor_time'")
        denta.prepare_schema()
        claims = rows(denta)
        assert [(claim.id, claim.holds) for claim in claims["card_number"] + claims["doctor_time"]] == [
            (card.id, True),
            (visit.id, True),
        ]
        with pytest.raises(CardNumberTaken):
            register(denta.clinic, "100")

    @pytest.mark.spec("ACL-1")
    def test_sets_of_one_name_from_before_that_rule_stay_until_one_of_them_changes(self, denta: Denta, database_url: str) -> None:
        lenient = PostgresClinic(denta.database, denta.decoders, [guard for guard in GUARDS if guard.name != "rights_set_name"])
        first, second = (RightsSet(uuid4()) for _ in range(2))
        for made in (first, second):
            made.create("Смена", "calendar", ["calendar"], own_schedule_only=False, at=NOW)
            lenient.save(made, ctx=CTX)
        denta.rebuild_guards()
        change = {"start_page": None, "holders": (), "others_manage": True, "at": NOW, "own_schedule_only": None}
        again = denta.clinic.load(RightsSet, second.id)
        again.change(name=None, rights=["calendar", "visits"], **change)
        with pytest.raises(RightsSetNameTaken):
            denta.clinic.save(again, ctx=CTX)
        again = denta.clinic.load(RightsSet, second.id)
        again.change(name="Другая смена", rights=["calendar", "visits"], **change)
        denta.clinic.save(again, ctx=CTX)

    def test_passwords_are_stored_by_the_append_and_nowhere_in_the_log(self, denta: Denta) -> None:
        access = UserAccess(uuid4())
        access.trigger(UserAccess.Granted, employee_id=uuid4(), email="a@b.ru", rights_set_id=uuid4(), at=NOW)
        access.trigger(UserAccess.PasswordSet, at=NOW)
        denta.clinic.save(access, ctx=CTX, passwords={access.id: "$argon2id$secret"})
        assert (stored := denta.credentials.password(access.id)) is not None
        assert stored.hash == "$argon2id$secret"
        assert denta.credentials.password(uuid4()) is None
        with denta.database.connection() as connection:
            log = connection.execute("SELECT string_agg(events::text, '') || string_agg(c::text, '') FROM events, commands c")
            assert "argon2id" not in str(log.fetchone())
        again = denta.clinic.load(UserAccess, access.id)
        again.trigger(UserAccess.PasswordSet, at=NOW)
        denta.clinic.save(again, ctx=CTX, passwords={access.id: "$argon2id$newer"})
        assert (newer := denta.credentials.password(access.id)) is not None
        assert newer.hash == "$argon2id$newer"
        assert newer.set_at > stored.set_at


# Whatever is done, PostgreSQL and the fake answer alike, hold alike, and hold what the log says.

Deed = tuple[str, int, Any]
deeds: st.SearchStrategy[Deed] = st.one_of(
    st.tuples(st.just("allow"), st.just(0), st.sampled_from(["one", "several"])),
    st.tuples(st.just("book"), st.just(0), st.tuples(st.integers(0, 6), st.integers(1, 3), st.integers(0, 2))),
    st.tuples(st.just("move"), st.integers(0, 9), st.tuples(st.integers(0, 6), st.integers(1, 3), st.integers(0, 2))),
    st.tuples(st.just("change"), st.integers(0, 9), st.sampled_from(["planned", "arrived", "completed", "no_show", "cancelled"])),
    st.tuples(st.just("delete"), st.integers(0, 9), st.booleans()),
    st.tuples(st.just("register"), st.just(0), st.integers(0, 4)),
    st.tuples(st.just("renumber"), st.integers(0, 9), st.integers(0, 4)),
    st.tuples(st.just("grant"), st.just(0), st.sampled_from(["a@b.ru", "A@b.ru", "c@d.ru"])),
    st.tuples(st.just("withdraw"), st.integers(0, 9), st.just(0)),
)


def test_what_commands_read_of_guards_is_declared_with_them() -> None:
    """Each attribute of `Clinic` is built of one guard, or of what isn't a guard."""
    declared = [guard.reads.name for guard in GUARDS if guard.reads is not None]
    assert sorted([*declared, "numbers", "dictionaries"]) == sorted(Clinic.__annotations__)


def test_no_index_beside_the_key_is_there_while_a_guard_is_filled() -> None:
    assert [guard.name for guard in GUARDS if "INDEX" in guard.table.upper() or "UNIQUE" in guard.table.upper()] == []


def test_sequences_have_names_of_their_own_and_events_that_carry_their_numbers() -> None:
    assert len({one.name for one in NUMBERED}) == len(NUMBERED)
    with pytest.raises(TypeError, match="carry no number"):
        Numbered("voucher", "number", (Visit.Deleted,))


class Player:
    """Does deeds in one clinic. Ids follow from the order, so that two players make the same."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.made: dict[type, list[Any]] = {Visit: [], PatientCard: [], UserAccess: []}

    def do(self, deed: Deed, ids: Callable[[], UUID]) -> str:
        name, which, how = deed
        try:
            self._do(name, which, how, ids)
        except DomainError as refusal:
            return refusal.code
        return "done"

    def _do(self, name: str, which: int, how: Any, ids: Callable[[], UUID]) -> None:
        doctors = (DOCTOR, OTHER_DOCTOR, None)
        kind = {"book": Visit, "register": PatientCard, "grant": UserAccess}.get(name)
        if name == "allow":
            allow(self.clinic, how)
        elif kind is not None:
            made = kind(ids())
            if kind is Visit:
                slot = at(how[0], how[1], doctors[how[2]])
                times = {"doctor_id": slot.doctor_id, "starts_at": slot.starts_at, "ends_at": slot.ends_at}
                facts = {"patient_id": PATIENT, "lines": (), "room": "", "comment": ""}
                made.trigger(Visit.Booked, number=len(self.made[Visit]) + 1, **facts, **times, at=NOW)
            elif kind is PatientCard:
                person = {"name": PersonName("Иванов", "", ""), "phone": "", "birth_date": "", "sex": "", "comment": ""}
                made.trigger(PatientCard.Created, card_number=str(how), **person, at=NOW)
            else:
                made.trigger(UserAccess.Granted, employee_id=made.id, email=how, rights_set_id=PATIENT, at=NOW)
            self.clinic.save(made, ctx=CTX)
            self.made[kind].append(made)
        else:
            known = self.made[{"renumber": PatientCard, "withdraw": UserAccess}.get(name, Visit)]
            if known:
                one = known[which % len(known)]
                if name == "move":
                    move(self.clinic, one, at(how[0], how[1], doctors[how[2]]))
                elif name == "change":
                    change(self.clinic, one, how)
                elif name == "delete":
                    delete(self.clinic, one, deleted=how)
                elif name == "renumber":
                    renumber(self.clinic, one, str(how))
                else:
                    withdraw(self.clinic, one)


def rows(denta: Denta) -> dict[str, list[Claim]]:
    """The guards' tables as claims."""
    found: dict[str, list[Claim]] = {}
    for guard in GUARDS:
        names = ("id", *guard.columns)
        with denta.database.connection() as connection:
            table = connection.execute(f"SELECT {', '.join(names)} FROM guard_{guard.name} ORDER BY id".encode()).fetchall()
        found[guard.name] = [guard.claim(**dict(zip(names, row, strict=True))) for row in table]
    return found


@pytest.fixture
def emptied(database_url: str) -> Iterator[Callable[[], Denta]]:
    """Denta over a database without any event, emptied at each call."""
    denta = Denta.open(database_url)

    def empty() -> Denta:
        with denta.database.connection() as connection:
            tables = ", ".join(table for guard in GUARDS for table in guard.tables)
            connection.execute("ALTER TABLE events DISABLE TRIGGER events_stay")
            connection.execute(f"TRUNCATE events, commands, {tables}".encode())
        return Denta(denta.database, denta.clock, files=None, message_log=None, stands_back=False)

    yield empty
    denta.close()


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(deeds, min_size=1, max_size=25))
def test_guards_in_the_database_the_fake_and_rebuilt_from_the_log_are_alike(
    story: list[Deed], emptied: Callable[[], Denta]
) -> None:
    denta, fake = emptied(), MemoryClinic()
    real_player, fake_player = Player(denta.clinic), Player(fake)
    for number, deed in enumerate(story):

        def ids(number: int = number) -> UUID:
            return uuid5(PATIENT, str(number))

        assert real_player.do(deed, ids) == fake_player.do(deed, ids)
    live = rows(denta)
    assert live == {name: sorted(claims.values(), key=lambda claim: claim.id) for name, claims in fake.log.guards.items()}
    denta.rebuild_guards()
    assert rows(denta) == live
