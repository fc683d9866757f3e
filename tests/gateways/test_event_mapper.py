"""Stored events: their frozen names and shapes, and old ones read by new code."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import msgspec
import pytest
from eventsourcing.persistence import MapperDeserialisationError, StoredEvent

from aggregates.kernel import Aggregate, Event, applies
from aggregates.money.allocation import Allocation
from aggregates.money.payment import Payment
from aggregates.money.refund import Refund
from aggregates.scheduling.visit import Visit
from aggregates.scheduling.visit_lines import Line
from aggregates.stock.stock_document import StockDocumentCreated
from commands.ports.database import ProgramOutdated
from commands.registry import AGGREGATES
from gateways.event_mapper import EventMapper, UnregisteredEventError, decoders
from gateways.event_store import PostgresClinic
from gateways.upcasts import UPCASTS, Upcast
from services.bootstrap import Denta

GOLDEN = Path(__file__).parent / "golden" / "event_topics.json"
ID = UUID("0b0a3c5e-7d34-4f0e-9f5c-0f3f5d0b7a11")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def shapes() -> dict[str, Any]:
    """Every stored topic → JSON shape of its events, and of the values in them: what history is written in."""
    events, values = {}, {}
    for topic, event in ((topic, event) for kind in AGGREGATES for topic, event in kind.EVENTS.items()):
        schema = msgspec.json.schema(event)
        own = schema["$ref"].rsplit("/", 1)[1]
        events[topic] = shape(schema["$defs"].pop(own))
        values.update({without_module(name): shape(value) for name, value in schema["$defs"].items()})
    return {"events": dict(sorted(events.items())), "values": dict(sorted(values.items()))}


def shape(schema: dict[str, Any]) -> Any:
    """Field → type, without what every event has, titles and texts; or the types of an array's places."""
    if "properties" not in schema:
        return [short(place) for place in schema["prefixItems"]]
    every = {"originator_id", "originator_version", "timestamp"}
    return {name: short(field) for name, field in schema["properties"].items() if name not in every}


def short(field: dict[str, Any]) -> str:
    compared = {key: value for key, value in field.items() if key not in {"default", "description"}}
    return without_module(json.dumps(compared, ensure_ascii=False, sort_keys=True).replace('"', "").replace("#/$defs/", ""))


def without_module(name: str) -> str:
    """A generic value's name without the module of its argument: a value may move, its stored shape stays."""
    return re.sub(r"aggregates(\.[a-z_]+)+\.", "", name)


def test_stored_topics_and_shapes_are_those_that_history_was_written_in() -> None:
    """A failure here means that history would be misread. New topics are added to the golden file by this test; to a topic in it
    fields that have a default, with a state from before in `BEFORE`; else a topic is never changed: give the event a new
    one and an upcast from the old."""
    golden, now = json.loads(GOLDEN.read_text()), shapes()
    new = {part: {name: shape for name, shape in now[part].items() if name not in golden[part]} for part in now}
    golden = {part: dict(sorted({**golden[part], **new[part]}.items())) for part in now}
    assert now == golden
    if any(new.values()):
        GOLDEN.write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n")
        pytest.fail(f"{GOLDEN.name} has {sorted({*new['events'], *new['values']})} now: read it, and run again")


def test_every_topic_can_be_read() -> None:
    assert set(decoders(AGGREGATES)) == {*shapes()["events"], *UPCASTS}


_OF_ALL = {"originator_id": str(ID), "originator_version": 1, "timestamp": "2026-01-02T03:04:05+00:00"}
BEFORE: dict[str, dict[str, Any]] = {
    "payment.returned.1": {},
    "payment.reallocated.1": {"allocations": [{"visit_id": str(ID), "sum": "-5.00", "moment": "2026-11-02T12:00:00"}]},
    "patient.absorbed.1": {
        "patient_id": str(ID),
        "card_number": "401",
        "name": {"family_name": "Петров", "given_name": "Иван", "patronymic": ""},
        "phone": "+79123456789",
    },
    "employee.hired.1": {
        "number": 7,
        "name": {"family_name": "Орлова", "given_name": "Марина", "patronymic": ""},
        "position": "Терапевт",
        "phone": "",
        "email": "",
        "takes_visits": True,
        "color": "",
    },
    "patient.created.1": {
        "card_number": "401",
        "name": {"family_name": "Петров", "given_name": "Иван", "patronymic": ""},
        "phone": "",
        "birth_date": "",
        "sex": "",
        "comment": "",
        "details": {"city": "Тверь"},
    },
    "money_outgo.created.1": {"number": 3, "place": 5, "card": {"moment": "2026-12-01T10:30", "desk_id": str(ID), "comment": ""}},
    "money_outgo.changed.1": {"changes": [], "lines": None},
    "money_outgo.returned.1": {},
    "visit.status-changed.1": {"old": "planned", "new": "confirmed"},
    "service.doctors-changed.1": {"old": [], "new": [str(ID)]},
    "service.deleted.1": {},
    "visit.returned.1": {},
    "visit.booked.1": {
        "number": 7,
        "patient_id": str(ID),
        "doctor_id": None,
        "starts_at": "2026-11-23T10:00:00",
        "ends_at": "2026-11-23T11:00:00",
        "lines": [],
        "room": "",
        "comment": "",
    },
    "fiscal_receipt.requested.1": {
        "receipt": {"operation": "sell", "positions": [], "paid": [], "email": "", "phone": "", "cashier": ""},
        "document_ids": [str(ID)],
        "patient_id": None,
        "moment": "2026-11-23T10:00:00",
    },
    "service.created.1": {"name": "Пломба", "category": "Терапия", "price": "4500.00", "duration": 60},
}
"""Topic → a state written before fields were added to it."""


@pytest.mark.parametrize("topic", BEFORE)
def test_a_state_from_before_its_topic_got_new_fields_is_read(topic: str) -> None:
    stored = StoredEvent(ID, 1, topic, json.dumps({**_OF_ALL, **BEFORE[topic]}).encode())
    event = EventMapper(decoders(AGGREGATES)).to_domain_event(stored)
    assert _holds(json.loads(msgspec.json.encode(event)), BEFORE[topic])


def _holds(now: Any, before: Any) -> bool:
    """Whether all that was stored is there, at any depth."""
    if isinstance(before, dict):
        return all(name in now and _holds(now[name], value) for name, value in before.items())
    if isinstance(before, list):
        return len(now) == len(before) and all(map(_holds, now, before))
    return bool(now == before)


@pytest.mark.spec("FIN-9")
def test_a_payment_and_goods_from_before_sales_are_read() -> None:
    paid = {"visit_id": str(ID), "sum": "10.00", "moment": "2026-11-10T12:00:00"}
    till = {"desk_id": str(ID), "desk_kind": "cash", "certificate_id": None}
    taken = {"number": 1, "place": 1, "moment": "2026-11-10T12:00:00", "patient_id": str(ID), "till": till, "sum": "10.00"}
    event = _read("payment.taken.1", {**taken, "allocations": [paid]})
    assert isinstance(event, Payment.Taken)
    assert event.allocations == (Allocation(ID, Decimal("10.00"), event.moment, "visit"),)
    made = _read("refund.made.1", {**taken, "payment_id": str(ID), "reason": ""})
    assert (type(made), getattr(made, "patient_id", None)) == (Refund.Made, ID)
    line = {"goods_id": str(ID), "quantity": "2", "unit": "sale", "factor": "1", "price": "5.00", "sum": "10.00"}
    issued = _read("goods_issue.created.1", {"number": 1, "card": {"moment": "2026-11-10T12:00"}, "lines": [line]})
    assert isinstance(issued, StockDocumentCreated)
    assert issued.lines[0].name == ""


def _read(topic: str, state: dict[str, Any]) -> object:
    stored = StoredEvent(ID, 1, topic, json.dumps({**_OF_ALL, **state}).encode())
    return EventMapper(decoders(AGGREGATES)).to_domain_event(stored)


def test_a_visit_from_before_goods_and_discounts_is_read() -> None:
    line = {"service_id": str(ID), "name": "Осмотр", "price": "500.00", "quantity": 2}
    changes = {"patient": None, "lines": {"old": [line], "new": []}, "room": None, "comment": None}
    stored = StoredEvent(ID, 1, "visit.described.1", json.dumps({**_OF_ALL, "changes": changes}).encode())
    event = EventMapper(decoders(AGGREGATES)).to_domain_event(stored)
    assert isinstance(event, Visit.Described)
    assert event.changes.lines is not None
    assert event.changes.lines.old == (Line(ID, "Осмотр", Decimal("500.00"), 2),)
    assert event.changes.goods is event.changes.discount is event.changes.materials is event.changes.warehouse is None


class Door(Aggregate):
    """As it is today: the third form of its event."""

    TOPIC = "door"
    room: str
    floor: int

    class Hung(Event, frozen=True):
        TOPIC: ClassVar[str] = "door.hung.3"
        room: str
        floor: int

    @applies(Hung)
    def _hung(self, event: Hung) -> None:
        self.room = event.room
        self.floor = event.floor


DOOR_UPCASTS = {
    "door.hung.1": Upcast("door.hung.2", lambda state: {**state, "room": str(state["room"])}),
    "door.hung.2": Upcast("door.hung.3", lambda state: {**state, "floor": 1}),
}
OLD = b'{"originator_id":"%s","originator_version":1,"timestamp":"2026-01-02T03:04:05Z","room":7}' % str(ID).encode()


def test_an_old_event_is_read_by_new_code_through_every_step() -> None:
    event = EventMapper(decoders([Door], DOOR_UPCASTS)).to_domain_event(StoredEvent(ID, 1, "door.hung.1", OLD))
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert event == Door.Hung(originator_id=ID, originator_version=1, timestamp=moment, room="7", floor=1)


def test_an_aggregate_is_loaded_from_old_events_that_stay_as_they_were_stored(database_url: str) -> None:
    denta = Denta.open(database_url)
    denta.clinic.recorder.insert_events([StoredEvent(ID, 1, "door.hung.1", OLD)], command_id=uuid4())
    clinic = PostgresClinic(denta.database, decoders([Door], DOOR_UPCASTS))
    door = clinic.load(Door, ID)
    assert (door.room, door.floor) == ("7", 1)
    assert denta.clinic.recorder.select_events(ID)[0].state == OLD
    denta.close()


def test_a_topic_that_nobody_knows_is_an_error_not_a_silence() -> None:
    with pytest.raises(ProgramOutdated):
        EventMapper(decoders([])).to_domain_event(StoredEvent(ID, 1, "door.hung.1", OLD))
    with pytest.raises(UnregisteredEventError):
        EventMapper(decoders([])).to_stored_event(
            Door.Hung(originator_id=ID, originator_version=1, timestamp=NOW, room="", floor=0)
        )


def test_a_state_that_does_not_fit_its_topic_names_the_event_and_not_its_values() -> None:
    secret = OLD.replace(b"7}", b'["Ivanov"]}')
    with pytest.raises(MapperDeserialisationError) as fault:
        EventMapper(decoders([Door])).to_domain_event(StoredEvent(ID, 1, "door.hung.3", secret))
    assert "door.hung.3" in str(fault.value)
    assert str(ID) in str(fault.value)
    assert "Ivanov" not in str(fault.value)


def test_one_topic_cannot_belong_to_two_kinds() -> None:
    with pytest.raises(ValueError, match=r"door\.hung\.3"):
        decoders([Door, Door])
    with pytest.raises(ValueError, match=r"door\.hung\.3"):
        decoders([Door], {"door.hung.3": Upcast("door.hung.4", lambda state: state)})
