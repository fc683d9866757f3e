"""Who created documents of money and visits, and who completed visits."""

from aggregates.kernel import Event
from aggregates.money.certificate import Certificate
from aggregates.money.money_documents import MONEY_DOCUMENTS
from aggregates.money.payment import Payment
from aggregates.money.refund import Refund
from aggregates.scheduling.visit import Visit
from projections.audience import Audience
from projections.declaration import Appends, Envelope, Projection
from readmodels.authors import TABLE, AuthorRow


def _created(event: Event, envelope: Envelope) -> AuthorRow:
    return AuthorRow(envelope.position, event.originator_id, "created", envelope.metadata.employee_id)


def _completed(event: Visit.StatusChanged, envelope: Envelope) -> AuthorRow | None:
    if event.new != "completed":
        return None
    return AuthorRow(envelope.position, event.originator_id, "completed", envelope.metadata.employee_id)


CREATING: tuple[type[Event], ...] = (
    Visit.Booked,
    Payment.Taken,
    Refund.Made,
    Certificate.Sold,
    *(kind.Created for kind in MONEY_DOCUMENTS),
)
AUTHORS = Projection(
    "authors",
    TABLE,
    revision=1,
    audience=Audience("payroll", "certificates", *(kind.RIGHT for kind in MONEY_DOCUMENTS)),
    handlers={**dict.fromkeys(CREATING, Appends(_created)), Visit.StatusChanged: Appends(_completed)},
    one_stream=True,
)
