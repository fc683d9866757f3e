"""The contracts of published messages: what they hold, and what never leaves."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from aggregates.kernel import Event
from commands.registry import AGGREGATES
from projections.declaration import Envelope
from projections.reader import read_batch
from services.background.runners import selection_of
from services.bootstrap import Denta
from services.publishing.messages import PUBLIC, message_of
from services.publishing.publish import PUBLISH
from tests.projections.histories import STEPS, History

GOLDEN = Path(__file__).parent / "golden" / "public_messages.json"


@pytest.fixture(scope="module")
def bodies(module_database_url: str) -> list[dict[str, Any]]:
    """Of a history with every command in it."""
    denta = Denta.open(module_database_url)
    History(denta.clinic).run([(step, seed) for seed in range(12) for step in STEPS])
    with psycopg.connect(module_database_url, autocommit=True) as connection:
        batch = read_batch(connection, denta.decoders, 0, selection_of(PUBLISH, denta))
    denta.close()
    return [json.loads(message_of(event, envelope).value) for event, envelope in batch.entries if isinstance(event, Event)]


def contract_of(event_class: type[Event]) -> str:
    return f"{event_class.TOPIC.rpartition('.')[0]}/{PUBLIC[event_class].version}"


@pytest.mark.spec("OPS-8")
def test_contracts_only_grow() -> None:
    """Who reads them relies on every field. A new message is added to the golden file by this test, a field that comes by hand;
    for anything else there is a new version."""
    golden = json.loads(GOLDEN.read_text())
    now = {contract_of(event_class): list(contract.fields) for event_class, contract in PUBLIC.items()}
    new = now.keys() - golden.keys()
    assert {name: fields for name, fields in now.items() if name not in new} == golden
    if new:
        GOLDEN.write_text(json.dumps(now, ensure_ascii=False, indent=2, sort_keys=True) + "\n")
        pytest.fail(f"{GOLDEN.name} has {sorted(new)} now: read it, and run again")


def test_a_message_holds_what_its_contract_says(bodies: list[dict[str, Any]]) -> None:
    fields = {contract_of(event_class): set(contract.fields) for event_class, contract in PUBLIC.items()}
    seen = set()
    for body in bodies:
        if body["data"] is not None:
            assert set(body["data"]) == fields[f"{body['name']}/{body['version']}"], body["name"]
            seen.add(body["name"])
    assert len(seen) > 30


@pytest.mark.spec("SEC-5")
def test_nothing_of_people_leaves_but_ids(bodies: list[dict[str, Any]]) -> None:
    names = {str(body["name"]) for body in bodies}
    assert {"patient.created", "employee.hired", "visit.booked", "access.granted"} <= names
    for body in bodies:
        if str(body["aggregate"]) in {"patient", "employee", "access", "counterparty", "settings", "rights_set"}:
            assert set(body["data"] or {}) <= {"number", "takes_visits", "color", "patient_id", "into"}, body["name"]
        text = json.dumps(body["data"], ensure_ascii=False)
        for word in ("comment", "phone", "email", "birth", "family_name", "passport", "sick", "vacation"):
            assert word not in text, body["name"]


def test_an_event_without_a_contract_is_a_notice_without_content() -> None:
    """So a new one reveals nothing before somebody has thought about it."""
    published = set(PUBLIC)
    withheld = [event_class for kind in AGGREGATES for event_class in kind.EVENTS.values() if event_class not in published]
    assert withheld

    class Untold(Event, frozen=True, kw_only=True):
        TOPIC = "thing.told.1"
        secret: str

    event = Untold(originator_id=uuid4(), originator_version=1, timestamp=datetime(2026, 11, 23, 10, tzinfo=UTC), secret="x")
    body = json.loads(message_of(event, Envelope(5, Untold.TOPIC, event.originator_id, 1)).value)
    assert (body["name"], body["version"], body["position"], body["data"]) == ("thing.told", 0, 5, None)
