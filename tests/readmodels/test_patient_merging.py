"""Two cards side by side."""

from aggregates.people.patient_merging import GROUPS
from readmodels.people.patient_merging import TITLES


def test_every_group_of_fields_is_called_something() -> None:
    assert TITLES.keys() == {*GROUPS, "categories", "photo"}
