"""All projections of Denta, one line each. Whoever adds a read model adds its line here; nothing else needs to know."""

from typing import Any

from projections.accesses import ACCESSES
from projections.calendar import CALENDAR
from projections.catalogue import CATALOGUE
from projections.declaration import Projection
from projections.employees import EMPLOYEES
from projections.journal import JOURNAL
from projections.patients import PATIENTS
from projections.rights_sets import RIGHTS_SETS
from projections.schedule_versions import SCHEDULE_VERSIONS
from projections.services import SERVICES
from projections.settings import SETTINGS
from projections.working_hours import WORKING_DAYS, WORKING_WEEKS

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
