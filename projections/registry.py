"""All projections of Denta, one line each. Whoever adds a read model adds its line here; nothing else needs to know."""

from typing import Any

from projections.access.accesses import ACCESSES
from projections.access.rights_sets import RIGHTS_SETS
from projections.catalogue import CATALOGUE
from projections.clinic.services import SERVICES
from projections.clinic.settings import SETTINGS
from projections.declaration import Projection
from projections.journal import JOURNAL
from projections.people.employees import EMPLOYEES
from projections.people.patients import PATIENTS
from projections.scheduling.calendar import CALENDAR
from projections.scheduling.schedule_versions import SCHEDULE_VERSIONS
from projections.scheduling.working_hours import WORKING_DAYS, WORKING_WEEKS

PROJECTIONS: tuple[Projection[Any], ...] = (
    ACCESSES,
    CALENDAR,
    CATALOGUE,
    EMPLOYEES,
    JOURNAL,
    PATIENTS,
    RIGHTS_SETS,
    SCHEDULE_VERSIONS,
    SERVICES,
    SETTINGS,
    WORKING_DAYS,
    WORKING_WEEKS,
)
