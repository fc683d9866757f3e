"""Errors of systems outside: brokers, message gateways, registries."""


class OutsideAway(Exception):
    """The system can't be reached or accepts nothing now; the data isn't the cause."""


class EventRefused(Exception):
    """The system refuses an event because of its content. Events before it may have been accepted."""

    def __init__(self, position: int, reason: str) -> None:
        """`position`: of the event in the log. `reason`: without personal data."""
        super().__init__(position, reason)
        self.position, self.reason = position, reason

    def __str__(self) -> str:
        return self.reason


class WrongSetting(Exception):
    """A setting of the connection is invalid; the text is one Russian line."""
