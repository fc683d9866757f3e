"""Words of the lists that reports show."""

from readmodels.words.accessed import PERIOD, QUERY, AccessedList, Filter, yes_no

_SHOWN = {"debts": "должники", "prepaid": "с авансом", "all": "все"}

INCOME_ACCESSED = AccessedList(
    type="income_report",
    label="Строки отчёта о выручке",
    path="/reports/income/lines",
    rights=("income_report",),
    filters={
        **PERIOD,
        "employee": Filter("исполнитель", refers="employee"),
        "item": Filter("услуга или товар", refers="service"),
        "category": Filter("категория", refers="service_category"),
        "first_visits": Filter("первичные визиты", shown=yes_no),
    },
)
PAID_ACCESSED = AccessedList(
    type="income_paid",
    label="Визиты отчёта о выручке: оплачено",
    path="/reports/income/paid",
    rights=("income_report",),
    filters=PERIOD,
)
DEBTS_ACCESSED = AccessedList(
    type="debt_report",
    label="Долги и авансы",
    path="/reports/debts",
    rights=("debt_report",),
    filters={
        **QUERY,
        "day": Filter("на конец дня", shown=lambda day: ".".join(reversed(day.split("-")))),
        "show": Filter("показаны", shown=lambda show: _SHOWN.get(show, show)),
    },
)
