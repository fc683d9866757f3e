"""All background work of Denta, one line each."""

from services.background.declaration import Job, Part, Work
from services.excel.watch import load_uploaded
from services.fiscal.printing import print_receipts
from services.publishing.publish import PUBLISH

WORK: tuple[Work, ...] = (
    PUBLISH,
    Job("excel", 0.5, load_uploaded),
    Job("fiscal_receipts", 1.0, print_receipts),
    Job("pruning", 3600.0, lambda denta, _: denta.idempotency_records.prune()),
)


def work_of(part: Part) -> list[Work]:
    """What a command of the program runs."""
    return [work for work in WORK if work.part == part]
