"""What the test server of a cash register demands of a receipt: form, limits, and sums that agree.

`form_fault` is found at once (error 32); `register_fault` by the register itself, later, as a real one does (type `driver`).
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

SERVICE_FAULT = 32
MOST_PRICE = Decimal("42949672.95")
MOST_QUANTITY = Decimal("99999.999")
METHODS = frozenset(
    {"full_prepayment", "prepayment", "advance", "full_payment", "partial_payment", "credit", "credit_payment"}
)  # fmt: skip
SUBJECTS_4 = frozenset({"commodity", "service", "payment", "another", "job"})
SUBJECTS_5 = frozenset({1, 3, 4, 10, 13})
MEASURES = frozenset({0, 40, 41, 71, 72, 255})
VATS = frozenset({"none", *(f"vat{rate}" for rate in (0, 5, 7, 10, 20, 22, 105, 107, 110, 120, 122))})
TAXATIONS = frozenset({"osn", "usn_income", "usn_income_outcome", "envd", "esn", "patent"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+?[0-9]{5,15}")
_MOMENT = re.compile(r"[0-3][0-9]\.[01][0-9]\.20[0-9]{2} [0-2][0-9]:[0-5][0-9]:[0-5][0-9]")


def form_fault(body: Mapping[str, Any], protocol: str, inn: str) -> str | None:
    """The first thing that is wrong with the form, in the words of a schema; None if it is right."""
    return next(_form_faults(body, protocol, inn), None)


def _form_faults(body: Mapping[str, Any], protocol: str, inn: str) -> Iterator[str]:
    receipt = body.get("receipt")
    if not isinstance(body.get("external_id"), str) or not 1 <= len(body["external_id"]) <= 128:
        yield "external_id: from 1 to 128 characters"
    if not _MOMENT.fullmatch(str(body.get("timestamp"))):
        yield "timestamp: dd.mm.yyyy HH:MM:SS"
    if not isinstance(receipt, dict):
        yield "receipt: required"
        return
    yield from _client_faults(receipt.get("client"))
    yield from _company_faults(receipt.get("company"), inn)
    items, payments = receipt.get("items"), receipt.get("payments")
    if not isinstance(items, list) or not 1 <= len(items) <= 100:
        yield "items: from 1 to 100"
    else:
        for number, item in enumerate(items):
            yield from _item_faults(f"items[{number}]", item, protocol)
    if not isinstance(payments, list) or not 1 <= len(payments) <= 10:
        yield "payments: from 1 to 10"
    else:
        for number, payment in enumerate(payments):
            if not isinstance(payment, dict) or payment.get("type") not in range(10) or not _amount(payment.get("sum"), 2):
                yield f"payments[{number}]: type from 0 to 9, sum with two decimals"
    if not _amount(receipt.get("total"), 2):
        yield "total: a number with two decimals"
    if len(str(receipt.get("cashier", ""))) > 64:
        yield "cashier: at most 64 characters"


def _client_faults(client: Any) -> Iterator[str]:
    if not isinstance(client, dict) or not (client.get("email") or client.get("phone")):
        yield "client: email or phone required"
    elif client.get("email") and not (len(client["email"]) <= 64 and _EMAIL.fullmatch(client["email"])):
        yield "client.email: wrong"
    elif client.get("phone") and not _PHONE.fullmatch(client["phone"]):
        yield "client.phone: + and digits"


def _company_faults(company: Any, inn: str) -> Iterator[str]:
    if not isinstance(company, dict):
        yield "company: required"
        return
    if company.get("inn") != inn:
        yield "company.inn: isn't the register's"
    if not company.get("email") or len(company["email"]) > 64:
        yield "company.email: required, at most 64 characters"
    if not company.get("payment_address") or len(company["payment_address"]) > 256:
        yield "company.payment_address: required, at most 256 characters"
    if "sno" in company and company["sno"] not in TAXATIONS:
        yield "company.sno: unknown"


def _item_faults(place: str, item: Any, protocol: str) -> Iterator[str]:
    if not isinstance(item, dict):
        yield f"{place}: required"
        return
    if not isinstance(item.get("name"), str) or not 1 <= len(item["name"]) <= 128:
        yield f"{place}.name: from 1 to 128 characters"
    if not _amount(item.get("price"), 2) or item["price"] > MOST_PRICE:
        yield f"{place}.price: a number with two decimals"
    if not _amount(item.get("quantity"), 3) or not 0 < item["quantity"] <= MOST_QUANTITY:
        yield f"{place}.quantity: a number with three decimals"
    if not _amount(item.get("sum"), 2):
        yield f"{place}.sum: a number with two decimals"
    if item.get("payment_method") not in METHODS:
        yield f"{place}.payment_method: unknown"
    if item.get("payment_object") not in (SUBJECTS_4 if protocol == "v4" else SUBJECTS_5):
        yield f"{place}.payment_object: unknown"
    if protocol == "v5" and item.get("measure") not in MEASURES:
        yield f"{place}.measure: unknown"
    if not isinstance(item.get("vat"), dict) or item["vat"].get("type") not in VATS:
        yield f"{place}.vat.type: unknown"


def _amount(value: Any, places: int) -> bool:
    """Whether it is a number from 0 with at most so many decimals; the request's numbers are read as decimals."""
    number = value if isinstance(value, Decimal) else Decimal(value) if type(value) is int else None
    return number is not None and number >= 0 and number == number.quantize(Decimal(1).scaleb(-places))


def register_fault(receipt: Mapping[str, Any]) -> tuple[int, str] | None:
    """What the register's driver refuses: its code and text; None if it prints."""
    items = receipt["items"]
    for item in items:
        if not item["price"] and item["sum"]:
            return -3805, "Цена товара равна нулю"
        if (item["price"] * item["quantity"]).quantize(Decimal("0.01")) != item["sum"]:
            return -3803, "Сумма позиции не равна цене, умноженной на количество"
    total = sum(item["sum"] for item in items)
    if not total - Decimal("0.99") <= receipt["total"] <= total:
        return -3804, "Итог чека не равен сумме позиций"
    paid = sum(payment["sum"] for payment in receipt["payments"])
    if paid < receipt["total"]:
        return -3835, "Чек оплачен не полностью"
    if sum(payment["sum"] for payment in receipt["payments"] if payment["type"] != 0) > receipt["total"]:
        return -3896, "Сумма безналичных оплат больше итога чека"
    return None
