"""Printed stock documents, and the sheet to count a warehouse by."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from psycopg import Connection

from aggregates.stock.stock_document import StockDocument
from aggregates.stock.stock_documents import STOCK_DOCUMENTS, StockCount
from aggregates.stock.stock_lines import MOST_LINES
from readmodels.clinic import requisites
from readmodels.stock import stock_balances, stock_documents
from readmodels.stock.stock_documents import StockDocumentCard
from services.api.http.call import Call
from services.api.http.downloads import PDF, paper
from services.api.http.heavy_work import PAPERS
from services.api.http.problems import NoSuchObject
from services.api.http.routes import NeedsRight, Routes
from services.api.schemas import PaperQuery

READS = ("stock_documents", "catalogue", "patients")


def paper_routes(kind: type[StockDocument]) -> Routes:
    """The papers of one kind."""
    found, one, right = Routes(f"{kind.TOPIC}_paper"), f"/{kind.PATH}/{{document_id}}", NeedsRight(kind.RIGHT)

    @found.get(f"{one}/paper.pdf", right, answer=bytes, media=PDF, reads=READS, heavy=PAPERS)
    def document(call: Call, document_id: UUID, query: Annotated[PaperQuery, Query()]) -> Any:
        """The document as a PDF, with the requisites of its date."""
        from services.papers.stock_document import count_paper, document_paper

        del query
        with call.reading() as conn:
            card = _card(conn, kind, document_id)
            moment = _moment(call, card)
            clinic = requisites.of_clinic(conn, call.denta.decoders, moment)
            if kind.SHAPE.counts:
                html = count_paper(kind, card, clinic, stock_documents.differences(conn, document_id))
            else:
                other = kind.references(card.fields).get("counterparty_id")
                named = None if other is None else requisites.of_counterparty(conn, call.denta.decoders, other, moment)
                if patient := None if call.principal.own_schedule_only else card.fields.get("patient_id"):
                    named = requisites.Requisites(card.names["patient_id"])
                    call.record_access("printed", "patient", object_id=UUID(str(patient)), patient_id=UUID(str(patient)))
                html = document_paper(kind, card, clinic, named)
        return paper(call, html, f"{kind.ONE} {card.number}")

    if kind is StockCount:

        @found.get(f"{one}/sheet.pdf", right, answer=bytes, media=PDF, reads=READS, heavy=PAPERS)
        def sheet(call: Call, document_id: UUID, query: Annotated[PaperQuery, Query()]) -> Any:
            """A sheet to count by: the goods of the warehouse and of the document, with room to write."""
            from services.papers.stock_document import count_sheet

            del query
            with call.reading() as conn:
                card = _card(conn, kind, document_id)
                clinic = requisites.of_clinic(conn, call.denta.decoders, _moment(call, card))
                warehouse_id = kind.references(card.fields)["warehouse_id"]
                there = stock_balances.balances(conn, end=_wall_clock(card), warehouse_id=warehouse_id, size=MOST_LINES)
                html = count_sheet(kind, card, clinic, [item.goods for item in there.items])
            return paper(call, html, f"Лист для подсчёта {card.number}")

    return found


def _card(conn: Connection[Any], kind: type[StockDocument], document_id: UUID) -> StockDocumentCard:
    card = stock_documents.get(conn, document_id, kind=kind)
    if card is None:
        raise NoSuchObject(kind=kind.TOPIC, id=document_id)
    return card


def _wall_clock(card: StockDocumentCard) -> datetime:
    return datetime.fromisoformat(str(card.fields["moment"]))


def _moment(call: Call, card: StockDocumentCard) -> datetime:
    return _wall_clock(card).replace(tzinfo=call.zone)


STOCK_PAPER_ROUTES = tuple(paper_routes(kind) for kind in STOCK_DOCUMENTS)
