"""Pay above what is owed that a person accepted, of accruals and outgoes."""

from collections.abc import Iterable

from aggregates.money.pay_warnings import PayDespite
from readmodels.words.values import Change, format_rubles


def accepted_excesses(despite: Iterable[PayDespite]) -> Iterable[Change]:
    """Each of them as a change of its own."""
    for one in despite:
        yield Change("Несмотря на предупреждение", None, f"выплачено больше начисленного на {format_rubles(one.excess)}")
