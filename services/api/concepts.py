"""Which concepts the API has: one line each."""

from services.api import catalogue, excel_export, excel_import, first_steps, health, history, journal, search, viewings
from services.api.access import profile, rights_set, session, user_access
from services.api.clinic import clinic_settings, dictionaries, service
from services.api.http.routes import RouteDeclaration
from services.api.people import employee, patient_card, patient_merging
from services.api.scheduling import calendar, schedule, schedule_versions, visit

CONCEPTS = (
    calendar.routes,
    visit.routes,
    session.routes,
    profile.routes,
    patient_card.routes,
    patient_merging.routes,
    service.routes,
    employee.routes,
    user_access.routes,
    rights_set.routes,
    schedule.routes,
    schedule_versions.routes,
    search.routes,
    journal.routes,
    history.routes,
    viewings.routes,
    *clinic_settings.SETTINGS_ROUTES,
    dictionaries.routes,
    first_steps.routes,
    health.routes,
    catalogue.routes,
    excel_export.routes,
    excel_import.routes,
    *catalogue.CATALOGUE_ROUTES,
)


def declared() -> list[tuple[str, RouteDeclaration]]:
    """Every route with its concept's tag, in the order in which paths are tried."""
    return [(concept.tag, route) for concept in CONCEPTS for route in concept.declared]
