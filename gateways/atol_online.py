"""Receipts printed by АТОЛ Онлайн, a cash register in the cloud, by its protocol 4 (ФФД 1.05) or 5 (ФФД 1.2).

A receipt that may have been accepted is only ever repeated under its own id: the service answers with the first one then.
"""

import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx2
import msgspec

from aggregates.money.fiscal_receipt import PrintedSigns
from aggregates.money.receipt import Means, Position, Receipt, Subject
from commands.ports.fiscal_register import Awaited, Blame, NotPrinted, Outcome, ReceiptRefused
from commands.ports.outside import OutsideAway
from gateways.atol_settings import AtolSettings

SECONDS = 15.0
"""Longest wait for an answer."""
MOST_ANSWER = 1_000_000
_MEANS: dict[Means, int] = {"cash": 0, "cashless": 1, "prepaid": 2, "credit": 3}
_SUBJECTS_5: dict[Subject, int] = {"commodity": 1, "service": 4, "payment": 10, "another": 13}
_PIECE = 0
"""Unit of measure of protocol 5."""
_TOKEN_OVER = frozenset({10, 11})
_EXISTS = 33
_NOT_YET = 34
_BLAMES: dict[int, Blame] = {
    **dict.fromkeys((12, 14, 20, 21), "settings"),
    **dict.fromkeys((13, 32), "receipt"),
    **dict.fromkeys((30, 31, 40, 41), "program"),
}
"""Other codes are the service's own trouble: it is asked again with the same id."""
_encode = msgspec.json.Encoder(decimal_format="number").encode


class _Error(msgspec.Struct, frozen=True):
    code: int
    text: str = ""
    type: str = ""


class _Payload(msgspec.Struct, frozen=True):
    fn_number: str
    shift_number: int
    fiscal_receipt_number: int
    fiscal_document_number: int
    fiscal_document_attribute: int
    ecr_registration_number: str
    receipt_datetime: str
    ofd_receipt_url: str | None = None


class _Answer(msgspec.Struct, frozen=True):
    """What all answers have in common; the token's too."""

    uuid: str | None = None
    status: str | None = None
    error: _Error | None = None
    payload: _Payload | None = None
    token: str | None = None


_decode = msgspec.json.Decoder(_Answer, strict=False).decode


class AtolOnline:
    """`commands.ports.fiscal_register.FiscalRegister`. Thread-safe."""

    def __init__(self, settings: AtolSettings, client: httpx2.Client | None = None) -> None:
        self._settings = settings
        self._client = client or httpx2.Client(timeout=SECONDS, follow_redirects=False)
        self._token = ""
        self._signing_in = threading.Lock()

    def close(self) -> None:
        self._client.close()

    def hand_over(self, receipt: Receipt, attempt_id: str) -> str:
        answer = self._asked("POST", f"/{self._settings.group}/{receipt.operation}", self._body(receipt, attempt_id))
        if answer.uuid and (answer.error is None or answer.error.code == _EXISTS):
            return answer.uuid
        raise _refusal(answer.error)

    def outcome(self, id: str) -> Outcome:  # noqa: A002
        answer = self._asked("GET", f"/{self._settings.group}/report/{id}")
        error = answer.error
        if answer.status == "done" and answer.payload is not None:
            return _printed(answer.payload)
        if error is not None and error.code in _BLAMES:
            raise _refusal(error)
        if answer.status == "fail":
            return NotPrinted(error.code, error.text) if error else NotPrinted(0, "")
        if answer.status == "wait" or (error is not None and error.code == _NOT_YET):
            return Awaited()
        raise _refusal(error)

    # --- the wire -------------------------------------------------------------------------------------------------------

    def _asked(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> _Answer:
        """An answer, by a new token if the old one is over."""
        token = self._token or self._signed_in("")
        answer = self._sent(method, path, body, token)
        if answer.error is not None and answer.error.code in _TOKEN_OVER:
            answer = self._sent(method, path, body, self._signed_in(token))
        return answer

    def _signed_in(self, over: str) -> str:
        """A token that isn't `over`. ReceiptRefused of a wrong name or password."""
        with self._signing_in:
            if self._token == over:
                credentials = {"login": self._settings.login, "pass": self._settings.password}
                answer = self._sent("POST", "/getToken", credentials, "")
                if not answer.token:
                    raise _refusal(answer.error)
                self._token = answer.token
            return self._token

    def _sent(self, method: str, path: str, body: Mapping[str, Any] | None, token: str) -> _Answer:
        headers = {"Content-Type": "application/json; charset=utf-8", **({"Token": token} if token else {})}
        content = None if body is None else _encode(body)
        try:
            with self._client.stream(method, self._settings.address + path, content=content, headers=headers) as response:
                read = b""
                for part in response.iter_bytes():
                    read += part
                    if len(read) > MOST_ANSWER:
                        raise OutsideAway("the cash register's answer is too long")
            return _decode(read)
        except (httpx2.HTTPError, msgspec.DecodeError) as error:
            raise OutsideAway(f"cash register: {type(error).__name__}") from error

    # --- a receipt as the service wants it --------------------------------------------------------------------------------

    def _body(self, receipt: Receipt, attempt_id: str) -> dict[str, Any]:
        settings = self._settings
        company = {"email": settings.email, "inn": settings.inn, "payment_address": settings.place}
        client = {"email": receipt.email} if receipt.email or not receipt.phone else {"phone": receipt.phone}
        if not client.get("email", "-"):
            client = {"email": settings.email}  # the service needs an address; nobody asked for the receipt, so it is our own
        body: dict[str, Any] = {
            "client": client,
            "company": company | ({"sno": settings.taxation} if settings.taxation else {}),
            "items": [self._item(position) for position in receipt.positions],
            "payments": [{"type": _MEANS[part.means], "sum": part.sum} for part in receipt.paid],
            "total": receipt.total,
        }
        if receipt.cashier:
            body["cashier"] = receipt.cashier[:64]
        return {"timestamp": f"{datetime.now():%d.%m.%Y %H:%M:%S}", "external_id": attempt_id, "receipt": body}  # noqa: DTZ005  the service wants the sender's own clock

    def _item(self, position: Position) -> dict[str, Any]:
        item: dict[str, Any] = {
            "name": position.name,
            "price": position.price,
            "quantity": position.quantity,
            "sum": position.sum,
            "payment_method": position.method,
            "payment_object": position.subject,
            "vat": {"type": position.vat},
        }
        if self._settings.protocol == "v5":
            item |= {"payment_object": _SUBJECTS_5[position.subject], "measure": _PIECE}
        return item


def _printed(payload: _Payload) -> PrintedSigns:
    return PrintedSigns(
        register_number=payload.ecr_registration_number,
        storage_number=payload.fn_number,
        document_number=payload.fiscal_document_number,
        sign=str(payload.fiscal_document_attribute),
        shift_number=payload.shift_number,
        number_in_shift=payload.fiscal_receipt_number,
        printed_at=datetime.strptime(payload.receipt_datetime, "%d.%m.%Y %H:%M:%S"),  # noqa: DTZ007  by the register's clock
        link=payload.ofd_receipt_url or "",
    )


def _refusal(error: _Error | None) -> Exception:
    """What an answer without a result means."""
    if error is None:
        return OutsideAway("the cash register's answer says nothing")
    blame = _BLAMES.get(error.code)
    if blame is None:
        return OutsideAway(f"cash register: error {error.code} ({error.type or 'unknown'})")
    return ReceiptRefused(blame, error.code, error.text)
