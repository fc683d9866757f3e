"""Parses a moment on the command line: by the clinic's clock unless it names a zone."""

import re
from datetime import datetime, time, timedelta, tzinfo

from services.process.operator_error import OperatorError

_FORMATS = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y")
_TO_THE_SECOND = re.compile(r"\d:\d\d:\d\d(?![.,\d])")
EXAMPLES = "23.11.2026, 23.11.2026 10:00, 23.11.2026 10:00:05, 2026-11-23T10:00"


def parse_moment(written: str, zone: tzinfo, otherwise: str) -> datetime:
    """An aware moment. A time with seconds means the end of that second, so that a time printed by `denta history` includes its
    event; a date means the end of that day; a time without seconds means its exact minute.

    `otherwise`: the other kind of value that the argument accepts, for the refusal. Raises OperatorError.
    """
    text = " ".join(written.split())
    moment = _parsed(text)
    if moment is None:
        raise OperatorError(f"«{written}» – не {otherwise} и не момент. Момент пишется так: {EXAMPLES}.")
    if not any(mark in text for mark in ":T"):
        moment = datetime.combine(moment.date(), time.max)
    elif _TO_THE_SECOND.search(text):
        moment += timedelta(microseconds=999_999)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007  the caller adds the zone
        except ValueError:
            continue
    return None
