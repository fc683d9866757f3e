"""Events to stored JSON and back. The state is the whole event, so that SQL and projections need no other columns."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, MapperDeserialisationError, StoredEvent

from aggregates.kernel import Aggregate, Decoders, Event
from commands.ports.database import ProgramOutdated
from gateways.upcasts import UPCASTS, Upcast, to_present

Decoder = Callable[[bytes], Event]


class UnregisteredEventError(MapperDeserialisationError):
    """The event's class isn't registered."""


class KnownDecoders(dict[str, Decoder]):
    """Decoders by topic; an unknown topic raises ProgramOutdated."""

    def __missing__(self, topic: str) -> Decoder:
        raise ProgramOutdated(topic=topic)


def decoders(kinds: Iterable[type[Aggregate]], upcasts: Mapping[str, Upcast] = UPCASTS) -> dict[str, Decoder]:
    """Stored topic → decoder, for every topic that was ever written. ValueError if two classes have one topic."""
    classes: dict[str, type[Event]] = {}
    for kind in kinds:
        for topic, event_class in kind.EVENTS.items():
            if topic in classes or topic in upcasts or not topic.startswith(f"{kind.TOPIC}."):
                problem = f"{topic} of {kind.__name__} is taken, superseded, or not under the kind's name"
                raise ValueError(problem)
            classes[topic] = event_class
    table = KnownDecoders({topic: msgspec.json.Decoder(event_class).decode for topic, event_class in classes.items()})
    table.update({topic: _decoder_of_upcast(topic, classes, upcasts) for topic in upcasts})
    return table


def _decoder_of_upcast(topic: str, classes: Mapping[str, type[Event]], upcasts: Mapping[str, Upcast]) -> Decoder:
    def decode(state: bytes) -> Event:
        present, changed = to_present(topic, msgspec.json.decode(state), upcasts)
        return msgspec.convert(changed, classes[present])

    return decode


class EventMapper(Mapper[UUID]):
    """The library's mapper with explicit topics and msgspec instead of import paths and transcoders."""

    def __init__(self, decoders: Decoders) -> None:
        """The base class's transcoder isn't needed: both methods that use it are replaced."""
        self._decoders = decoders

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        topic: Any = getattr(domain_event, "TOPIC", "")
        if topic not in self._decoders:
            raise UnregisteredEventError(f"{topic or type(domain_event).__name__} isn't registered")
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=topic,
            state=msgspec.json.encode(domain_event),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Event:
        decode = self._decoders[stored_event.topic]
        try:
            return decode(stored_event.state)
        except msgspec.MsgspecError as error:
            problem = f"{stored_event.topic} of {stored_event.originator_id} v{stored_event.originator_version}: {error}"
            raise MapperDeserialisationError(problem) from error
