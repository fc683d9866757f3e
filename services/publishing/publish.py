"""`denta publish`: sends every event of the log to Kafka as a message (ADR 20)."""

from commands.ports.outside import EventRefused
from projections.failure import reason
from services.background.declaration import Delivery, Follower
from services.publishing.messages import message_of


def publish(delivery: Delivery) -> None:
    """Send messages; returns when the brokers have stored all of them. Raises EventRefused."""
    log = delivery.denta.message_log
    if log is None:
        raise LookupError("no message log is set up")
    messages = []
    for one in delivery.events:
        try:
            messages.append(message_of(one.event, one.envelope))
        except Exception as error:
            raise EventRefused(one.envelope.position, reason(error)) from error
    log.deliver(messages)


PUBLISH = Follower(
    "publish",
    "all",
    publish,
    begins="first",
    batch=5000,
    part="publish",
    enabled=lambda denta: denta.message_log is not None,
)
