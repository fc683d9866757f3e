"""The fields of a patient's card in requests and answers."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from aggregates.people.patient_fields import DETAILS, MOST_CATEGORIES, PATIENT_FIELDS
from readmodels.people import patients as patients_read
from services.api.fields import changed_with, created_with, shows
from services.api.mirrors import mirrors
from services.api.schemas import Ref, Schema

Categories = Annotated[list[UUID], Field(max_length=MOST_CATEGORIES)]
"""Ids of patients' categories, all of them."""


@mirrors(patients_read.Category)
class Category(Schema):
    pass


@shows(field for field in DETAILS.values() if not field.refers)
class DetailsShown(Schema):
    """A patient's details; empty if unknown."""

    source: Ref | None


@created_with(PATIENT_FIELDS.values(), optional=("card_number",))
class NewPatient(Schema):
    """At least one part of the name is required. The default card number is the next free one. `source_id`: of the catalogue of
    sources, null for none.
    """

    categories: Categories | None = None


@changed_with(PATIENT_FIELDS.values())
class PatientChange(Schema):
    """Omitted fields stay. `source_id`: null for none."""

    categories: Categories | None = None
