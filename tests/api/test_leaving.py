"""Heavy work ends when its client leaves, and neither holds the others up nor leaves anything behind."""

import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from io import StringIO
from time import monotonic
from typing import Any

import psutil
import psycopg
import pytest

from aggregates.money.money_documents import MONEY_DOCUMENTS
from aggregates.stock.stock_documents import STOCK_DOCUMENTS, CustomerReturn
from services.api.http import heavy_work, route_handler
from services.api.http.heavy_work import HeavyWork
from services.api.openapi import route_handlers
from services.excel import workbooks
from tests.api.world import MONDAY, Browser, World, eventually, written

pytestmark = pytest.mark.thorough

EXPORT = "/api/journal/export.xlsx"
SEARCH = "/api/journal"
REPORTS = ("income", "income/lines", "income/paid", "debts", "load", "stock-turnover")


def test_every_heavy_route_says_of_which_kind_it_is() -> None:
    """A checklist for a new route: does it take long?"""
    kinds: dict[str, set[str]] = {}
    for route in route_handlers():
        if route.declared.heavy is not None:
            kinds.setdefault(route.declared.heavy.name, set()).add(f"{route.declared.method} {route.path}")
    assert kinds == {
        "pictures": {
            "PUT /api/patients/{patient_id}/photo",
            "PUT /api/employees/{employee_id}/photo",
            "POST /api/visits/{visit_id}/files",
        },
        "files": {"GET /api/visit-files/{file_id}/content"},
        "storing": {
            "POST /api/excel/imports/{catalogue}",
            *(f"POST /api/{kind.PATH}/lines/read" for kind in STOCK_DOCUMENTS if kind is not CustomerReturn),
        },
        "workbooks": {
            "GET /api/journal/export.xlsx",
            "GET /api/access-log/export.xlsx",
            "GET /api/excel/export.zip",
            "GET /api/excel/templates/{catalogue}",
            "GET /api/excel/imports/{import_id}/errors.xlsx",
            "GET /api/stock-count-sheet.xlsx",
            *(f"GET /api/reports/{report}/export.xlsx" for report in REPORTS),
        },
        "reports": {f"GET /api/reports/{report}" for report in REPORTS},
        "searches": {
            "GET /api/patients",
            "GET /api/visits",
            *(f"GET /api/{kind.PATH}" for kind in (*STOCK_DOCUMENTS, *MONEY_DOCUMENTS)),
            "GET /api/desk-balances/{desk_id}",
            "GET /api/settlements",
            "GET /api/tax-certificates",
            "GET /api/patients/{patient_id}/tax-certificate-draft",
            "POST /api/tax-certificates/electronic-form",
            "GET /api/settlements/{counterparty_id}",
            "GET /api/settlements/{counterparty_id}/register",
            "GET /api/settlements/{counterparty_id}/unpaid-receipts",
            "GET /api/settlements/{counterparty_id}/unpaid-invoices",
            "GET /api/settlements/{counterparty_id}/invoice-draft",
            "GET /api/invoices",
            "GET /api/own-payroll",
            "GET /api/own-payroll/{accrual_id}",
            "GET /api/payroll",
            "GET /api/payroll/{employee_id}",
            "GET /api/pay-accruals",
            "GET /api/pay-accruals/{accrual_id}",
            "GET /api/pay-settlements",
            "GET /api/pay-settlements/{employee_id}",
            "GET /api/stock-balances",
            "GET /api/stock-batches/expiring",
            "GET /api/stock-book",
            "GET /api/stock-balances/{goods_id}",
            "GET /api/calendar",
            "GET /api/schedule",
            "GET /api/schedule/at",
            "GET /api/schedule/versions/{version}",
            "POST /api/schedule/conflicts",
            "POST /api/schedule/restore",
            "GET /api/history/{object_type}/{object_id}",
            "GET /api/history/{object_type}/{object_id}/at",
            "GET /api/patients/{patient_id}/history",
            "GET /api/patients/{patient_id}/history/at",
            "GET /api/settings/history",
            "GET /api/clinic-information/history",
        },
        "papers": {
            *(f"GET /api/{kind.PATH}/{{document_id}}/paper.pdf" for kind in STOCK_DOCUMENTS),
            "GET /api/stock-counts/{document_id}/sheet.pdf",
            "GET /api/visits/{visit_id}/papers/{kind}",
            "GET /api/calendar/day.pdf",
            "GET /api/calendar/calls.pdf",
            "GET /api/paper-templates/{entry_id}/preview.pdf",
            "POST /api/patients/{patient_id}/papers",
            "GET /api/patient-papers/{paper_id}/file.pdf",
            "GET /api/tax-certificates/{tax_certificate_id}/paper.pdf",
            "GET /api/invoices/{invoice_id}/invoice.pdf",
            "GET /api/invoices/{invoice_id}/act.pdf",
            "GET /api/payments/{payment_id}/order.pdf",
            "GET /api/refunds/{refund_id}/order.pdf",
            "GET /api/money-incomes/{document_id}/order.pdf",
            "GET /api/money-outgoes/{document_id}/order.pdf",
            "GET /api/patients/{patient_id}/bill.pdf",
            "GET /api/desk-balances/{desk_id}/cash-book.pdf",
            "GET /api/pay-accruals/{accrual_id}/paper.pdf",
            "GET /api/own-payroll/{accrual_id}/paper.pdf",
        },
        "journals": {"GET /api/journal", "GET /api/access-log"},
    }


def test_whatever_is_uploaded_or_downloaded_is_heavy() -> None:
    light = {
        f"{route.declared.method} {route.path}"
        for route in route_handlers()
        if route.declared.heavy is None and (route.declared.media != "application/json" or route.declared.upload is not None)
    }
    assert light == {
        "GET /metrics",
        "GET /api/patients/{patient_id}/photo",  # of at most 800 pixels a side
        "GET /api/employees/{employee_id}/photo",
        "GET /api/visit-files/{file_id}/preview",  # of at most 480
    }


@contextmanager
def stuck(world: World) -> Iterator[None]:
    """Readers of the journal have to wait."""
    with psycopg.connect(world.denta.database.url) as connection:
        connection.execute("LOCK TABLE journal IN ACCESS EXCLUSIVE MODE")
        yield


def waiting(world: World) -> int:
    """Queries that wait for that; the worker, which writes what has happened just before, may wait too."""
    with psycopg.connect(world.denta.database.url, autocommit=True) as connection:
        query = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
            AND query ILIKE '%journal%' AND query NOT ILIKE '%update projections%' AND pid <> pg_backend_pid()"""
        found = connection.execute(query).fetchone()
        return int(found[0]) if found else 0


def processes() -> list[psutil.Process]:
    """That make a workbook."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if "services.excel.workbooks" in " ".join(_command(child))]


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def asked(browser: Browser, path: str) -> socket.socket:
    """A request whose client can leave."""
    host, port = browser.base_url.host, browser.base_url.port
    line = socket.create_connection((host, port or 80), timeout=20)
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookies}\r\n\r\n".encode())
    return line


def at_once(ask: Callable[[], Any], many: int) -> list[Any]:
    with ThreadPoolExecutor(many) as pool:
        return [one.result() for one in [pool.submit(ask) for _ in range(many)]]


@pytest.mark.parametrize("path", [EXPORT, SEARCH], ids=["process", "thread"])
def test_heavy_work_ends_when_its_client_leaves(
    world: World,
    administrator: Browser,
    lines: StringIO,
    path: str,
) -> None:
    with stuck(world):
        line = asked(administrator, path)
        eventually(lambda: waiting(world) == 1, 40)
        began = monotonic()
        line.close()
        eventually(lambda: waiting(world) == 0 and not processes(), 40)
        assert monotonic() - began < 4  # well before the query's own end, which waits five seconds for a lock
    assert eventually(lambda: written(lines, status=499))["level"] == "info"
    assert "Traceback" not in lines.getvalue()
    assert not any("where" in json.loads(one) for one in lines.getvalue().splitlines())
    assert administrator.get(path, timeout=90).status_code == 200


@pytest.mark.parametrize("path", [EXPORT, SEARCH], ids=["process", "thread"])
def test_many_at_once_hold_nobody_up_and_leave_nothing_behind(
    world: World, administrator: Browser, receptionist: Browser, path: str
) -> None:
    with stuck(world), ExitStack() as opened:
        for _ in range(24):
            opened.callback(asked(administrator, path).close)
        eventually(lambda: waiting(world) > 0, 40)
        for _ in range(10):  # neither pool nor threads are taken
            assert receptionist.get("/api/patients/search?q=Иванова").status_code == 200
        assert 0 < waiting(world) <= 3
    eventually(lambda: waiting(world) == 0 and not processes(), 40)
    assert administrator.get(path, timeout=90).status_code == 200


@pytest.mark.parametrize(("stands_back", "niceness"), [(True, workbooks.POLITENESS), (False, 0)])
def test_a_workbook_comes_after_requests_where_the_clinic_wants_it(
    world: World, administrator: Browser, monkeypatch: pytest.MonkeyPatch, *, stands_back: bool, niceness: int
) -> None:
    monkeypatch.setattr(world.denta, "stands_back", stands_back)
    before = psutil.Process().nice()
    with stuck(world), asked(administrator, EXPORT):
        eventually(lambda: waiting(world) == 1, 40)
        assert {process.nice() - before for process in processes()} == {niceness}
    eventually(lambda: not processes(), 40)


def test_exports_over_the_limit_are_refused_with_a_time_to_retry(world: World, administrator: Browser) -> None:
    answers = at_once(lambda: administrator.get(EXPORT, timeout=90), 12)
    assert {answer.status_code for answer in answers} == {200, 503}
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert (refused.json()["code"], refused.headers["retry-after"]) == ("overloaded", "10")
    assert sum(answer.status_code == 200 for answer in answers) <= 3 + 2  # of one user three, and those that came after


def test_a_workbook_that_does_not_come_together_says_what_helps(administrator: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """To come again wouldn't."""
    monkeypatch.setattr(workbooks, "SECONDS", 0)
    refused = administrator.get(EXPORT, timeout=90)
    assert (refused.status_code, refused.json()["code"]) == (409, "workbook_too_large")


def test_nobody_takes_all_turns(world: World, administrator: Browser) -> None:
    """While one user's exports stand in line, another user gets theirs."""
    with stuck(world), ExitStack() as opened:
        for _ in range(6):
            opened.callback(asked(administrator, EXPORT).close)
        eventually(lambda: waiting(world) == 2, 40)
        with world.browser("Аудитор") as auditor:
            line = asked(auditor, EXPORT)
            opened.callback(line.close)
            line.settimeout(0.5)
            with pytest.raises(TimeoutError):  # in line, not refused
                line.recv(1)


def test_a_long_period_is_heavy_and_a_week_is_not() -> None:
    light = heavy_work.of_days(8)
    assert light({"from": "2026-11-23", "to": "2026-11-30"})
    assert not light({"from": "2026-11-23", "to": "2026-12-01"})
    assert light({"from": "whatever"})


def test_a_long_calendar_takes_turns(world: World, receptionist: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[HeavyWork] = []
    do = world.app.state.components.work_queues.run

    async def noted(work: HeavyWork, *rest: Any) -> Any:
        taken.append(work)
        return await do(work, *rest)

    monkeypatch.setattr(world.app.state.components.work_queues, "run", noted)
    receptionist.get_ok("/api/calendar", **{"from": str(MONDAY), "to": str(MONDAY + timedelta(days=6))})
    assert taken == []
    receptionist.get_ok("/api/calendar", **{"from": str(MONDAY), "to": str(MONDAY + timedelta(days=30))})
    assert taken == [heavy_work.SEARCHES]


def test_a_page_far_down_a_list_is_heavy_and_its_first_pages_are_not() -> None:
    light = heavy_work.of_first(5000)
    assert light({})
    assert light({"page": "10", "size": "500"})
    assert not light({"page": "101"})
    assert light({"page": "last"})


def test_the_reception_does_not_stand_in_line_behind_the_journal(world: World, administrator: Browser) -> None:
    with stuck(world), ExitStack() as opened:
        for _ in range(4):
            opened.callback(asked(administrator, SEARCH).close)
        eventually(lambda: waiting(world) == 2, 40)
        began = monotonic()
        assert administrator.get_ok("/api/visits")["total"] >= 0
        assert monotonic() - began < 3  # who asks the journal waits five seconds for the lock, and others for them


def test_a_question_that_takes_too_long_is_given_up(
    world: World, administrator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(route_handler, "STATEMENT_SECONDS", 0.3)
    with stuck(world):
        answer = administrator.get(SEARCH, timeout=90)
        assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
        assert answer.elapsed.total_seconds() < 4  # well before the wait for the lock ends
    assert administrator.get(SEARCH).status_code == 200


@pytest.mark.parametrize(("method", "path"), [("POST", "/api/patients"), ("POST", "/api/excel/imports/patients")])
def test_a_client_that_leaves_in_the_middle_of_a_body_is_no_failure(
    administrator: Browser,
    lines: StringIO,
    method: str,
    path: str,
) -> None:
    host, port = administrator.base_url.host, administrator.base_url.port
    cookies = "; ".join(f"{name}={value}" for name, value in administrator.cookies.items())
    with socket.create_connection((host, port or 80), timeout=20) as line:
        head = f"{method} {path} HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: http://{host}:{port}\r\nCookie: {cookies}\r\n"
        line.sendall(f"{head}Content-Length: 1000\r\n\r\nhalf".encode())
    assert eventually(lambda: written(lines, status=499))["level"] == "info"
    assert "Traceback" not in lines.getvalue()
