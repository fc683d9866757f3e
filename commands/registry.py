"""Which kinds of aggregates exist: one line each. A kind that isn't listed can't be read from the log."""

from aggregates.access.rights_set import RightsSet
from aggregates.access.user_access import UserAccess
from aggregates.catalogues import CATALOGUES
from aggregates.clinic.clinic_settings import ClinicSettings
from aggregates.clinic.service import Service
from aggregates.kernel import Aggregate
from aggregates.people.employee import Employee
from aggregates.people.patient_card import PatientCard
from aggregates.scheduling.schedule import Schedule
from aggregates.scheduling.visit import Visit

KINDS: tuple[type[Aggregate], ...] = (
    Schedule,
    Employee,
    PatientCard,
    Service,
    Visit,
    ClinicSettings,
    RightsSet,
    UserAccess,
    *CATALOGUES,
)
