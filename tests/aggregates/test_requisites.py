from collections.abc import Callable

import pytest

from aggregates.requisites import inn, kpp
from aggregates.values import WrongValue


@pytest.mark.parametrize(
    ("check", "written", "stored"),
    [
        (inn, "7707083893", "7707083893"),
        (inn, " 7707 083893 ", "7707083893"),
        (inn, "500100732259", "500100732259"),
        (inn, "", ""),
        (kpp, "773601001", "773601001"),
        (kpp, "7736ab001", "7736AB001"),
        (kpp, "", ""),
    ],
)
def test_numbers_of_organisations_are_stored_in_one_form(check: Callable[..., str], written: str, stored: str) -> None:
    assert check("field", written) == stored


@pytest.mark.parametrize(
    ("check", "written"),
    [
        *((inn, wrong) for wrong in ("7707083894", "500100732258", "500100732249", "770708389", "77070838931", "0000000000")),
        *((inn, wrong) for wrong in ("000000000000", "770708389З", "\u0667707083893", 7707083893, None)),
        *((kpp, wrong) for wrong in ("77360100", "7736010011", "77360100A", "А73601001", 773601001)),
    ],
)
def test_numbers_that_can_not_be_are_refused(check: Callable[..., str], written: object) -> None:
    with pytest.raises(WrongValue):
        check("field", written)
