"""Refusals of visits; `visit.py` and `visit_consumption.py` say when."""

from typing import ClassVar

from aggregates.kernel import DomainError
from aggregates.scheduling.visit_status import STATUS_LABELS, TRANSITIONS, Status


class DoctorRequired(DomainError):
    code: ClassVar[str] = "doctor_required"

    @property
    def sentence(self) -> str:
        return "Укажите врача: без него визит не сохранить и не завершить."


class IllegalTransition(DomainError):
    """Facts: `old`, `new`, `allowed` (statuses)."""

    code: ClassVar[str] = "illegal_transition"

    def __init__(self, old: Status, new: Status) -> None:
        super().__init__(old=old, new=new, allowed=list(TRANSITIONS[old]))
        self._labels = STATUS_LABELS[old], STATUS_LABELS[new], ", ".join(STATUS_LABELS[s] for s in TRANSITIONS[old])

    @property
    def sentence(self) -> str:
        old, new, allowed = self._labels
        return f"Визит «{old}» нельзя сделать «{new}». Можно: {allowed}."


class VisitOver(DomainError):
    """The visit has begun, is over or won't take place. Facts: `status`."""

    code: ClassVar[str] = "visit_over"

    @property
    def sentence(self) -> str:
        status: Status = self.facts["status"]
        return f"Визит «{STATUS_LABELS[status]}», поэтому изменить это нельзя. Сначала верните ему подходящий статус."


class VisitDeleted(DomainError):
    code: ClassVar[str] = "visit_deleted"

    @property
    def sentence(self) -> str:
        return "Визит удалён. Верните его, чтобы изменить."


class AnotherDoctorsVisit(DomainError):
    """The user may see and change only the visits of their own schedule."""

    code: ClassVar[str] = "another_doctors_visit"
    status: ClassVar[int] = 403

    @property
    def sentence(self) -> str:
        return "Вам открыто только ваше расписание, а это визит к другому врачу. Обратитесь к администратору клиники."


class PriceNotAllowed(DomainError):
    """The user may not change prices. Facts: `name` of the service or goods."""

    code: ClassVar[str] = "price_not_allowed"
    status: ClassVar[int] = 403

    @property
    def sentence(self) -> str:
        return f"Изменять цену («{self.facts['name']}») вам не разрешено. Оставьте прежнюю или обратитесь к руководителю."


class DiscountNotAllowed(DomainError):
    """The user may neither give nor change discounts."""

    code: ClassVar[str] = "discount_not_allowed"
    status: ClassVar[int] = 403

    @property
    def sentence(self) -> str:
        return "Давать и изменять скидки вам не разрешено. Обратитесь к руководителю."
