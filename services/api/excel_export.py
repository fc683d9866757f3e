"""«Выгрузка из MS Excel», and the templates for files to load."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import Query
from pydantic import Field

from aggregates.money.money_document import MoneyDocument
from aggregates.money.money_documents import MONEY_KINDS
from aggregates.payroll.pay_accrual import PayAccrual
from aggregates.stock.stock_document import StockDocument
from aggregates.stock.stock_documents import KINDS as STOCK_KINDS
from readmodels.access_log import AccessedType
from readmodels.excel import DocumentFilter
from services.api.http.call import Call
from services.api.http.downloads import workbook
from services.api.http.heavy_work import WORKBOOKS
from services.api.http.problems import RightMissing
from services.api.http.routes import NeedsRight, Routes
from services.api.schemas import OpenPeriod, Schema

if TYPE_CHECKING:
    from services.excel.columns import Column

routes = Routes("excel")
KINDS: Mapping[str, type[StockDocument] | type[MoneyDocument]] = {**STOCK_KINDS, **MONEY_KINDS}
EXPORTS, IMPORTS = NeedsRight("excel_export"), NeedsRight("excel_import")

CatalogueKey = Literal["patients", "goods", "employees", "services", "counterparties"]
if TYPE_CHECKING:
    DocumentKey = str
else:
    DocumentKey = Literal[("visits", *KINDS, PayAccrual.TOPIC)]
PERSONAL: dict[str, AccessedType] = {
    "patients": "patient",
    "employees": "employee",
    "visits": "visit",
    "money_income": "money_income",
    "money_outgo": "money_outgo",
}
"""What contains personal data: its export is recorded in the access log (SEC-6)."""
_OTHER_RIGHTS = {PayAccrual.TOPIC: "payroll"}
CATALOGUE_MODELS = ("patients", "employees", "services", "catalogue")


def _right(key: str) -> str:
    """Which opens the page of this catalogue or these documents: it has the same key, unless it opens several kinds."""
    return KINDS[key].RIGHT if key in KINDS else _OTHER_RIGHTS.get(key, key)


def may(call: Call, key: str) -> bool:
    """Whether the user may see this catalogue or these documents on their own page."""
    return _right(key) in call.principal.rights


def require(call: Call, *keys: str) -> None:
    """Excel gives no access that the user doesn't have otherwise. Raises RightMissing."""
    missing = [_right(key) for key in keys if not may(call, key)]
    if missing:
        raise RightMissing(any_of=missing[:1])


class ExcelColumn(Schema):
    heading: str
    required: bool
    note: str


class ExcelSheet(Schema):
    title: str
    columns: list[ExcelColumn]


class ExcelCatalogue(Schema):
    """`second_sheet`: optional."""

    key: CatalogueKey
    title: str
    columns: list[ExcelColumn]
    second_sheet: ExcelSheet | None


class ExcelDocument(Schema):
    key: DocumentKey
    title: str


class ExcelContents(Schema):
    """What the user may load and export."""

    catalogues: list[ExcelCatalogue]
    documents: list[ExcelDocument]


class ExportQuery(OpenPeriod):
    """`from`, `to`: limit documents to these days."""

    catalogues: Annotated[list[CatalogueKey | DocumentKey], Field(min_length=1, max_length=20)]
    """What goes into the archive."""


@routes.get("/excel", NeedsRight("excel_import", "excel_export"), answer=ExcelContents)
def contents(call: Call) -> Any:
    """The catalogues with their columns, and the documents, as far as the user may see them."""
    from services.excel import service_doctors
    from services.excel.catalogues import LOADABLE
    from services.excel.documents import DOCUMENTS

    def described(columns: "Sequence[Column]") -> list[dict[str, Any]]:
        return [{"heading": column.heading, "required": column.required, "note": column.note} for column in columns]

    doctors = {"title": service_doctors.TITLE, "columns": described(service_doctors.COLUMNS)}
    return call.answer(
        {
            "catalogues": [
                {
                    "key": catalogue.key,
                    "title": catalogue.title,
                    "columns": described(catalogue.columns),
                    "second_sheet": doctors if catalogue.doctors else None,
                }
                for catalogue in LOADABLE.values()
                if may(call, catalogue.key)
            ],
            "documents": [
                {"key": document.key, "title": document.title} for document in DOCUMENTS.values() if may(call, document.key)
            ],
        }
    )


@routes.get("/excel/templates/{catalogue}", IMPORTS, answer=bytes, media="application/zip", reads=("catalogue",), heavy=WORKBOOKS)
def template(call: Call, catalogue: CatalogueKey) -> Any:
    """The catalogue's template, in an archive."""
    from services.excel.workbooks import Template

    require(call, catalogue)
    return workbook(call, Template(catalogue), f"template-{catalogue}.zip")


@routes.get(
    "/excel/export.zip",
    EXPORTS,
    answer=bytes,
    media="application/zip",
    reads=(*CATALOGUE_MODELS, "calendar", "stock_documents", "money_documents", "articles", "pay_accruals", "authors"),
    heavy=WORKBOOKS,
)
def export(call: Call, query: Annotated[ExportQuery, Query()]) -> Any:
    """The chosen catalogues and documents as workbooks in an archive; each needs its own right too, and costs that of stock."""
    from services.excel.workbooks import Archive

    require(call, *query.catalogues)
    period = {"from": query.first and query.first.isoformat(), "to": query.last and query.last.isoformat()}
    for key, object_type in PERSONAL.items():
        if key in query.catalogues:
            call.record_access(
                "exported", object_type, filter=period if object_type in {"visit", "money_income", "money_outgo"} else {}
            )
    documents = DocumentFilter(
        first=query.first,
        last=query.last,
        patient_info=call.principal.shows_patient_info,
        costs=may(call, "stock_balances"),
        deleted=call.shows_deleted(asked=True),
    )
    return workbook(call, Archive([*query.catalogues], documents), "denta.zip")
