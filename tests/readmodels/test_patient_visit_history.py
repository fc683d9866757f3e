"""A patient's visits as the patient sees them: with or without goods, as the clinic decides (ONL-1)."""

from decimal import Decimal

import pytest

from commands.clinic.clinic_settings import change_settings
from readmodels.scheduling import patient_visit_history
from tests.commands.paying import moment
from tests.readmodels.test_tax_sums import Office, office

__all__ = ["office"]


@pytest.mark.spec("ONL-1")
def test_the_clinic_decides_for_all_patients_whether_they_see_goods(office: Office) -> None:
    office.coded(("900", "1"), goods="100")
    (visit,) = patient_visit_history.of_patient(office.read, office.patient)
    assert [(line.name, line.sum) for line in visit.goods or ()] == [("Паста", Decimal(100))]
    assert (visit.starts_at, visit.doctor, visit.status, visit.total) == (moment(2, 9), "Аннина", "completed", Decimal(1000))

    office.do(change_settings, {"goods_in_history": False})
    (hidden,) = patient_visit_history.of_patient(office.read, office.patient)
    assert hidden.goods is None
    assert [line.sum for line in hidden.services] == [Decimal(900)]
    assert hidden.total == Decimal(1000)

    office.do(change_settings, {"goods_in_history": True})
    assert patient_visit_history.of_patient(office.read, office.patient) == [visit]
