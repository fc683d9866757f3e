"""Warnings about services in refusals, with names."""

from typing import Any

from aggregates.clinic.service_warnings import VisitOfServices
from services.api.names import Names
from services.api.refusal_names import NamedFact


def _visit(names: Names, visit: VisitOfServices) -> dict[str, Any]:
    return {**names.visit(visit), "services": visit.services}


IN_REFUSALS = NamedFact(VisitOfServices, _visit, patients=lambda visit: [visit.patient_id])
