"""Rows of the read models about a stranger: a patient, a doctor or a visit that a restricted user must not see.

The tests that go through all routes look for these rows in the answers. A read model without such a row would make them pass
without having looked, so each must have one, or stand in `NOBODYS`.
"""

from collections.abc import Iterable, Iterator, Mapping
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from projections.registry import PROJECTIONS
from readmodels.table import Table
from tests.api.test_papers import information
from tests.api.world import Browser, World

PDF = b"%PDF-1.7\n%%EOF\n"
"""The least that is one by its content."""
PEOPLE = ("patient", "doctor", "visit")
"""A column whose name contains one of these words holds ids of such."""
OPEN = frozenset({"services.doctors", "stock_documents.patient_id"})
"""Columns with doctors' ids that everybody may see; and the buyer of goods, who is left out for those who are restricted so."""
NOBODYS = frozenset(
    {
        "accesses",
        "articles",
        "authors",
        "certificates",
        "closed_days",
        "desk_turnovers",
        "invoices",
        "money_documents",
        "pay_accruals",
        "pay_schemes",
        "catalogue",
        "employees",
        "journal",
        "rights_sets",
        "schedule_versions",
        "services",
        "settings",
        "stock_documents",
        "stock_entries",
        "stock_minimums",
        "working_days",
        "work_days",
        "working_weeks",
    }
)
"""Read models that say nothing of one doctor's work with a patient, or, as the journal, whose rights show everything."""
Tables = Iterable[Table[Any]]
READ_MODELS = tuple(table for projection in PROJECTIONS for table in projection.tables)


def stored_paper(manager: Browser, patient_id: str, visit_id: str) -> str:
    """The id of a paper that was made for this patient about this visit."""
    fields = {"name": f"Договор {uuid4()}", "kind": "contract", "text": "{пациент}"}
    template = manager.do("POST", "/api/paper-templates", {"fields": fields}, expect=201)
    body = {"template_id": template["id"], "visit_id": visit_id}
    return str(manager.do("POST", f"/api/patients/{patient_id}/papers", body, expect=201)["id"])


def attached_file(manager: Browser, visit_id: str, content: bytes = PDF, name: str = "Снимок.pdf") -> str:
    """The id of a file of this visit."""
    answer = manager.request("POST", f"/api/visits/{visit_id}/files", params={"name": name}, content=content)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def pay_for(manager: Browser, patient_id: str, visit_id: str) -> None:
    """A payment for this visit, which gets a service for it, and its receipt."""
    settings = manager.get_ok("/api/settings")
    manager.do("PATCH", "/api/settings", {"values": {"fiscal_receipts": True}}, version=settings["version"])
    service = manager.do("POST", "/api/services", {"name": f"Осмотр {uuid4()}", "price": "100.00", "duration": 30}, expect=201)
    visit = manager.get_ok(f"/api/visits/{visit_id}")
    lines = {"lines": [{"service_id": service["id"], "quantity": 1}]}
    manager.do("PATCH", f"/api/visits/{visit_id}", lines, version=visit["version"])
    start = manager.get_ok(f"/api/patients/{patient_id}/payment")
    body = {
        "patient_id": patient_id,
        "moment": start["moment"],
        "parts": [{"desk_id": start["desks"][0]["id"], "sum": "100.00"}],
        "visits": [{"visit_id": visit_id, "sum": "100.00"}],
    }
    manager.do("POST", "/api/payments", body, expect=201)


def sell_to(manager: Browser, patient_id: str) -> str:
    """The id of a sale of goods that this patient bought without a visit."""
    start = manager.get_ok("/api/sales/start", patient_id=patient_id)
    category = manager.do("POST", "/api/goods-categories", {"fields": {"name": f"Уход {uuid4()}"}}, expect=201)
    unit = manager.get_ok("/api/units")["items"][0]["id"]
    fields = {"name": f"Щётка {uuid4()}", "category": category["id"], "price": "100.00", "sale_unit": unit}
    goods = manager.do("POST", "/api/goods", {"fields": fields}, expect=201)
    settings = manager.get_ok("/api/settings")
    manager.do("PATCH", "/api/settings", {"values": {"forbid_missing_goods": False}}, version=settings["version"])
    body = {
        "moment": start["moment"],
        "warehouse_id": manager.get_ok("/api/warehouses")["items"][0]["id"],
        "patient_id": patient_id,
        "goods": [{"goods_id": goods["id"], "quantity": "1"}],
    }
    return str(manager.do("POST", "/api/sales", body, expect=201)["id"])


def complete(manager: Browser, visit_id: str) -> None:
    """The visit is over: what was done in it counts."""
    for status in ("in_progress", "completed"):
        version = manager.get_ok(f"/api/visits/{visit_id}")["version"]
        manager.do("POST", f"/api/visits/{visit_id}/status", {"status": status}, version=version)
        manager.catch_up()


def certify(manager: Browser, patient_id: str, year: int) -> None:
    """A certificate for the tax office of what was paid for completed visits."""
    information(manager, inn="7707083893", kpp="773601001", legal_name="ООО «Жемчужина»", tax_office="7701", head_name="Белова О")
    draft = manager.get_ok(f"/api/patients/{patient_id}/tax-certificate-draft", year=year)
    sums = {code: draft["payers"][0]["sums"][code] for code in ("code_1", "code_2")}
    person = {"family_name": "Чужакова", "given_name": "Анна", "birth_date": "1971-03-04", "inn": "500100732259"}
    body = {
        "payer_id": patient_id, "year": year, **sums, "issued_on": f"{year}-12-31", "same_person": True,
        "signer": draft["signer"], **{f"payer_{part}": value for part, value in person.items()},
    }  # fmt: skip
    manager.do("POST", f"/api/patients/{patient_id}/tax-certificates", body, expect=201)


def columns_of_people(tables: Tables = READ_MODELS) -> dict[tuple[str, str], str]:
    """(table, column) → "patient", "doctor" or "visit"."""
    return {
        (table.name, column.name): kind
        for table in tables
        for column in table.columns
        for kind in PEOPLE
        if kind in column.name and column.pg_type in {"uuid", "uuid[]"} and f"{table.name}.{column.name}" not in OPEN
    }


def require_all_known(tables: Tables = READ_MODELS, nobodys: frozenset[str] = NOBODYS) -> None:
    """Every read model either has a column of people or is declared to be nobody's, never both or neither."""
    of_people, names = {table for table, _ in columns_of_people(tables)}, {table.name for table in tables}
    assert names - of_people == nobodys, "say of each read model whether it is about people: a column, or NOBODYS"


def rows_of_strangers(
    world: World, strangers: Mapping[str, str], tables: Tables = READ_MODELS, *, seconds: float = 10
) -> dict[str, set[str]]:
    """Key column → ids of all rows about the strangers (kind → id). Every column of such a kind has to have one, within the
    seconds that a read model may be behind.
    """
    end = monotonic() + seconds
    while True:
        with world.denta.database.connection() as connection:
            found = {
                (table.name, column): _rows(connection, table, column, strangers[kind])
                for table in tables
                for (name, column), kind in columns_of_people((table,)).items()
                if kind in strangers
            }
        empty = sorted(f"{table}.{column}" for (table, column), ids in found.items() if not ids)
        if not empty:
            break
        assert monotonic() < end, f"the tests' world has no row of a stranger in {empty}: make one, or the test sees nothing"
        sleep(0.02)
    keys: dict[str, set[str]] = {}
    for table in tables:
        for column in _own_key(table):
            keys.setdefault(column, set()).update(*(ids for (name, _), ids in found.items() if name == table.name))
    return {column: ids for column, ids in keys.items() if ids}


def _own_key(table: Table[Any]) -> Iterator[str]:
    """The column by which answers and addresses name a row of a read model about people."""
    if columns_of_people((table,)):
        types = {column.name: column.pg_type for column in table.columns}
        assert types[table.key[0]] == "uuid", f"{table.name}: rows are looked for in answers by an id, which is the first key"
        yield table.key[0]


def _rows(connection: Connection[Any], table: Table[Any], column: str, stranger: str) -> set[str]:
    query = SQL("SELECT {key}::text FROM {table} WHERE %s::uuid = ANY(ARRAY[]::uuid[] || {column})").format(
        key=Identifier(table.key[0]), table=Identifier(table.name), column=Identifier(column)
    )
    return {key for (key,) in connection.execute(query, [stranger])}
