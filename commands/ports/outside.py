"""What lies outside of the clinic's own database: brokers, gateways of messages, registries."""


class OutsideAway(Exception):
    """It can't be reached, or takes nothing just now: nothing is wrong with what it was given."""
