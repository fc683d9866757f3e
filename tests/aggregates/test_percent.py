import pytest

from aggregates.percent import percent
from aggregates.values import WrongValue


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("10", "10.00"), ("7,50", "7.50"), (" 12.5 % ", "12.50"), ("0", "0.00"), ("-0", "0.00"), ("100", "100.00")],
)
def test_a_percentage_is_read_as_people_write_it(typed: str, stored: str) -> None:
    assert str(percent("discount", typed)) == stored


@pytest.mark.parametrize("typed", ["101", "-5", "1e1", "7.555", "десять", "٣", "10 % от"])
def test_what_is_no_percentage_is_refused_by_its_field(typed: str) -> None:
    with pytest.raises(WrongValue) as refused:
        percent("discount", typed)
    assert refused.value.facts["field"] == "discount"
