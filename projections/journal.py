"""The action journal: one row per event of every kind."""

from aggregates.kernel import Event
from projections.audience import Audience
from projections.declaration import Envelope, Handler, Projection, position_key
from readmodels.journal import TABLE, JournalRow, row_of
from readmodels.words.registry import GLOSSARY


def _row(row: JournalRow | None, key: int, event: Event, envelope: Envelope) -> JournalRow:  # noqa: ARG001
    who = envelope.metadata
    return row_of(event, envelope.position, who.user_id, who.employee_id, who.address)


JOURNAL = Projection(
    "journal",
    TABLE,
    revision=5,
    audience=Audience("journal"),
    handlers=dict.fromkeys(GLOSSARY.events, Handler(position_key, _row)),
    one_stream=True,
    every_kind=True,
    append_only=True,
)
