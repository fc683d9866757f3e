"""A clinic whose commands are seen in the read models at once."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from aggregates.access.user_access import access_id_of
from aggregates.scheduling.hours import Day, parse_hours
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from aggregates.scheduling.visit import Slot
from aggregates.scheduling.visit_status import Status
from commands.clinic.opening import open_clinic
from commands.clinic.service import create_service
from commands.context import Context, Receipt
from commands.people.employee import hire
from commands.people.patient import create_card
from commands.scheduling.schedule import save_hours
from commands.scheduling.visit import book_visit, change_status
from commands.scheduling.visit_lines import RequestedLine
from readmodels.clinic import clinic_settings
from services.bootstrap import Denta
from tests.aggregates.scenario import NOW, at, named
from tests.projections.folding import fold_all

ADMINISTRATOR = named("administrator")


def looked_at(connection: Connection[Any], table: str, read: Callable[[], Any]) -> int:
    """How often a table is looked at, by index or as a whole, while something is read."""
    query = "SELECT seq_scan + coalesce(idx_scan, 0) FROM pg_stat_xact_user_tables WHERE relname = %s"
    with connection.transaction():
        before = connection.execute(query, (table,)).fetchone()
        read()
        after = connection.execute(query, (table,)).fetchone()
    assert before is not None and after is not None  # noqa: PT018
    return int(after[0]) - int(before[0])


class Story:
    """Commands and what is read afterwards. The clock moves a minute with every command, from Monday nine o'clock."""

    def __init__(self, denta: Denta, connection: Connection[Any]) -> None:
        self.denta = denta
        self._connection = connection
        self._now = NOW
        self._position = 0

    def do(self, command: Callable[..., Receipt], *args: Any, now: datetime | None = None, **kwargs: Any) -> Receipt:
        """Carry out a command as the administrator."""
        self._now += timedelta(minutes=1)
        ctx = Context(
            now=now or self._now,
            command=command.__name__,
            user_id=access_id_of(ADMINISTRATOR),
            employee_id=ADMINISTRATOR,
            address="10.0.0.7",
        )
        return command(self.denta.clinic, ctx, *args, **kwargs)

    @property
    def read(self) -> Connection[Any]:
        """A connection to read models that know everything that was done."""
        self._position = fold_all(self._connection, self.denta.decoders, after=self._position)
        return self._connection

    @property
    def zone(self) -> Any:
        return clinic_settings.time_zone(self.read)

    def doctor(self, family_name: str, given_name: str = "", **card: Any) -> UUID:
        card = {"family_name": family_name, "given_name": given_name, "position": "Терапевт", "takes_visits": True, **card}
        return self.do(hire, card, employee_id=named(family_name)).id

    def patient(self, family_name: str, given_name: str = "", patronymic: str = "", phone: str = "", **card: Any) -> UUID:
        card = {"family_name": family_name, "given_name": given_name, "patronymic": patronymic, "phone": phone, **card}
        return self.do(create_card, card).id

    def service(self, name: str, price: str) -> UUID:
        return self.do(create_service, {"name": name, "price": price, "duration": 30}).id

    def visit(
        self, patient_id: UUID, doctor_id: UUID | None, day: Any, start: str, end: str, *, until: Any = None, **more: Any
    ) -> UUID:
        lines = [RequestedLine(service_id) for service_id in more.pop("services", ())]
        slot = Slot(doctor_id, at(day, start), at(until or day, end))
        return self.do(book_visit, patient_id, slot, lines=lines, **more).id

    def status(self, visit_id: UUID, *statuses: Status) -> None:
        for status in statuses:
            self.do(change_status, visit_id, status)

    def day(self, employee_id: UUID, day: Any, *hours: str, kind: Any = "work") -> Receipt:
        """Save one day of one employee's own: hours such as "20:00-08:00", or another kind of day."""
        version = self.denta.clinic.load(Schedule, SCHEDULE_ID).version
        own = Day(kind, parse_hours(interval.split("-") for interval in hours))
        return self.do(save_hours, version, days={(employee_id, day): own})


@pytest.fixture
def story(database_url: str) -> Iterator[Story]:
    """An open clinic with its administrator, Ольга Белова."""
    denta = Denta.open(database_url)
    try:
        with denta.database.connect() as connection:
            made = Story(denta, connection)
            made.do(
                open_clinic,
                name="Улыбка",
                region="77",
                administrator={"family_name": "Белова", "given_name": "Ольга", "position": "Администратор"},
                email="admin@example.com",
                password_hash="x",
                administrator_id=ADMINISTRATOR,
            )
            yield made
    finally:
        denta.close()
