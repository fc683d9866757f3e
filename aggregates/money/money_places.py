"""Numbers of money documents, of payments and refunds, and their places: the order of what has one moment."""

from aggregates.money.certificate import Certificate
from aggregates.money.money_documents import MONEY_DOCUMENTS
from aggregates.money.payment import Payment
from aggregates.money.refund import Refund
from aggregates.numbering import Numbered

MONEY_NUMBERS: tuple[Numbered, ...] = tuple(Numbered(kind.TOPIC, "number", (kind.Created,)) for kind in MONEY_DOCUMENTS)
"""Each kind has numbers of its own."""
PAYMENT_NUMBERS = Numbered("payment", "number", (Payment.Taken,))
REFUND_NUMBERS = Numbered("refund", "number", (Refund.Made,))
MONEY_PLACES = Numbered(
    "money_place", "place", (*(kind.Created for kind in MONEY_DOCUMENTS), Payment.Taken, Refund.Made, Certificate.Sold)
)
