"""What the journal and the history say of every kind of event and object, word for word.

`golden/sentences.json` holds it for a history in which everything occurs; journals that clinics have read may not change their
wording by accident. Where a change is meant, delete the file, run this test, and look at the difference before it is committed.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from aggregates.kernel import Aggregate
from commands.registry import KINDS
from gateways.event_store_memory import MemoryClinic
from readmodels.journal import row_of
from readmodels.words.registry import GLOSSARY
from tests.projections.histories import History, long_history

GOLDEN = Path(__file__).parent / "golden" / "sentences.json"
OF_EVENT, OF_OBJECT = 3, 1
"""How many different ones of each kind stand there."""


def plain(value: object) -> Any:
    return json.loads(msgspec.json.encode(value))


@pytest.fixture(scope="module")
def clinic() -> MemoryClinic:
    made = MemoryClinic()
    History(made).run(long_history(seed=8, length=750))
    return made


def entries(clinic: MemoryClinic) -> Mapping[str, list[Any]]:
    """By topic: kind, sentence, changes, and how many other objects are concerned."""
    found: dict[str, list[Any]] = {}
    for recorded in clinic.log.events:
        row = row_of(recorded.event, recorded.position, None, None, None)
        said = plain([row.kind, row.object_type, row.summary, len(row.refs), GLOSSARY.changes(recorded.event)])
        known = found.setdefault(recorded.event.TOPIC, [])
        if said not in known and len(known) < OF_EVENT:
            known.append(said)
    return dict(sorted(found.items()))


def states(clinic: MemoryClinic) -> Mapping[str, list[Any]]:
    """By kind of object: labels and values of those that have the most of them."""
    found = {}
    for kind in KINDS:
        objects = (stream for stream in clinic.log.streams.values() if stream[0].event.TOPIC in kind.EVENTS)
        described = [plain(described_by(clinic.load(kind, stream[0].event.originator_id))) for stream in objects]
        found[kind.TOPIC] = sorted(described, key=len, reverse=True)[:OF_OBJECT]
    return found


def described_by(aggregate: Aggregate) -> list[Any]:
    return list(GLOSSARY.of_kind(type(aggregate)).state(aggregate))


def lines(found: Mapping[str, list[Any]]) -> Iterable[str]:
    for kind, said in found.items():
        yield f"{json.dumps(kind)}: [\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in said) + "\n]"


@pytest.mark.spec("AUD-1", "AUD-3")
def test_every_sentence_and_every_state_reads_as_before(clinic: MemoryClinic) -> None:
    now = {"entries": entries(clinic), "states": states(clinic)}
    assert set(now["entries"]) == {topic for kind in KINDS for topic in kind.EVENTS}
    if not GOLDEN.exists():
        GOLDEN.write_text(
            "{" + ",\n".join(f'"{part}": {{\n' + ",\n".join(lines(said)) + "\n}" for part, said in now.items()) + "}\n"
        )
        pytest.fail("written: look at it, and run again")
    golden = json.loads(GOLDEN.read_text())
    assert golden == now
