"""A test server of АТОЛ Онлайн (protocols 4 and 5): checks what it gets, and prints receipts on a page instead of on paper.

Receipts last for as long as the file that they are written into. `POST /behave` makes it misbehave as the real one may.
"""

import asyncio
import html
import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from services.test_servers.atol_receipts import SERVICE_FAULT, form_fault, register_fault

Trouble = Literal["refuse_token", "timeout", "lose_answer", "server_error", "fail", "late"]
"""refuse_token  the token is over (error 11)
timeout       no answer within the client's patience
lose_answer   the receipt is accepted, and the answer gets lost
server_error  nothing is accepted
fail          the register gives up: nothing is printed
late          `wait` is answered ten times before it is printed
"""
OPERATIONS = frozenset({"sell", "sell_refund", "buy", "buy_refund"})
LATE_ANSWERS = 10
MOST_BODY = 1_000_000


@dataclass
class AcceptedReceipt:
    """A receipt that was accepted."""

    uuid: str
    external_id: str
    operation: str
    receipt: Any
    accepted: str
    number: int
    waits: int = 0
    """How often `wait` is still to be answered."""
    error: Any = None
    """Code, text and type, where it isn't printed."""


@dataclass
class Register:
    """The register's state, and what it is to do wrong next."""

    login: str
    password: str
    group: str
    inn: str
    file: Path | None = None
    patience: float = 30.0
    """Seconds of silence of a `timeout`."""
    tokens: set[str] = field(default_factory=set)
    receipts: dict[str, AcceptedReceipt] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if self.file is not None and self.file.exists():
            for line in self.file.read_text(encoding="utf-8").splitlines():
                one = AcceptedReceipt(**json.loads(line, parse_float=Decimal))
                self.receipts[one.uuid] = one

    def accept(self, operation: str, body: Mapping[str, Any], trouble: Trouble | None) -> AcceptedReceipt:
        """A new receipt, or the one that has this external id."""
        with self.lock:
            for one in self.receipts.values():
                if one.external_id == body["external_id"]:
                    return one
            number = len(self.receipts) + 1
            fault = (1, "Истекло время ожидания") if trouble == "fail" else register_fault(body["receipt"])
            error = fault and {"code": fault[0], "text": fault[1], "type": "timeout" if trouble == "fail" else "driver"}
            now = f"{datetime.now():%d.%m.%Y %H:%M:%S}"  # noqa: DTZ005  a register's clock is local
            waits = LATE_ANSWERS if trouble == "late" else 0
            one = AcceptedReceipt(str(uuid4()), body["external_id"], operation, body["receipt"], now, number, waits, error)
            self.receipts[one.uuid] = one
            if self.file is not None:
                with self.file.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(one), ensure_ascii=False, default=float) + "\n")
            return one

    def next_trouble(self, *of: Trouble) -> Trouble | None:
        """The next trouble if it is one of these; it comes once."""
        with self.lock:
            return self.troubles.pop(0) if self.troubles and self.troubles[0] in of else None


def server(register: Register) -> Starlette:
    """The web application of one register."""

    async def get_token(request: Request) -> Response:
        body = await _body(request)
        if (body.get("login"), body.get("pass")) != (register.login, register.password):
            return _error(12, "Неверный логин или пароль", status=401)
        token = uuid4().hex
        register.tokens.add(token)
        return JSONResponse({"error": None, "token": token, "timestamp": _now()})

    async def accept(request: Request) -> Response:
        protocol, operation = request.path_params["protocol"], request.path_params["operation"]
        if refusal := _unauthorized(request):
            return refusal
        trouble = register.next_trouble("timeout", "lose_answer", "server_error", "fail", "late")
        if trouble == "server_error":
            return _error(50, "Внутренняя ошибка сервера", status=500)
        if trouble == "timeout":
            await asyncio.sleep(register.patience)
        body = await _body(request)
        if operation not in OPERATIONS:
            return _error(31, "Операция не поддерживается")
        if fault := form_fault(body, protocol, register.inn):
            return _error(SERVICE_FAULT, f"Ошибка валидации: {fault}")
        known = {one.external_id for one in register.receipts.values()}
        one = register.accept(operation, body, trouble)
        if trouble == "lose_answer":
            return Response(status_code=502)
        error = None
        if body["external_id"] in known:
            error = {"code": 33, "text": "Чек с таким external_id уже есть", "type": "system", "error_id": str(uuid4())}
        return JSONResponse({"uuid": one.uuid, "timestamp": _now(), "status": "wait", "error": error})

    async def report(request: Request) -> Response:
        if refusal := _unauthorized(request):
            return refusal
        one = register.receipts.get(request.path_params["uuid"])
        if one is None:
            return _error(30, "Чек не найден")
        if one.waits:
            one.waits -= 1
            return JSONResponse(
                {"uuid": one.uuid, "timestamp": _now(), "status": "wait", "error": _details(34, "Нет информации")}
            )
        if one.error:
            return JSONResponse({"uuid": one.uuid, "timestamp": _now(), "status": "fail", "error": one.error, "payload": None})
        payload = {
            "total": float(one.receipt["total"]),
            "fn_number": "9999078900004312",
            "shift_number": 1 + one.number // 100,
            "fiscal_receipt_number": 1 + one.number % 100,
            "fiscal_document_number": 1000 + one.number,
            "fiscal_document_attribute": 3_449_555_941 - one.number * 7919,
            "ecr_registration_number": "0000000400054952",
            "receipt_datetime": one.accepted,
            "fns_site": "www.nalog.gov.ru",
            "ofd_inn": "7704358518",
            "ofd_receipt_url": f"{request.base_url}receipts/{one.uuid}",
        }
        return JSONResponse({"uuid": one.uuid, "timestamp": _now(), "status": "done", "error": None, "payload": payload})

    async def behave(request: Request) -> Response:
        troubles = (await _body(request)).get("next", [])
        register.troubles = [trouble for trouble in troubles if trouble in get_args(Trouble)]
        return JSONResponse({"next": register.troubles})

    async def page(_: Request) -> Response:
        rows = "".join(
            f'<li><a href="/receipts/{one.uuid}">№ {one.number}</a> {html.escape(one.operation)} '
            f"{one.receipt['total']} ₽, {html.escape(one.accepted)}</li>"
            for one in reversed(register.receipts.values())
        )
        return HTMLResponse(_page("Тестовая касса", f"<ol reversed>{rows}</ol>" if rows else "<p>Чеков ещё нет.</p>"))

    async def receipt(request: Request) -> Response:
        one = register.receipts.get(request.path_params["uuid"])
        if one is None:
            return HTMLResponse(_page("Чека нет", ""), status_code=404)
        return HTMLResponse(_page(f"Кассовый чек № {one.number}", _slip(one)))

    def _unauthorized(request: Request) -> Response | None:
        if request.path_params["group"] != register.group:
            return _error(20, "Код группы не соответствует токену", status=401)
        if request.headers.get("token") not in register.tokens or register.next_trouble("refuse_token"):
            return _error(11, "Токен недействителен", status=401)
        return None

    root = "/possystem/{protocol:str}"
    return Starlette(
        routes=[
            Route(f"{root}/getToken", get_token, methods=["POST"]),
            Route(f"{root}/{{group:str}}/report/{{uuid:str}}", report),
            Route(f"{root}/{{group:str}}/{{operation:str}}", accept, methods=["POST"]),
            Route("/behave", behave, methods=["POST"]),
            Route("/receipts/{uuid:str}", receipt),
            Route("/", page),
        ]
    )


async def _body(request: Request) -> dict[str, Any]:
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > MOST_BODY:
            return {}
    try:
        body = json.loads(raw, parse_float=Decimal)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _details(code: int, text: str) -> dict[str, Any]:
    return {"error_id": str(uuid4()), "code": code, "text": text, "type": "system"}


def _error(code: int, text: str, *, status: int = 400) -> Response:
    return JSONResponse({"uuid": None, "timestamp": _now(), "status": "fail", "error": _details(code, text)}, status_code=status)


def _now() -> str:
    return f"{datetime.now():%d.%m.%Y %H:%M:%S}"  # noqa: DTZ005  a register's clock is local


_MEANS = {0: "Наличными", 1: "Безналичными", 2: "Зачёт аванса", 3: "В кредит"}


def _slip(one: AcceptedReceipt) -> str:
    lines = "".join(
        f"<tr><td>{html.escape(item['name'])}<br><small>{html.escape(str(item['payment_method']))}</small></td>"
        f"<td>{item['price']} × {item['quantity']}</td><td>{item['sum']}</td></tr>"
        for item in one.receipt["items"]
    )
    paid = "".join(
        f"<tr><td colspan=2>{_MEANS.get(part['type'], 'Иное')}</td><td>{part['sum']}</td></tr>"
        for part in one.receipt["payments"]
    )
    sent = one.receipt["client"].get("email") or one.receipt["client"].get("phone", "")
    state = f"<p><b>Не пробит:</b> {html.escape(one.error['text'])}</p>" if one.error else ""
    return (
        f"{state}<p>{'Возврат прихода' if one.operation == 'sell_refund' else 'Приход'}, {html.escape(one.accepted)}</p>"
        f"<table>{lines}<tr><th colspan=2>Итого</th><th>{one.receipt['total']}</th></tr>{paid}</table>"
        f"<p>Электронный чек: {html.escape(sent)}</p>"
    )


def _page(title: str, content: str) -> str:
    return (
        f"<!doctype html><html lang=ru><meta charset=utf-8><title>{html.escape(title)}</title>"
        "<style>body{font:16px/1.5 sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}"
        "td,th{text-align:left;padding:.25rem .5rem;vertical-align:top}</style>"
        f"<h1>{html.escape(title)}</h1><p><small>Тестовая касса: настоящие чеки она не печатает.</small></p>{content}</html>"
    )
