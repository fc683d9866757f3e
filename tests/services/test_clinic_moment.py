"""Moments on the command line: whatever way they are written, and never another one than was meant."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from services.cli.clinic_moment import parse_moment
from services.process.operator_error import OperatorError

NOVOSIBIRSK = ZoneInfo("Asia/Novosibirsk")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("23.11.2026 10:00", "2026-11-23T10:00:00+07:00"),
        ("23.11.2026  10:00 ", "2026-11-23T10:00:00+07:00"),
        ("2026-11-23 10:00", "2026-11-23T10:00:00+07:00"),
        ("2026-11-23T10:00", "2026-11-23T10:00:00+07:00"),
        ("23.11.2026 10:00:05", "2026-11-23T10:00:05.999999+07:00"),
        ("2026-11-23T10:00:05", "2026-11-23T10:00:05.999999+07:00"),
        ("2026-11-23T10:00:05.25", "2026-11-23T10:00:05.250000+07:00"),
        ("2026-11-23T10:00+03:00", "2026-11-23T10:00:00+03:00"),
        ("2026-11-23T10:00Z", "2026-11-23T10:00:00+00:00"),
        ("23.11.2026", "2026-11-23T23:59:59.999999+07:00"),
        ("2026-11-23", "2026-11-23T23:59:59.999999+07:00"),
    ],
)
def test_a_moment_is_read_in_every_writing_that_is_printed_or_usual(written: str, moment: str) -> None:
    assert parse_moment(written, NOVOSIBIRSK, "номер версии") == datetime.fromisoformat(moment)


@pytest.mark.parametrize("written", ["", "вчера", "31.11.2026", "23.11", "2026-13-01", "10:00", "23.11.2026 25:00", "11/23/2026"])
def test_what_is_no_moment_is_refused(written: str) -> None:
    with pytest.raises(OperatorError, match="не номер версии и не момент"):
        parse_moment(written, NOVOSIBIRSK, "номер версии")
