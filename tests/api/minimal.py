"""The least that routes are asked with: for each the smallest body that it accepts, for each id of a path an object that exists.

Both follow from the API itself. A body has the required fields of its description; an object comes from the route of its list
(`POST /articles` for `/articles/{article_id}`). What the description can't say stands in `special` and `GIVEN`: the places to
add to when a test says that nothing is known of a route.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any, TypeGuard
from uuid import uuid4

import pytest

from aggregates.catalogue import CatalogueEntry
from aggregates.catalogues import CATALOGUES, CashDesk, Counterparty, Goods, PaperTemplate, Warehouse
from aggregates.discovery import declared as found
from aggregates.fields import Fields
from aggregates.money.money_document import MoneyDocument
from aggregates.money.money_documents import MONEY_DOCUMENTS
from aggregates.stock.stock_document import StockDocument
from aggregates.stock.stock_documents import STOCK_DOCUMENTS
from services.api.http.routes import RouteDeclaration
from services.api.openapi_file import TARGET
from services.api.registry import declared
from tests.api.world import MONDAY, PASSWORD, Browser, at

NOBODY = "00000000-0000-0000-0000-000000000000"
DESCRIBED = json.loads(TARGET.read_text())
"""Read, since each worker needs it to collect: to make it takes two seconds. `test_openapi.py` compares it with the routes."""
SCHEMAS = DESCRIBED["components"]["schemas"]
GIVEN = {
    "catalogue": "patients",
    "certificate_ids": NOBODY,
    "file_id": NOBODY,
    "import_id": NOBODY,
    "invoice_id": NOBODY,
    "object_id": "{visit_id}",
    "object_type": "visit",
    "oid": "1.2",
    "other_id": NOBODY,
    "paper_id": NOBODY,
    "payer_id": "{patient_id}",
    "receipt_id": NOBODY,
    "refund_id": NOBODY,
    "session_id": NOBODY,
    "tax_certificate_id": NOBODY,
    "version": "1",
}
"""Parameters of paths whose object no route of a list creates."""
VARIANTS = {"outgo_article_id": ("/articles", 7, {"direction": "outgo"})}
"""Objects that are other ones than the least: list, number, and what is different."""
RIGHT = {
    "money": "10.00", "color": "#2f6fdd", "factor": "2", "flag": True, "number": 1, "phone": "+79161234567", "email": "a@b.ru",
    "inn": "7707083893", "kpp": "773601001", "digits": "7", "moment": "2026-11-23T10:00",
    "percent": "10.00", "date": "2026-11-23",
}  # fmt: skip
"""A right value of each kind of field that isn't free text or a choice."""
_DAYS = count()


def special() -> dict[str, dict[str, Any]]:
    """What a body must also contain though its description doesn't require it, or what isn't any value of the described form.

    `{patient_id}` stands for one that exists.
    """
    day = MONDAY + timedelta(days=next(_DAYS))
    name = {"family_name": "Наименьшая"}
    return {
        "POST /visits": {"patient_id": "{patient_id}", "starts_at": at(day, "10:00"), "ends_at": at(day, "10:30")},
        "POST /patients": name,
        "POST /pay-schemes": {"starts_on": day.isoformat()},
        "POST /pay-accruals": {"date": day.isoformat(), "first": day.isoformat(), "last": day.isoformat()},
        "POST /cash-desks": {"fields": {"kind": "bank"}},
        "POST /money-outgoes": {"lines": [{"article_id": "{outgo_article_id}", "sum": "10.00"}]},
        "POST /sales": {"parts": [{"desk_id": "{desk_id}", "sum": "10.00"}], "patient_id": "{patient_id}"},
        "POST /payments": {"parts": [{"desk_id": "{desk_id}", "sum": "10.00"}], "keeps_rest": True},
        "POST /payments/{payment_id}/refunds": {"desk_id": "{desk_id}", "sum": "1.00"},
        "POST /employees": name,
        "POST /rights-sets": {"start_page": "calendar"},
        "PUT /employees/{employee_id}/access": {
            "email": f"{uuid4()}@example.org",
            "password": PASSWORD,
            "rights_set_id": "{rights_set_id}",
        },
        "POST /profile/password": {"password": PASSWORD, "new_password": "гора трава 7"},
        "POST /profile/second-factor": {"password": PASSWORD},
    }


def named(route: RouteDeclaration) -> str:
    return f"{route.method} {route.path}"


CREATING = {
    route.path: route for _, route in declared() if route.method == "POST" and route.status == 201 and route.path.count("/") == 1
}
"""List → the route that creates what is in it."""
BY_PATH = ("entry_id", "document_id")
"""Parameters that many lists share: the path says of which."""
WRITTEN: tuple[type[CatalogueEntry] | type[StockDocument] | type[MoneyDocument], ...] = (
    *CATALOGUES,
    *STOCK_DOCUMENTS,
    *MONEY_DOCUMENTS,
)
"""Kinds whose bodies have their declared fields in `fields`."""
_CHOSEN = {
    "goods_id": Goods,
    "warehouse_id": Warehouse,
    "desk_id": CashDesk,
    "counterparty_id": Counterparty,
    "template_id": PaperTemplate,
}
LISTS = {name: f"/{kind.PATH}" for name, kind in _CHOSEN.items()} | {
    route.path.split("/")[2].strip("{}"): path
    for path in CREATING
    for _, route in declared()
    if route.path.startswith(f"{path}/{{") and not route.path.startswith(tuple(f"{path}/{{{name}}}" for name in BY_PATH))
}
"""Parameter of a path → the list that its object is in."""


def schema_of(route: RouteDeclaration) -> Mapping[str, Any] | None:
    """What the description says of the route's body; None without a JSON body."""
    operation = DESCRIBED["paths"][f"/api{route.path}"][route.method.lower()]
    content = operation.get("requestBody", {"content": {}})["content"].get("application/json")
    return None if content is None else resolved(content["schema"])


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return resolved(SCHEMAS[schema["$ref"].rpartition("/")[2]]) if "$ref" in schema else schema


def least(schema: Mapping[str, Any], name: str = "") -> Any:
    """The least value of this form; for the id of an object a name in braces."""
    schema = resolved(schema)
    for choices in ("anyOf", "oneOf"):
        if choices in schema:
            return least(schema[choices][0], name)
    for values in ("enum", "examples"):
        if values in schema:
            return schema[values][0]
    if "const" in schema:
        return schema["const"]
    match schema["type"]:
        case "object":
            return {key: least(schema["properties"][key], key) for key in schema.get("required", ())}
        case "array":
            return [least(schema["items"], name)]
        case "integer":
            return int(schema.get("minimum", 1))
        case "boolean":
            return False
        case "string" if schema.get("format") == "uuid":
            return f"{{{name}}}"
        case "string" if not schema.keys() & {"pattern", "format"}:
            return f"Проба {uuid4()}"[: schema["maxLength"]]
    pytest.fail(f"no value is known of {name}: {schema}; teach `least` of {__name__}")


class Existing:
    """Objects of the clinic, one of each list, each created by its route when it is first asked for."""

    def __init__(self, browser: Browser) -> None:
        """`browser`: of somebody who may create everything."""
        self.browser = browser
        self._ids: dict[tuple[str, int], str] = {}

    def of(self, path: str, number: int = 0, **different: str) -> str:
        """The id of one in this list; `number`: of another one, whose body has what is `different`."""
        if (path, number) not in self._ids:
            if path == "/certificates":
                self._use_certificates()
            body = {**self.body(CREATING[path]), **different}
            answer = self.browser.post(f"/api{path}", json=body)
            if answer.status_code == 409 and answer.json()["code"] == "needs_confirmation":
                keys = ",".join(warning["key"] for warning in answer.json()["facts"]["warnings"])
                answer = self.browser.post(f"/api{path}", json=body, headers={"Accepted-Warnings": keys})
            if answer.status_code != 201:
                pytest.fail(f"POST {path} refuses its least body; add what it needs to `special` of {__name__}: {answer.text}")
            self._ids[path, number] = answer.json()["id"]
        return self._ids[path, number]

    def _use_certificates(self) -> None:
        """A clinic has them only if it says so."""
        version = self.browser.get("/api/settings").headers["ETag"]
        self.browser.patch("/api/settings", json={"values": {"certificates": True}}, headers={"If-Match": version})

    def parameter(self, name: str, path: str = "") -> str:
        """A value of this parameter; `path`: of the route that has it."""
        if name in VARIANTS:
            path, number, different = VARIANTS[name]
            return self.of(path, number, **different)
        if name in GIVEN:
            return str(self.with_ids(GIVEN[name]))
        of_list = LISTS.get(name, f"/{path.split('/')[1]}" if name in BY_PATH else None)
        if of_list is None:
            pytest.fail(f"no route of a list creates what {{{name}}} of {path} is; add a line to `GIVEN` of {__name__}")
        return self.of(of_list)

    def address(self, route: RouteDeclaration) -> str:
        """The route's path with objects that exist."""
        parts = route.path.split("/")
        return "/api" + "/".join(self.parameter(p.strip("{}"), route.path) if p.startswith("{") else p for p in parts)

    def body(self, route: RouteDeclaration) -> Any:
        """The least that the route accepts; texts are other ones each time."""
        schema = schema_of(route)
        if schema is None:
            return None
        body = {**least(schema), **special().get(named(route), {})}
        kind = next((kind for kind in WRITTEN if route is CREATING.get(f"/{kind.PATH}")), None)
        if kind is not None:
            body["fields"] = {**self._card(kind.FIELDS), **body.get("fields", {})}
        return self.with_ids(body)

    def _card(self, declared_fields: Fields) -> dict[str, Any]:
        """Right values of every required field: the description requires none, since it is the same for changes. Two fields
        never refer to the same object.
        """
        fields: dict[str, Any] = {}
        referred: list[str] = []
        for field in declared_fields.values():
            if field.required and field.type == "reference":
                fields[field.name] = self.of(list_of(field.refers), referred.count(field.refers))
                referred.append(field.refers)
            elif field.required:
                fields[field.name] = RIGHT.get(field.type) or next(iter(field.choices), f"Проба {uuid4()}"[: field.longest])
        return fields

    def with_ids(self, body: Any) -> Any:
        """With ids of existing objects where `least` has left their names."""
        if isinstance(body, dict):
            return {key: self.with_ids(value) for key, value in body.items()}
        if isinstance(body, list):
            return [self.with_ids(value) for value in body]
        return self.parameter(body.strip("{}")) if isinstance(body, str) and body.startswith("{") else body

    def known(self) -> dict[str, str]:
        """An object for each name that has one: parameters of paths, and fields that refer to something."""
        cards = (*found("aggregates", _is_fields), *(kind.FIELDS for kind in WRITTEN))
        references = {field.name: list_of(field.refers) for fields in cards for field in fields.values() if field.refers}
        return {name: self.of(path) for name, path in {**LISTS, **references}.items()}


def list_of(topic: str) -> str:
    """The list of the objects of this kind."""
    paths = (*(f"/{kind.PATH}" for kind in WRITTEN if topic == kind.TOPIC), f"/{topic.replace('_', '-')}s")
    return LISTS.get(f"{topic}_id") or next(path for path in paths if path in CREATING)


def _is_fields(value: object) -> TypeGuard[Fields]:
    return isinstance(value, Fields)
