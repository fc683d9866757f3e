"""«Выгрузка из MS Excel», and the templates that files for loading are prepared from."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Literal
from zipfile import ZIP_STORED, ZipFile

from fastapi import Query
from pydantic import Field

from services.api.call import Call
from services.api.routes import Right, Routes
from services.api.shapes import OpenPeriod, Shape

if TYPE_CHECKING:
    from services.excel.columns import Column

routes = Routes("excel")
EXPORTS, IMPORTS = Right("excel_export"), Right("excel_import")

CatalogueKey = Literal["patients", "goods", "employees", "services", "counterparties"]
DocumentKey = Literal["visits"]
CATALOGUE_MODELS = ("patients", "employees", "services", "catalogue")


class ExcelColumn(Shape):
    heading: str
    required: bool
    note: str


class ExcelSheet(Shape):
    title: str
    columns: list[ExcelColumn]


class ExcelCatalogue(Shape):
    """`second`: a further sheet that may be left out."""

    key: CatalogueKey
    title: str
    columns: list[ExcelColumn]
    second: ExcelSheet | None


class ExcelDocument(Shape):
    key: DocumentKey
    title: str


class ExcelContents(Shape):
    """What can be loaded and exported."""

    catalogues: list[ExcelCatalogue]
    documents: list[ExcelDocument]


class ExportQuery(OpenPeriod):
    what: Annotated[list[CatalogueKey | DocumentKey], Field(min_length=1, max_length=20)]
    """What goes into the archive; documents of the period alone."""


@routes.get("/excel", Right("excel_import", "excel_export"), answer=ExcelContents)
def contents(call: Call) -> Any:
    """The catalogues with their columns, and the documents."""
    from services.excel import service_doctors
    from services.excel.catalogues import CATALOGUES
    from services.excel.export import DOCUMENTS

    def told(columns: "Sequence[Column]") -> list[dict[str, Any]]:
        return [{"heading": column.heading, "required": column.required, "note": column.note} for column in columns]

    doctors = {"title": service_doctors.TITLE, "columns": told(service_doctors.COLUMNS)}
    return call.answer(
        {
            "catalogues": [
                {
                    "key": catalogue.key,
                    "title": catalogue.title,
                    "columns": told(catalogue.columns),
                    "second": doctors if catalogue.doctors else None,
                }
                for catalogue in CATALOGUES.values()
            ],
            "documents": [{"key": document.key, "title": document.title} for document in DOCUMENTS.values()],
        }
    )


@routes.get("/excel/templates/{catalogue}", IMPORTS, answer=bytes, media="application/zip", reads=("catalogue",))
def template(call: Call, catalogue: CatalogueKey) -> Any:
    """The catalogue's template, in an archive."""
    from services.excel import export
    from services.excel import template as templates
    from services.excel.catalogues import CATALOGUES

    chosen = CATALOGUES[catalogue]
    with call.reading() as conn:
        names = export.names(conn, [chosen])

    def write(target: BinaryIO) -> None:
        with ZipFile(target, "w", ZIP_STORED) as packed, export.workbook(packed, f"Шаблон – {chosen.title}") as book:
            templates.write(chosen, names, book)

    return call.file(write, f"template-{catalogue}.zip")


@routes.get("/excel/export.zip", EXPORTS, answer=bytes, media="application/zip", reads=(*CATALOGUE_MODELS, "calendar"))
def export(call: Call, query: Annotated[ExportQuery, Query()]) -> Any:
    """The chosen catalogues and documents, each a workbook of the archive."""
    from services.excel import export as exporting

    def write(target: BinaryIO) -> None:
        with call.reading() as conn:
            exporting.archive(conn, query.what, query.first, query.last, target)

    period = {"from": query.first and query.first.isoformat(), "to": query.last and query.last.isoformat()}
    for about, key in (("patient", "patients"), ("visit", "visits")):
        if key in query.what:
            call.note_viewing("exported", about, filter=period if about == "visit" else {})  # type: ignore[arg-type]  # of the line above
    return call.file(write, "denta.zip")
