"""Warnings about visits in refusals, with names."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from msgspec.structs import asdict

from aggregates.scheduling.visit_warnings import ShownWarning
from services.api.names import Names
from services.api.refusal_names import NamedFact


def _warning(names: Names, warning: ShownWarning) -> dict[str, Any]:
    return {
        **asdict(warning),
        "visit": warning.visit and names.visit(warning.visit),
        "doctor": warning.doctor_id and names.employee(warning.doctor_id),
        "visits": [{**names.visit(visit), "services": visit.services} for visit in warning.visits],
    }


def _patients(warning: ShownWarning) -> Iterable[UUID]:
    return [visit.patient_id for visit in (warning.visit, *warning.visits) if visit]


IN_REFUSALS = NamedFact(ShownWarning, _warning, patients=_patients)
