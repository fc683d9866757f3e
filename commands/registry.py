"""Which kinds of aggregates exist: one line each. A kind that isn't listed can't be read from the log."""

from aggregates.catalogues import CATALOGUES
from aggregates.clinic_settings import ClinicSettings
from aggregates.employee import Employee
from aggregates.kernel import Aggregate
from aggregates.patient_card import PatientCard
from aggregates.rights_set import RightsSet
from aggregates.schedule import Schedule
from aggregates.service import Service
from aggregates.user_access import UserAccess
from aggregates.visit import Visit

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
