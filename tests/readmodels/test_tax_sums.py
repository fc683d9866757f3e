"""What a tax certificate may state of payments, refunds, prepayments and certificates (FIN-6)."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

import pytest

from aggregates.catalogues import Counterparty
from aggregates.scheduling.visit import Slot
from commands.catalogue import create_entry
from commands.clinic.clinic_settings import change_settings
from commands.clinic.service import change_service, create_service
from commands.money import payment as commands
from commands.money.paying import Payer
from commands.people.patient import create_card, merge_cards
from commands.scheduling.visit import RequestedLine, book_visit, change_status, change_visit
from commands.scheduling.visit_lines import RequestedGoods
from readmodels.money import tax_sums
from readmodels.money.tax_sums import NO_SUMS, CertifiedYear, YearSums
from services.bootstrap import Denta
from tests.commands.paying import cash, moment
from tests.readmodels.test_money_of_patients import Till

YEAR = 2026


class Office(Till):
    def coded(self, *services: tuple[str, str], goods: str = "", day: int = 2, completed: bool = True) -> UUID:
        """A visit with services, each (price, code), and perhaps goods of a price."""
        lines = [
            RequestedLine(self.do(create_service, {"name": f"Услуга {n} {day} {code}", "price": price, "tax_code": code}).id)
            for n, (price, code) in enumerate(services)
        ]
        slot = Slot(self.reception.anna, moment(day, 9), moment(day, 9, 30))
        visit_id = self.do(book_visit, self.patient, slot, lines=lines).id
        if goods:
            self.do(change_settings, {"create_goods": True})
            self.do(change_visit, visit_id, goods=[RequestedGoods(None, name="Паста", price=Decimal(goods))])
        if completed:
            self.complete(visit_id)
        return visit_id

    def complete(self, visit_id: UUID) -> None:
        for status in ("in_progress", "completed"):
            self.do(change_status, visit_id, status)

    def year(self, year: int = YEAR, payer: UUID | None = None) -> YearSums:
        key = CertifiedYear(payer or self.patient, self.patient, year)
        return tax_sums.sums_of(self.read, [key])[key]


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    denta = Denta.open(database_url)
    try:
        with denta.database.connect() as connection:
            yield Office(denta, connection)
    finally:
        denta.close()


def sums(code_1: str | int = 0, code_2: str | int = 0, prepaid: str | int = 0, goods: str | int = 0) -> YearSums:
    return YearSums(*(Decimal(one).quantize(Decimal("0.01")) for one in (code_1, code_2, prepaid, goods)))


@pytest.mark.spec("FIN-6")
def test_payments_are_split_by_the_codes_of_the_services(office: Office) -> None:
    visit = office.coded(("1000", "1"), ("30000", "2"))
    office.pay(cash(31000), visits={visit: 31000})
    assert office.year() == sums(1000, 30000)
    assert office.year(YEAR - 1) == NO_SUMS


@pytest.mark.spec("FIN-6")
def test_a_part_is_shared_to_the_kopeck(office: Office) -> None:
    visit = office.coded(("100", "1"), ("100", "2"), ("100", "2"))
    office.pay(cash("100.01"), visits={visit: "100.01"})  # type: ignore[dict-item]  # rubles as text
    assert office.year() == sums("33.34", "66.67")


@pytest.mark.spec("FIN-6")
def test_a_line_keeps_the_code_that_its_service_had(office: Office) -> None:
    service = office.do(create_service, {"name": "Имплантация", "price": "500", "tax_code": "2"}).id
    visit = office.do(
        book_visit, office.patient, Slot(office.reception.anna, moment(2), moment(2, 13)), lines=[RequestedLine(service)]
    ).id
    office.complete(visit)
    office.pay(cash(500), visits={visit: 500})
    office.do(change_service, service, {"tax_code": "1"})
    assert office.year() == sums(0, 500)


@pytest.mark.spec("FIN-6")
def test_prepayments_count_once_their_visit_is_completed(office: Office) -> None:
    visit = office.coded(("700", "1"), completed=False)
    office.pay(cash(1000), visits={visit: 700}, keeps_rest=True)
    assert office.year() == sums(prepaid=1000)
    office.complete(visit)
    assert office.year() == sums(700, prepaid=300)


@pytest.mark.spec("FIN-6")
def test_a_refund_is_subtracted_in_its_year(office: Office) -> None:
    visit = office.coded(("1000", "1"), ("1000", "2"))
    paid = UUID(office.pay(cash(2000), visits={visit: 2000}, day=10).facts["payments"][0]["id"])
    office.refund(paid, 500, day=11)
    assert office.year() == sums(750, 750)
    office.do(commands.pay, office.patient, moment(2, month=12), [cash(5000)], keeps_rest=True)
    office.do(commands.refund, paid, moment(5, month=1).replace(year=YEAR + 1), Decimal(100), desk_id=cash(1).desk_id)
    assert office.year() == sums(750, 750, prepaid=5000)


@pytest.mark.spec("FIN-6")
def test_a_refund_of_an_earlier_years_payment_lessens_the_later_year(office: Office) -> None:
    first = office.coded(("1000", "1"), day=2)
    paid = UUID(office.pay(cash(1000), visits={first: 1000}, day=10).facts["payments"][0]["id"])
    january = moment(12, month=1).replace(year=YEAR + 1)
    office.do(commands.refund, paid, january, Decimal(300), desk_id=cash(1).desk_id)
    office.do(commands.pay, office.patient, january, [cash(300)], visits={first: Decimal(300)})
    assert office.year() == sums(1000)
    assert office.year(YEAR + 1) == NO_SUMS


@pytest.mark.spec("FIN-6")
def test_a_refund_of_a_later_year_is_known_though_it_is_dated_before_the_allocation_that_it_takes_back(office: Office) -> None:
    visit = office.coded(("1000", "1"))
    paid = UUID(office.pay(cash(1000), keeps_rest=True, day=10).facts["payments"][0]["id"])
    allocated, refunded = (moment(day, month=1).replace(year=YEAR + 1) for day in (15, 12))
    office.do(commands.pay, office.patient, allocated, visits={visit: Decimal(1000)}, prepayments={paid: Decimal(1000)})
    office.do(commands.refund, paid, refunded, Decimal(300), desk_id=cash(1).desk_id)
    assert office.year() == sums(1000)


@pytest.mark.spec("FIN-6")
def test_each_of_two_refunds_of_one_minute_lessens_by_what_it_took_back(office: Office) -> None:
    """By its moment alone, the second one took what the first had taken, though it came out of the rest."""
    visit = office.coded(("1000", "1"))
    paid = UUID(office.pay(cash(1000), keeps_rest=True, day=10).facts["payments"][0]["id"])
    january = moment(12, month=1).replace(year=YEAR + 1)
    office.do(commands.pay, office.patient, moment(11), visits={visit: Decimal(1000)}, prepayments={paid: Decimal(1000)})
    office.do(commands.refund, paid, january, Decimal(300), desk_id=cash(1).desk_id)
    office.do(commands.release_visit, visit, january)
    office.do(commands.refund, paid, january, Decimal(200), desk_id=cash(1).desk_id)
    office.do(commands.pay, office.patient, january, [cash(1000)], visits={visit: Decimal(1000)})
    assert office.year() == sums(300, prepaid=700)


@pytest.mark.spec("FIN-6")
def test_each_payer_has_sums_of_their_own_and_organisations_none(office: Office) -> None:
    visit = office.coded(("1000", "1"))
    mother = office.do(create_card, {"family_name": "Петрова", "given_name": "Анна"}).id
    firm = office.do(create_entry, Counterparty, {"name": "ООО «Страховая»"}).id
    for payer, part in ((Payer(patient_id=mother), 400), (Payer(counterparty_id=firm), 350), (Payer(), 250)):
        office.do(commands.pay, office.patient, moment(10), [cash(part)], visits={visit: Decimal(part)}, payer=payer)
    assert (office.year(payer=mother), office.year()) == (sums(400), sums(250))
    found = tax_sums.payers(office.read, office.patient, YEAR)
    assert [(one.payer.name, one.sums.code_1) for one in found] == [("Петров", 250), ("Петрова Анна", 400)]
    survivor = office.do(create_card, {"family_name": "Петрова-Водкина", "given_name": "Анна"}).id
    office.do(merge_cards, survivor, mother)
    assert office.year(payer=survivor) == sums(400)


@pytest.mark.spec("FIN-6", "FIN-3")
def test_a_gift_certificate_is_its_buyers_money_if_it_was_sold_at_its_value(office: Office) -> None:
    visit = office.coded(("1000", "1"))
    buyer = office.do(create_card, {"family_name": "Дарин", "given_name": "Олег"}).id
    bought = office.certificate(500, code="К-1", buyer_id=str(buyer))
    gift = office.certificate(300, code="К-2", price="0", buyer_id=str(buyer))
    nobodys = office.certificate(200, code="К-3")
    for certificate, part in ((bought, 500), (gift, 300), (nobodys, 200)):
        office.pay(commands.Part(certificate_id=certificate, sum=Decimal(part)), visits={visit: part})
    assert (office.year(), office.year(payer=buyer)) == (NO_SUMS, sums(500))


@pytest.mark.spec("FIN-6")
def test_goods_are_no_treatment(office: Office) -> None:
    visit = office.coded(("900", "1"), goods="100")
    office.pay(cash(1000), visits={visit: 1000})
    assert office.year() == sums(900, goods=100)
