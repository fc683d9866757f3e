"""What receipts say of certificates that are sold and taken back."""

from uuid import UUID

from aggregates.clinic.clinic_settings import ClinicSettings
from aggregates.money.certificate import Certificate
from aggregates.money.fiscal_receipt import FiscalReceipt
from aggregates.money.receipt import Operation
from aggregates.money.receipt_accounts import StatedLine, negative, total_of
from aggregates.money.receipt_lines import certificate_lines, of_lines
from commands.context import Context
from commands.money.receipt_requests import ReceiptRequests, means_of, taken_back
from commands.ports.clinic import Clinic


def for_certificate(
    clinic: Clinic,
    ctx: Context,
    settings: ClinicSettings,
    certificate: Certificate,
    operation: Operation,
    requests: ReceiptRequests | None = None,
) -> list[FiscalReceipt]:
    """What is sold is an advance; nothing of a gift. What was sold without a receipt, comes back without one."""
    requests = requests or ReceiptRequests(clinic, ctx, settings)
    if not settings.prints_receipts or not certificate.price:
        return []
    buyer = certificate.card["buyer_id"]
    if operation == "sell":
        if certificate.version > 1 and not requests.stated(certificate.id):
            return []
        sold = certificate_lines(certificate.code, certificate.price)
        lines = [StatedLine(account_id=certificate.id, line=line) for line in sold]
    else:
        lines = [taken_back(one) for one in requests.advance(certificate.id)]
        sold = tuple(negative(one.line) for one in lines)
    requests.request(
        operation, of_lines(sold), [(means_of(certificate.till), total_of(sold))], lines,
        documents=(certificate.id,), patient_id=UUID(str(buyer)) if buyer else None, moment=requests.now,
    )  # fmt: skip
    return requests.requested
