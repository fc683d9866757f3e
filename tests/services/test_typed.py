"""What people type means the same in forms and on the server: `web/src/lib/typed/examples.test.ts` reads the same examples."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from aggregates.people.person import birth_date
from aggregates.phones import phone
from aggregates.values import WrongValue, money
from services.excel import dates
from services.excel.cells import MONEY, PERIOD
from services.excel.entry_names import Names
from services.excel.full_names import split_full_name

EXAMPLES = json.loads((Path(__file__).parents[2] / "web/src/lib/typed/examples.json").read_text())
TODAY = date(2026, 11, 29)

pytestmark = pytest.mark.spec("UI-8")


def read(kind: str, written: str) -> Any:
    """None where it is refused."""
    try:
        match kind:
            case "phones":
                return phone("phone", written)
            case "births":
                return birth_date("birth_date", dates.read("birth_date", written), TODAY)
            case "sums":
                amount = money("price", MONEY.read("price", written, Names()))
                return f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:f}"
            case "durations":
                return PERIOD.read("duration", written, Names())
            case _:
                return list(split_full_name(written).parts)
    except WrongValue:
        return None


@pytest.mark.parametrize(
    ("kind", "example"),
    [(kind, example) for kind, examples in EXAMPLES.items() for example in examples],
    ids=lambda value: value if isinstance(value, str) else value["written"],
)
def test_what_forms_read_the_server_and_files_read_the_same(kind: str, example: dict[str, Any]) -> None:
    assert read(kind, example["written"]) == example.get("file", example["means"])


def test_every_difference_between_form_and_server_has_its_reason() -> None:
    for examples in EXAMPLES.values():
        assert all("why" in example for example in examples if {"form", "file"} & example.keys())


@pytest.mark.parametrize("written", ["15 00", "1 500 50", "1e3", "1_500", "٣", "+5", "-5", "Infinity", "NaN", "1500-50"])
def test_the_api_takes_no_such_text_for_a_sum_either(written: str) -> None:
    with pytest.raises(WrongValue):
        money("price", written)
