"""What the words of employees and of patients have in common."""

from readmodels.people_names import FULL_NAME

EMPLOYEE_NAME = FULL_NAME.format("t")
"""SQL: the name of an employee `t`."""
EMPLOYEE_TEXT = "translate(lower(concat_ws(' ', t.family_name, t.given_name, t.patronymic, t.name_key)), 'ё', 'е')"
"""SQL: what an employee `t` is found by."""
