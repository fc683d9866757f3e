"""What lies outside of the clinic's own database: brokers, gateways of messages, registries."""


class OutsideAway(Exception):
    """It can't be reached, or takes nothing just now: nothing is wrong with what it was given."""


class EventRefused(Exception):
    """It doesn't take an event for a reason of the event's own. What was handed over before it may have been taken."""

    def __init__(self, position: int, reason: str) -> None:
        """`position`: of the event in the log. `reason`: without anybody's data."""
        super().__init__(position, reason)
        self.position, self.reason = position, reason

    def __str__(self) -> str:
        return self.reason


class WrongSetting(Exception):
    """A setting says how it is reached and can't be understood; the text is one Russian line."""
