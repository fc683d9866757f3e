"""Possible mistakes: allowed, but a person has to confirm them before anything is saved (CAL-19).

Each subject declares its kinds beside its rules (`aggregates/scheduling/visit_warnings.py`,
`aggregates/clinic/service_warnings.py`); its commands collect them and call `require_accepted`. The event stores the accepted
ones (`despite`), for the journal.
"""

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import Any, ClassVar

import msgspec

from aggregates.kernel import DomainError


class DomainWarning(msgspec.Struct, frozen=True, kw_only=True):
    """One warning; a kind is a subclass. KIND: what other programs know it by."""

    KIND: ClassVar[str]

    @property
    def about(self) -> Sequence[object]:
        """What the person accepts: when any of it has changed, the question is another one."""
        raise NotImplementedError

    @property
    def sentence(self) -> str:
        """What may be a mistake, in Russian."""
        raise NotImplementedError

    @property
    def shown(self) -> Mapping[str, Any]:
        """What the person may see of it, as facts of the refusal. Nothing of the warning goes out but this and the sentence."""
        return {}

    @property
    def key(self) -> str:
        """Identifies the warning when it is accepted; short, because keys travel in a header."""
        return f"{self.KIND}:{sha256(repr(tuple(self.about)).encode()).hexdigest()[:16]}"


class NeedsConfirmation(DomainError):
    """Repeat the request with the keys of all these warnings accepted. Facts: `warnings`: of each the `key`, the `kind`, the
    `sentence`, and what its kind shows.
    """

    code: ClassVar[str] = "needs_confirmation"

    def __init__(self, warnings: Sequence[DomainWarning]) -> None:
        super().__init__(warnings=[{"key": one.key, "kind": one.KIND, "sentence": one.sentence, **one.shown} for one in warnings])

    @property
    def sentence(self) -> str:
        return " ".join(["Проверьте, всё ли верно.", *(warning["sentence"] for warning in self.facts["warnings"])])


def require_accepted(warnings: Sequence[DomainWarning], accepted: Collection[str]) -> None:
    """Refuse unless the person has accepted every warning by its key. NeedsConfirmation."""
    if any(warning.key not in accepted for warning in warnings):
        raise NeedsConfirmation(warnings)
