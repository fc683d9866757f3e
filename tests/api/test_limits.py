"""What the API's description promises of a field is what the field takes: at its limit both take it, one beyond both refuse it.

Made of the routes: the fields of a new one are compared without being named here. A limit that belongs to the request and to no
field is marked where it is declared (`OF_REQUEST`).
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, partial
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import BaseModel, TypeAdapter

from aggregates.percent import WHOLE_PERCENT
from aggregates.scheduling.visit_lines import MOST_PERFORMERS
from aggregates.values import MOST_MONEY
from commands.access import user_access
from commands.money.paying import MOST_PARTS
from services.accounts.passwords import Passwords
from services.api.http import arguments
from services.api.http.route_handler import COMMANDS
from services.api.http.routes import RouteDeclaration
from services.api.registry import declared
from tests.api.minimal import CREATING, Existing, named, resolved, schema_of
from tests.api.strangers import attached_file
from tests.api.test_clinic_settings import change as change_settings
from tests.api.test_tax_certificates import CARD, YEAR, Patient
from tests.api.world import PASSWORD, QUICK, World

pytestmark = [pytest.mark.spec("UI-8"), pytest.mark.thorough]
Path = tuple[str | int, ...]
_TURN = count()


@dataclass(frozen=True)
class Bound:
    """A limit of one field of one route's body. `path`: where in the body; 0 stands for any item of a list."""

    route: RouteDeclaration
    path: Path
    schema: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{named(self.route)} {'.'.join(map(str, self.path))}"


def leaves(schema: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Every place of a body with its schema."""
    schema = resolved(schema)
    for one in schema.get("anyOf", schema.get("oneOf", ())):
        yield from leaves(one, path)
    if "type" in schema:
        yield path, schema
    for name, part in schema.get("properties", {}).items():
        yield from leaves(part, (*path, name))
    if "items" in schema:
        yield from leaves(schema["items"], (*path, 0))


LEAVES = [
    Bound(route, path, schema)
    for _, route in declared()
    if route.method in COMMANDS and route.repeating != "question" and (body := schema_of(route)) is not None
    for path, schema in leaves(body)
]
FIELDS = [
    bound
    for bound in LEAVES
    if bound.schema.get("x-bounds") != "request"
    and bound.schema.get("minItems", -1) != bound.schema.get("maxItems")
    and bound.schema.keys() & {"maxLength", "maximum", "minimum", "maxItems", "x-maximum"}
]


FIRST_CLOSED, _CLOSED = date(2010, 1, 1), count()
"""Days of cash desks are closed in order."""
EXTRA_PAY = {"kind": "bonus", "sum": "1.00", "note": ""}
STOCK_LINE = {"quantity": "1", "unit": "sale"}
BIK, ACCOUNT, CORR_ACCOUNT = "044525225", "40702810500000002453", "30101810400000000225"
BANK: dict[str | int, dict[str, str]] = {
    "bik": {"account": "", "corr_account": ""},
    "account": {"bik": BIK, "corr_account": ""},
    "corr_account": {"bik": BIK, "account": ""},
}
"""What else is written with each of these, whose keys depend on each other."""
_IDS = {"goods_id", "visit_id", "payment_id", "receipt_id"}
"""What lines are of; no two lines of a list are of the same."""


def fields_of_lines(route: RouteDeclaration) -> set[str]:
    return {str(bound.path[2]) for bound in LEAVES if bound.route is route and bound.path[:2] == ("lines", 0) and bound.path[2:]}


def test_a_text_has_a_limit_wherever_it_is_written() -> None:
    """Or one of a few values, or a form of its own."""
    free = [
        b
        for b in LEAVES
        if b.schema["type"] == "string" and not b.schema.keys() & {"maxLength", "enum", "const", "pattern", "format"}
    ]
    assert [str(bound) for bound in free] == []


class Clinic:
    """What the routes are asked about."""

    def __init__(self, world: World, existing: Existing) -> None:
        self.world, self.existing, self.browser = world, existing, existing.browser
        change_settings(self.browser, {"create_services": True, "create_goods": True, "certificates": True})
        (access,) = (route for _, route in declared() if named(route) == "PUT /employees/{employee_id}/access")
        self.browser.do("PUT", existing.address(access), existing.body(access))

    def body(self, bound: Bound, value: Any) -> Any:
        """A right body but for the field that is tried."""
        path, body = bound.path, self.existing.body(bound.route)
        if path[0] == "new_patient":
            body["new_patient"] = self.existing.body(CREATING["/patients"])
            del body["patient_id"]
        if bound.route.path.startswith("/visits"):
            body |= self.part_of_visit(path, changes=bound.route.method == "PATCH")
        elif bound.route.path == "/payments" and path[1:] and path[0] in {"visits", "prepayments"}:
            body |= self.whole_payment(by_prepayment=path[0] == "prepayments")
        elif bound.route.path == "/sales":
            body |= self.part_of_sale(path, body["patient_id"])
        elif bound.route.path.endswith("/take-back"):
            body |= self.part_of_return(path)
        elif path[0] == "pays" and "income" in bound.route.path:
            body |= self.income_for_an_invoice(body.get("fields", {}))
        elif path[0] == "pays":
            body |= self.outgo_for_a_receipt(body.get("fields", {}))
        elif path[:2] == ("lines", 0) and bound.route.path.startswith("/money"):
            body["lines"] = [self.money_line(bound)]
        elif path[:2] == ("lines", 0):
            priced = {"price": "10.00"} if "price" in fields_of_lines(bound.route) else {}
            body["lines"] = [{"goods_id": self.existing.of("/goods"), **STOCK_LINE, **priced}]
        if bound.route.path.endswith(("/close", "/reopen")):
            body |= {"day": str(FIRST_CLOSED + timedelta(days=next(_CLOSED))), "reason": "сверка"}
        if bound.route.path.endswith("/reopen"):
            url = self.existing.address(bound.route).removesuffix("reopen")
            self.browser.do("POST", f"{url}close", {"day": body["day"], "counted": "0.00", "reason": "сверка"})
        if bound.route.path.startswith("/pay-"):
            body |= self.part_of_pay(path, value)
        if path[:2] == ("norms", 0):
            body["norms"] = [{"goods_id": self.existing.of("/goods"), "quantity": "1"}]
        if path[0] == "fields":
            body.setdefault("fields", {})  # a change may be of the lines alone
        if path[-1] in BANK and path[0] == "values":
            body["values"] = BANK[path[-1]]
        if "tax-certificate" in bound.route.path and path != ("certificate_ids",):
            body = self.certified(first=bound.route.status == 201)
        if bound.route.path.endswith("/invoices"):
            body = self.invoice(self.owing())
        put(body, path, value)
        return body

    def part_of_pay(self, path: Path, value: Any) -> dict[str, Any]:
        """What is around a field of schemes and accruals."""
        rate = {"kind": "service", "item_id": str(self.world.service), "percent": "10.00"}
        steps = [{"above": "0.00", "percent": "10.00"}]
        match path[0]:
            case "rates":
                return {"rates": [rate]}
            case "visit_percent" | "visit_sum":
                return {"visit_acts": "created"}
            case "steps":
                return {"grid": "marginal", "service_percent": "0", "steps": steps}
            case "extras":
                return {"extras": [EXTRA_PAY]}
            case "first" | "last":  # a period of a day
                return {"first": value, "last": value}
        return {}

    @cached_property
    def payer(self) -> Patient:
        """Somebody of whom a certificate for the tax office may be made."""
        made = Patient(self.browser, self.world)
        made.pay("1000.00", "12:00", "12:20")
        return made

    def certified(self, *, first: bool) -> dict[str, Any]:
        """What such a certificate states; the first one, after those that were made before are gone, or a correction."""
        child = {name.replace("payer", "patient"): value for name, value in CARD.items() if name.startswith("payer_")}
        stated = {**CARD, **child, "same_person": False, "code_1": "1000.00", "code_2": "0.00"}
        if first:
            self.delete_certificates()
            stated |= {"payer_id": self.payer.id, "year": YEAR}
        return stated

    def delete_certificates(self) -> None:
        for one in self.browser.get_ok("/api/tax-certificates", patient_id=self.payer.id)["items"]:
            self.browser.do("POST", f"/api/tax-certificates/{one['id']}/delete", version=one["version"])

    def part_of_visit(self, path: Path, *, changes: bool) -> dict[str, Any]:
        """What is around the field."""
        discount = {"kind": "sum", "amount": "1.00"}
        if path[0] == "discount":
            return {"discount": discount}
        if path in {("lines",), ("goods",)}:  # together they may only be so many
            return {"goods": [], "lines": []} if changes else {}
        if path[1:2] != (0,):
            return {}
        new = {"name": f"Новое {uuid4()}", "price": "1.00"}
        material = {"goods_id": self.existing.of("/goods"), "quantity": "1"}
        lines: dict[str | int, dict[str, Any]] = {
            "lines": new if path[2] == "name" else {"service_id": str(self.world.service)},
            "goods": new | {"quantity": "1"} if path[2] == "name" else material | {"price": "1.00"},
            "materials": material,
        }
        line = lines[path[0]]
        if path[2] == "discount":
            line["discount"] = discount
        if path[2] == "performers":
            line["performers"] = self.performers(1)
        return {str(path[0]): [line]}

    @cached_property
    def stocked(self) -> str:
        """Goods of which there is more than is sold here."""
        goods: str = self.existing.of("/goods")
        head = {**self.existing.body(CREATING["/opening-stock"])["fields"], "moment": "2020-01-01T09:00"}
        line = STOCK_LINE | {"goods_id": goods, "quantity": "1000000", "sum": "1.00"}
        for _ in range(9):
            self.created("/opening-stock", fields=head, lines=[line], post=True)
        return goods

    def part_of_sale(self, path: Path, patient_id: str) -> dict[str, Any]:
        """What is around the field: to a patient, who may owe it; of what is paid by the most, that is the price."""
        discount = {"kind": "sum", "amount": "1.00"}
        most = str(MOST_MONEY)
        goods = {"goods_id": self.stocked, "quantity": "1", "price": "0.01"}
        match path:
            case ("discount", _):
                return {"goods": [goods], "discount": discount, "parts": []}
            case ("goods", 0, "discount", _):
                return {"goods": [goods | {"discount": discount}], "parts": []}
            case ("goods", *_):
                return {"goods": [goods], "parts": []}
            case ("parts",):
                return {"goods": [goods | {"price": "100.00"}]}
            case ("parts", *_):
                return {"goods": [goods | {"price": most}], "parts": self.parts(1, most)}
            case ("prepayments", 0, _):
                paid = [{"payment_id": self.prepayment(), "sum": most}]
                return {"goods": [goods | {"price": most}], "parts": [], "prepayments": paid, "patient_id": patient_id}
        return {"goods": [goods | {"price": "10.00"}]}

    def sold(self, price: str, *, count: str = "1", parts: int = 1) -> Any:
        """A sale that is paid in so many parts, and will be taken back."""
        line = {"goods_id": self.stocked, "quantity": count, "price": price}
        total = Decimal(price) * Decimal(count)
        self.sale = self.created("/sales", goods=[line], parts=self.parts(parts, f"{total / parts:.2f}"))
        return self.sale

    @cached_property
    def paid_in_many_parts(self) -> Any:
        return self.sold("10.00", parts=MOST_PARTS)

    def back(self, sale: Any, amount: str) -> list[dict[str, str]]:
        """That much of each of its payments."""
        desk = self.existing.parameter("desk_id")
        return [{"payment_id": one["id"], "sum": amount, "desk_id": desk} for one in sale["payments"]]

    def part_of_return(self, path: Path) -> dict[str, Any]:
        """What is around the field, of a sale of its own."""
        goods = {"goods_id": self.stocked, "quantity": "1"}
        match path:
            case ("goods", 0, "quantity"):
                self.sold("0.01", count="1000000")
                return {"goods": [goods], "refunds": []}
            case ("refunds",):  # `items` has sold it
                return {"goods": [goods]}
            case ("refunds", *_):
                return {"goods": [goods], "refunds": self.back(self.sold(str(MOST_MONEY)), str(MOST_MONEY))}
        return {"goods": [goods], "refunds": self.back(self.sold("10.00"), "1.00")}

    def performers(self, many: int) -> list[dict[str, str]]:
        share = str(WHOLE_PERCENT / many)
        employees = [self.existing.of("/employees", number) for number in range(many)]
        return [{"employee_id": employee, "role": "assistant", "share": share} for employee in employees]

    def whole_payment(self, *, by_prepayment: bool) -> dict[str, Any]:
        """The most that may be paid, for a visit that costs this, of which nobody has paid anything."""
        priced = {"lines": [{"name": f"Новое {uuid4()}", "price": str(MOST_MONEY)}]}
        visit = self.created("/visits", **priced)
        prepayments = [{"payment_id": self.prepayment(), "sum": str(MOST_MONEY)}] if by_prepayment else []
        return {
            "visits": [{"visit_id": visit["id"], "sum": str(MOST_MONEY)}],
            "parts": [] if by_prepayment else self.parts(1, str(MOST_MONEY)),
            "prepayments": prepayments,
        }

    def outgo_for_a_receipt(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The most that an outgo may pay, for a receipt of goods that comes to this and isn't paid yet."""
        receipts = CREATING["/stock-receipts"]
        head = {**self.existing.body(receipts)["fields"], "counterparty_id": self.existing.of("/counterparties")}
        line = STOCK_LINE | {"goods_id": self.existing.of("/goods"), "price": str(MOST_MONEY)}
        receipt = self.created("/stock-receipts", fields=head, lines=[line], post=True)
        return {
            "fields": {**fields, "counterparty_id": head["counterparty_id"]},
            "lines": [{"article_id": self.existing.parameter("outgo_article_id"), "sum": str(MOST_MONEY)}],
            "pays": [{"receipt_id": receipt["id"], "sum": str(MOST_MONEY)}],
        }

    def owing(self) -> str:
        """An organisation that owes the most that may be paid, and is billed nothing of it."""
        party: str = self.created("/counterparties", fields={"name": f"Полис {uuid4().hex[:8]}"})["id"]
        owed = {**self.whole_payment(by_prepayment=False), "parts": [{"owed": True, "sum": str(MOST_MONEY)}]}
        self.created("/payments", **owed, counterparty_id=party)
        self.organisation = party
        return party

    def invoice(self, organisation: str) -> dict[str, Any]:
        draft = self.browser.get_ok(f"/api/settlements/{organisation}/invoice-draft", to="2149-12-31")
        return {"last": "2149-12-31", "issued_on": "2026-11-23", "act_on": "2026-11-23", "sum": draft["sum"]}

    def income_for_an_invoice(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The most that an income may pay, for an invoice that comes to this and isn't paid yet."""
        party = self.owing()
        body = {**self.invoice(party), "sum": str(MOST_MONEY)}
        invoice = self.browser.do("POST", f"/api/settlements/{party}/invoices", body, expect=201)
        return {
            "fields": {**fields, "counterparty_id": party},
            "lines": [{"article_id": self.existing.parameter("article_id"), "sum": str(MOST_MONEY)}],
            "pays": [{"receipt_id": invoice["id"], "sum": str(MOST_MONEY)}],
        }

    def prepayment(self) -> str:
        """A payment of the most that may be paid, of which everything is left."""
        made = self.created("/payments", parts=self.parts(1, str(MOST_MONEY)))
        return str(made["payments"][0]["id"])

    def created(self, path: str, **different: Any) -> Any:
        """The answer to a new object of this list."""
        return self.browser.do("POST", f"/api{path}", self.existing.body(CREATING[path]) | different, expect=201)

    def parts(self, many: int, amount: str) -> list[dict[str, str]]:
        return [{"desk_id": self.existing.parameter("desk_id"), "sum": amount} for _ in range(many)]

    def address(self, route: RouteDeclaration) -> str:
        if route.path == "/payments/{payment_id}/refunds":
            return f"/api/payments/{self.prepayment()}/refunds"
        if route.path == "/patients/{patient_id}/tax-certificates":
            return f"/api/patients/{self.payer.id}/tax-certificates"
        if route.path == "/tax-certificates/{tax_certificate_id}/correct":
            self.delete_certificates()
            return f"/api/tax-certificates/{self.payer.issue('1000.00')['id']}/correct"
        if route.path.endswith("/take-back"):
            return f"/api/sales/{self.sale['id']}/take-back"
        if route.path.startswith("/visit-files/"):
            return f"/api/visit-files/{attached_file(self.browser, self.existing.of('/visits'))}"
        if route.path.endswith("/invoices"):
            return f"/api/settlements/{self.organisation}/invoices"
        return self.existing.address(route)

    def money_line(self, bound: Bound) -> dict[str, str]:
        name = "outgo_article_id" if "outgo" in bound.route.path else "article_id"
        return {"article_id": self.existing.parameter(name), "sum": "1.00"}

    def send(self, bound: Bound, body: dict[str, Any], url: str = "") -> Any:
        url, headers = url or self.address(bound.route), {}
        if bound.route.versioned:
            seen = self.browser.get(url.removesuffix("/correct")).headers
            headers = {"If-Match": seen["etag"] if "/visit-files/" not in url else '"1"'}  # a new one, without a page of its own
        return self.browser.request(bound.route.method, url, json=body, headers=headers)

    @contextmanager
    def with_the_same_password(self) -> Iterator[None]:
        """The user's own, whatever one is tried meanwhile."""
        yield
        hashed = Passwords(QUICK).hash(PASSWORD)
        user_access.set_password(self.world.denta.clinic, self.world.context("set_password"), self.world.administrator, hashed)


@pytest.fixture(scope="module")
def clinic(world: World, existing: Existing) -> Clinic:
    return Clinic(world, existing)


def texts(length: int) -> list[str]:
    """Texts of this length, each such as fields of one kind or another take; no two calls give the same."""
    turn = f"{next(_TURN):06}"
    wholes = (
        "7707083893",
        "4512345678",
        "11223344595",
        "500100732259",
        "770701001",
        "1027700132195",
        f"+79161{turn}",
        ACCOUNT,
        CORR_ACCOUNT,
    )
    return [
        (f"гора {turn} трава " * length)[:length].strip().ljust(length, "я"),
        turn[-length:].ljust(length, "7"),
        "1999-01-15"[:length].ljust(length, "9"),
        "2149-01-15"[:length].ljust(length, "9"),
        turn.ljust(length - len("@b.ru"), "a") + "@b.ru",
        ",".join(stretched(f"+7916{turn[-6:]}{number}", (length - 4 + number) // 5) for number in range(5)),
        "1".rjust(length, "0"),
        *(stretched(whole, length) for whole in wholes),
    ]


def stretched(whole: str, length: int) -> str:
    """A number with so many spaces in it that it has this length."""
    return whole[:1] + " " * (length - len(whole)) + whole[1:]


def put(body: Any, path: Path, value: Any) -> Any:
    """The body with the value there."""
    for step in path[:-1]:
        body = body[step]
    body[path[-1]] = value


def items(clinic: Clinic, bound: Bound, many: int) -> list[Any]:
    """So many items of the list; what they are of needn't be there."""
    match named(bound.route), bound.path[-1]:
        case _, "performers":
            return (clinic.performers(MOST_PERFORMERS) * 2)[:many]
        case "POST /sales/{sale_id}/take-back", "refunds":
            others = [{"payment_id": str(uuid4()), "sum": "1.00"} for _ in range(many)]
            clinic.sale = clinic.paid_in_many_parts
            return (clinic.back(clinic.sale, "1.00") + others)[:many]
        case "POST /payments" | "POST /sales", "parts":
            return clinic.parts(many, "1.00")
        case "POST /payments" | "POST /sales", "visits" | "prepayments" as what:
            return [
                {{"visits": "visit_id", "prepayments": "payment_id"}[str(what)]: str(uuid4()), "sum": "1.00"} for _ in range(many)
            ]
        case _, "pays":
            return [{"receipt_id": str(uuid4()), "sum": "0.01"} for _ in range(many)]
        case _, "lines" if bound.route.path.startswith("/money"):
            return [clinic.money_line(bound) for _ in range(many)]
        case _, "lines" if bound.route.path.startswith("/visits"):
            return [{"service_id": str(clinic.world.service)} for _ in range(many)]
        case _, "lines":
            return [STOCK_LINE | {"goods_id": str(uuid4())} for _ in range(many)]
        case _, "rates":
            return [{"kind": "service", "item_id": str(uuid4()), "percent": "1.00"} for _ in range(many)]
        case _, "steps":
            return [{"above": f"{number}.00", "percent": "1.00"} for number in range(many)]
        case _, "extras":
            return [EXTRA_PAY] * many
        case _, "norms" | "goods" | "materials":
            return [{"goods_id": str(uuid4()), "quantity": "1"} for _ in range(many)]
    return [str(uuid4()) for _ in range(many)]


def edges(clinic: Clinic, bound: Bound) -> list[list[tuple[Any, Any]]]:
    """For each limit pairs, of which one has to do: what is taken at it, and what lies just beyond and isn't."""
    schema = bound.schema
    if "maxItems" in schema:
        return [[(items(clinic, bound, schema["maxItems"]), items(clinic, bound, schema["maxItems"] + 1))]]
    found = []
    if "x-maximum" in schema:
        found.append([(schema["x-maximum"], str(Decimal(schema["x-maximum"]) + Decimal("0.01")))])
    if "maxLength" in schema:
        found.append(list(zip(texts(schema["maxLength"]), texts(schema["maxLength"] + 1), strict=True)))
    steps = (("minimum", -1), ("maximum", 1))
    return found + [[(int(schema[key]), int(schema[key]) + step)] for key, step in steps if key in schema]


def fields_of(answer: Any) -> set[str]:
    """Every field that a refusal is about, with the names of what it is a part of."""
    facts = answer.json()["facts"]
    named = [one["field"] for one in facts.get("fields", ())] or [facts.get("field", "")]
    return {part for field in named for part in field.split(".")}


def past_the_door(bound: Bound, value: Any, adapter: TypeAdapter[Any], body: bytes) -> Any:
    """The body that came, with a value put in that the door would have refused."""
    read = adapter.validate_json(body)
    *steps, last = bound.path
    holder = read
    for step in steps:
        holder = holder[step] if isinstance(holder, list | dict) else getattr(holder, str(step))
    before = getattr(holder, str(last))
    if isinstance(value, list):
        one = before[0]
        others = [uuid4() if isinstance(one, UUID) else other(one) for _ in range(len(value) - 1)]
        value = [one, *others]
    if isinstance(before, Decimal):
        value = Decimal(value)
    setattr(holder, str(last), value)
    return read


def other(item: BaseModel) -> BaseModel:
    return item.model_copy(update={name: uuid4() for name in _IDS & type(item).model_fields.keys()})


@pytest.mark.parametrize("bound", FIELDS, ids=str)
def test_the_door_and_the_field_agree_where_the_limit_is(bound: Bound, clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    for pairs in edges(clinic, bound):
        with clinic.with_the_same_password():
            right, beyond = first_taken(clinic, bound, pairs)
        refused = clinic.send(bound, clinic.body(bound, beyond))
        assert (refused.status_code, refused.json()["code"]) == (422, "body_malformed"), refused.text
        assert str(bound.path[-1]) in fields_of(refused)
        body, url = clinic.body(bound, right[:1] if isinstance(right, list) else right), clinic.address(bound.route)
        with monkeypatch.context() as patched:
            patched.setattr(arguments, "_validated", partial(past_the_door, bound, beyond))
            refused = clinic.send(bound, body, url)
        assert (refused.status_code, refused.json().get("code")) == (409, "wrong_value"), refused.text
        assert fields_of(refused) <= set(map(str, bound.path)), refused.text


def first_taken(clinic: Clinic, bound: Bound, pairs: Iterable[tuple[Any, Any]]) -> tuple[Any, Any]:
    """The first pair of which the value at the limit is taken."""
    answers = []
    for right, beyond in pairs:
        answer = clinic.send(bound, clinic.body(bound, right))
        # things that a list only names needn't be there: whether there may be so many is decided before
        unknown = "returned_unsold" if bound.route.path.endswith("/take-back") else "not_found"
        if answer.status_code < 300 or (isinstance(right, list) and answer.json()["code"] == unknown):
            return right, beyond
        answers.append(answer.text)
    pytest.fail(f"nothing of {bound.schema} is taken: {answers}")
