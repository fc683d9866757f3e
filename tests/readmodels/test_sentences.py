"""What the journal and the history say of every kind of event and object, word for word.

`golden/sentences.json` holds streams of stored events and what was said of them: journals that clinics have read may not change
their wording by accident. Each event stands as [topic, state, action, sentence, how many other objects, changes], each stream
with the state that it leads to. Of topics that are missing the test writes streams of a random history: look at them, and commit.
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from aggregates.kernel import Aggregate, Event
from commands.registry import AGGREGATES
from gateways.event_mapper import decoders
from gateways.event_store_memory import MemoryClinic
from readmodels.words.registry import GLOSSARY
from tests.projections.histories import History, run_until_everything_happened

GOLDEN = Path(__file__).parent / "golden" / "sentences.json"
DECODERS = decoders(AGGREGATES)
Stream = dict[str, Any]


def plain(value: object) -> Any:
    return json.loads(msgspec.json.encode(value))


def stream_of(kind: type[Aggregate], events: Sequence[Event], stored: Sequence[tuple[str, Any]]) -> Stream:
    entries = [GLOSSARY.entry(event) for event in events]
    return {
        "entries": [
            [*row, entry.action, entry.summary, len(entry.refs), plain(GLOSSARY.changes(event))]
            for row, event, entry in zip(stored, events, entries, strict=True)
        ],
        "state": plain(list(GLOSSARY.of_kind(kind).state(kind.replay(events[0].originator_id, events)))),
    }


def again(kind: type[Aggregate], stream: Stream) -> Stream:
    """What is said now of a stored stream."""
    stored = [(topic, state) for topic, state, *_ in stream["entries"]]
    return stream_of(kind, [DECODERS[topic](json.dumps(state).encode()) for topic, state in stored], stored)


def made(kind: type[Aggregate], topics: set[str]) -> Iterator[Stream]:
    """Streams of a history in which everything occurs, as few and as short as hold these topics."""
    clinic = MemoryClinic()
    run_until_everything_happened(
        History(clinic), lambda: {one.event.TOPIC for stream in clinic.log.streams.values() for one in stream}
    )
    streams = [[one.event for one in stream] for stream in clinic.log.streams.values() if stream[0].event.TOPIC in kind.EVENTS]
    while topics:
        best = max(streams, key=lambda stream: (len(topics & {event.TOPIC for event in stream}), -len(stream)))
        firsts = {event.TOPIC: number for number, event in reversed(list(enumerate(best))) if event.TOPIC in topics}
        events = best[: max(firsts.values()) + 1]
        topics = topics - firsts.keys()
        yield again(kind, {"entries": [(event.TOPIC, short(plain(event))) for event in events]})


def short(state: Any) -> Any:
    """With the longest texts of the random history cut, so that people can read what is said of them."""
    return json.loads(re.sub("ж{4,}", "жжж", json.dumps(state, ensure_ascii=False)))


def written(golden: dict[str, list[Stream]]) -> str:
    """A line for each event, so that a difference is easy to read."""

    def of_stream(stream: Stream) -> str:
        lines = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in stream["entries"])
        return '{"entries": [\n' + lines + '\n ],\n "state": ' + json.dumps(stream["state"], ensure_ascii=False) + "}"

    kinds = (f"{json.dumps(kind)}: [" + ",\n".join(map(of_stream, streams)) + "]" for kind, streams in golden.items())
    return "{\n" + ",\n".join(kinds) + "\n}\n"


@pytest.mark.spec("AUD-1", "AUD-3")
@pytest.mark.parametrize("kind", AGGREGATES, ids=lambda kind: kind.TOPIC)
def test_every_sentence_and_every_state_reads_as_before(kind: type[Aggregate]) -> None:
    golden = json.loads(GOLDEN.read_text())
    streams = golden.setdefault(kind.TOPIC, [])
    assert [again(kind, stream) for stream in streams] == streams
    missing = kind.EVENTS.keys() - {entry[0] for stream in streams for entry in stream["entries"]}
    if missing:
        streams += made(kind, missing)
        GOLDEN.write_text(written(golden))
        pytest.fail(f"{GOLDEN.name} has {sorted(missing)} now: read what is said of them, and run again")
