"""The bill of what a patient owes (VIS-7)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from readmodels.clinic import requisites
from readmodels.money import patient_accounts
from readmodels.people import patients
from services.api.http.call import Call
from services.api.http.downloads import PDF, paper
from services.api.http.heavy_work import PAPERS
from services.api.http.problems import NoSuchObject
from services.api.http.routes import Routes
from services.api.money.payment import ACCOUNT_READS, SEES
from services.api.schemas import PaperQuery

routes = Routes("patient-bill")


@routes.get("/patients/{patient_id}/bill.pdf", SEES, answer=bytes, media=PDF, reads=ACCOUNT_READS, heavy=PAPERS)
def bill(call: Call, patient_id: UUID, query: Annotated[PaperQuery, Query()]) -> Any:
    """A bill of today for all completed visits of a patient that aren't paid whole."""
    from services.papers.bill import debt_bill

    del query
    with call.reading() as conn:
        card = patients.get(conn, patient_id)
        if card is None:
            raise NoSuchObject(kind="patient", id=patient_id)
        account = patient_accounts.account(conn, patient_id)
        clinic = requisites.of_clinic(conn, call.denta.decoders, call.denta.clock())
    call.record_access("printed", "patient", object_id=patient_id, patient_id=patient_id)
    owed = [visit for visit in reversed(account.visits) if visit.due and visit.status == "completed"]
    name = " ".join(filter(None, (card["family_name"], card["given_name"], card["patronymic"])))
    return paper(call, debt_bill(name, owed, call.local_now.date(), clinic), f"Счёт {name}")
