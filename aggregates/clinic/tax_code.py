"""By which limit the tax office lets people deduct what they paid for a service.

Code 1 is ordinary treatment, whose deduction has a limit a year; code 2 is expensive treatment, whose deduction has none. The
clinic decides which of its services are expensive.
"""

from typing import Literal

TaxCode = Literal["1", "2"]
LineTaxCode = Literal["", "1", "2"]
"""Of a line of a visit, as its service had it when it was written. "": written before services had codes; the service's present
one.
"""
TAX_CODE_CHOICES: dict[str | int | bool, str] = {"1": "1 – обычное лечение", "2": "2 – дорогостоящее лечение"}
