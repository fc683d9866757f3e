"""The action journal: one row per event of every kind."""

from aggregates.kernel import Event
from projections.audience import Audience
from projections.declaration import Appends, Envelope, Projection
from readmodels.journal import TABLE, JournalRow, row_of
from readmodels.words.registry import GLOSSARY


def _row(event: Event, envelope: Envelope) -> JournalRow:
    who = envelope.metadata
    return row_of(event, envelope.position, who.user_id, who.employee_id, who.address)


JOURNAL = Projection(
    "journal",
    TABLE,
    revision=5,
    audience=Audience("journal"),
    handlers=dict.fromkeys(GLOSSARY.events, Appends(_row)),
    one_stream=True,
    every_kind=True,
)
