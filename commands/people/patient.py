"""Commands of patients' cards; with `ctx.patients_of`, only of that doctor's patients."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from aggregates.catalogues import PatientCategory, Source
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.conflicting_visit import ConflictingVisit
from aggregates.files import StoredFile
from aggregates.kernel import DomainError
from aggregates.money.allocation import NOTHING
from aggregates.people.patient import CARD_NUMBERS, AnotherDoctorsPatient, CardNumberTaken, PatientCard, PatientHasVisits
from aggregates.people.patient_merging import NO_CHOICES
from aggregates.people.registry_acceptance import LIMITED
from aggregates.phones import phone as stored_phone
from aggregates.scheduling.visit import Visit
from aggregates.values import WrongValue
from commands.bulk import BulkItem, BulkLoader, Outcome, attempt
from commands.context import Context, Receipt
from commands.money.charges import sales_of
from commands.ports.clinic import Clinic, Save
from commands.references import Reference, newly_chosen
from commands.retry import retried


@retried
def create_card(clinic: Clinic, ctx: Context, card: dict[str, Any], *, patient_id: UUID | None = None) -> Receipt:
    """A new patient; without a card number they get the next one (PAT-1).

    CardNumberTaken; EntryDeleted and AggregateNotFound for source and categories; WrongValue.
    """
    new = NewCard(clinic, ctx, card, patient_id)

    def save(patient: PatientCard) -> Receipt:
        return clinic.save(patient, ctx=ctx, if_unchanged=new.claimed, facts={"card_number": patient.card_number})

    return save(new.checked) if new.has_number else _with_next_number(clinic, lambda number: save(new.created(number)))


class NewCard:
    """A card to be created, checked before it takes a number. Refusals as of `create_card`, without CardNumberTaken."""

    def __init__(self, clinic: Clinic, ctx: Context, card: dict[str, Any], patient_id: UUID | None = None) -> None:
        self.id = patient_id or uuid4()
        self._clinic, self._card, self._at, self._today = clinic, card, ctx.now, _today(clinic, ctx)
        written = str(card.get("card_number") or "").strip()
        self.has_number = written != ""
        self.checked = self.created(written or _NOT_NUMBERED)
        self.claimed = newly_chosen(clinic, _referred(self.checked))
        """The aggregates that the card refers to."""

    def created(self, number: str) -> PatientCard:
        patient = PatientCard(self.id)
        patient.create({**self._card, "card_number": number}, today=self._today, at=self._at)
        return patient

    def numbered(self) -> PatientCard:
        """The card with the given number, or the next free one. To be called under the write lock."""
        return self.checked if self.has_number else self.created(str(self._clinic.numbers.next(CARD_NUMBERS)))


@retried
def change_card(
    clinic: Clinic, ctx: Context, patient_id: UUID, fields: dict[str, Any], *, expected: int | None = None
) -> Receipt:
    """Refusals as of `create_card`; an unchanged source or category may be deleted."""
    patient = _card(clinic, ctx, patient_id, expected)
    before = list(_referred(patient))
    patient.change_card(fields, today=_today(clinic, ctx), at=ctx.now)
    return clinic.save(patient, ctx=ctx, if_unchanged=newly_chosen(clinic, _referred(patient), before))


@retried
def change_photo(
    clinic: Clinic, ctx: Context, patient_id: UUID, photo: StoredFile | None, *, expected: int | None = None
) -> Receipt:
    """Set or remove the photo; its file is in the store already."""
    patient = _card(clinic, ctx, patient_id, expected)
    patient.change_photo(photo, at=ctx.now)
    return clinic.save(patient, ctx=ctx)


@retried
def delete_card(clinic: Clinic, ctx: Context, patient_id: UUID, *, expected: int | None = None) -> Receipt:
    """PatientHasVisits if there are coming visits, PatientHasMoney if there are a debt, a prepayment or money to be returned."""
    with clinic.write_lock():
        patient = _card(clinic, ctx, patient_id, expected)
        debt, prepayment = _money(clinic, patient)
        patient.delete(
            _coming(clinic, ctx, patient), debt=debt, prepayment=prepayment, only_doctor_id=ctx.only_doctor_id, at=ctx.now
        )
        return clinic.save(patient, ctx=ctx)


def deletion_conflicts(clinic: Clinic, ctx: Context, patient_id: UUID) -> PatientHasVisits | None:
    """The refusal that deleting the card would meet now."""
    patient = _card(clinic, ctx, patient_id)
    return patient.conflicting_visits(_coming(clinic, ctx, patient), only_doctor_id=ctx.only_doctor_id)


@retried
def return_card(
    clinic: Clinic, ctx: Context, patient_id: UUID, *, new_number: bool = False, expected: int | None = None
) -> Receipt:
    """CardNumberTaken if another patient has the card's number by now, unless `new_number` (DEL-2)."""

    def save(number: str | None) -> Receipt:
        patient = _card(clinic, ctx, patient_id, expected)
        patient.return_(at=ctx.now)
        if number is not None:
            patient.change_card({"card_number": number}, today=_today(clinic, ctx), at=ctx.now)
        return clinic.save(patient, ctx=ctx, facts={"card_number": patient.card_number})

    if not new_number:
        return save(None)
    _card(clinic, ctx, patient_id, expected).require_deleted()
    return _with_next_number(clinic, save)


@retried
def merge_cards(
    clinic: Clinic,
    ctx: Context,
    survivor_id: UUID,
    patient_id: UUID,
    choices: Mapping[str, str] = NO_CHOICES,
    *,
    expected: int | None = None,
    other_expected: int | None = None,
) -> Receipt:
    """Merge a card into the survivor (PAT-6). `choices`: group of fields → whose value stays; the default of a group never hides
    a value (PAT-9). `expected`, `other_expected`: the versions that the person saw.

    CardMerged, HasMergedCards, PatientDeleted, WrongValue, VersionMoved. Of two concurrent merges one is decided again, with the
    other applied.
    """
    survivor, merged = merging_cards(clinic, ctx, survivor_id, patient_id, expected=expected, other_expected=other_expected)
    survivor.absorb(merged, choices, at=ctx.now)
    merged.merge_into(survivor_id, at=ctx.now)
    return clinic.save(survivor, merged, ctx=ctx)


def merging_cards(
    clinic: Clinic,
    ctx: Context,
    survivor_id: UUID,
    patient_id: UUID,
    *,
    expected: int | None = None,
    other_expected: int | None = None,
) -> tuple[PatientCard, PatientCard]:
    """The survivor and the card to be merged, for comparison. VersionMoved, AnotherDoctorsPatient."""
    return _card(clinic, ctx, survivor_id, expected), _card(clinic, ctx, patient_id, other_expected)


@retried
def unmerge_cards(clinic: Clinic, ctx: Context, survivor_id: UUID, patient_id: UUID, *, expected: int | None = None) -> Receipt:
    """Split a merged card off the survivor: each has its own visits again. NotMerged, PatientDeleted."""
    survivor, merged = _card(clinic, ctx, survivor_id, expected), _card(clinic, ctx, patient_id)
    survivor.release(patient_id, at=ctx.now)
    merged.separate(survivor_id, at=ctx.now)
    return clinic.save(survivor, merged, ctx=ctx)


def is_own_patient(clinic: Clinic, doctor_id: UUID | None, patient: PatientCard) -> bool:
    """Whether the person of this card is the doctor's patient, by any of their cards. `doctor_id` None: anybody is."""
    if doctor_id is None:
        return True
    return clinic.doctors_patients.include(doctor_id, cards_of_person(clinic, patient))


def cards_of_person(clinic: Clinic, patient: PatientCard) -> set[UUID]:
    """The card, the survivor of its person, and all cards merged into it."""
    survivor = patient if patient.merged_into is None else clinic.cached(PatientCard, patient.merged_into)
    return {patient.id, survivor.id, *survivor.absorbed}


def matches_phone_or_card_number(patient: PatientCard, written: str) -> bool:
    """Whether this is the card's complete main phone, in any form, or its card number."""
    phone = whole_phone(written)
    return written.strip() == patient.card_number or (phone != "" and phone == patient.phone)


def whole_phone(written: str) -> str:
    """The stored form of a complete phone number; "" if it is none."""
    try:
        return stored_phone("phone", written)
    except WrongValue:
        return ""


def require_own_patient(clinic: Clinic, doctor_id: UUID | None, patient_id: UUID) -> None:
    """AnotherDoctorsPatient, AggregateNotFound."""
    if doctor_id is not None and not is_own_patient(clinic, doctor_id, clinic.load(PatientCard, patient_id)):
        raise AnotherDoctorsPatient


def _card(clinic: Clinic, ctx: Context, patient_id: UUID, expected: int | None = None) -> PatientCard:
    """A card that the user may change. AnotherDoctorsPatient is checked first, so that others' cards don't reveal even a
    version.
    """
    require_own_patient(clinic, ctx.patients_of, patient_id)
    return clinic.load(PatientCard, patient_id, expected=expected)


_NOT_NUMBERED = "–"
_DRAWS = 5
"""Attempts to draw a free number."""


def _with_next_number(clinic: Clinic, save: Callable[[str], Receipt]) -> Receipt:
    """Save with the next free number; if somebody gives it to another card meanwhile, with the one after."""
    for _ in range(_DRAWS - 1):
        with suppress(CardNumberTaken):
            return save(str(clinic.numbers.next(CARD_NUMBERS)))
    return save(str(clinic.numbers.next(CARD_NUMBERS)))


def _referred(patient: PatientCard) -> Iterable[Reference]:
    if source_id := patient.details["source_id"]:
        yield Source, UUID(str(source_id))
    yield from ((PatientCategory, category_id) for category_id in patient.categories)


def _money(clinic: Clinic, patient: PatientCard) -> tuple[Decimal, Decimal]:
    """What isn't paid of completed visits and sales, and what was paid and pays for none of them; of all of a person's cards."""
    cards = [patient.id, *patient.absorbed]
    visits = clinic.visit_times.taking_place(cards)
    paid = clinic.payments.of_visits([visit.visit_id for visit in visits])
    completed = clinic.load_each(Visit, [visit.visit_id for visit in visits if visit.status == "completed"])
    debt = sum((max(visit.total - paid.get(id_, NOTHING), NOTHING) for id_, visit in completed.items()), NOTHING)
    ahead = sum((amount for id_, amount in paid.items() if id_ not in completed), NOTHING)
    sales = sales_of(clinic, clinic.returned_goods.sold_to(cards))
    paid = clinic.payments.of_visits([sale.id for sale in sales])
    debt += sum((max(sale.total - paid.get(sale.id, NOTHING), NOTHING) for sale in sales), NOTHING)
    return debt, clinic.payments.unallocated(cards) + ahead


def _coming(clinic: Clinic, ctx: Context, patient: PatientCard) -> list[ConflictingVisit]:
    settings = clinic.cached(ClinicSettings, SETTINGS_ID)
    live = clinic.visit_times.live(ctx.local_now(settings.time_zone), patient_ids=[patient.id, *patient.absorbed])
    return [
        ConflictingVisit(slot.visit_id, slot.number, slot.starts_at, slot.ends_at, slot.patient_id, slot.doctor_id)
        for slot in live
    ]


def save_cards_in_bulk(clinic: Clinic, items: Sequence[BulkItem]) -> list[Outcome]:
    """Create and change many cards with few queries. Those that name a number come first, so that none is drawn that another item
    names. An item that fails here is decided again by the ordinary command, which handles repeated commands and conflicts.
    """
    known = clinic.load_each(PatientCard, [item.id for item in items if item.expected])
    unnumbered = sum(not item.expected and not item.fields.get("card_number") for item in items)
    numbers = iter(clinic.numbers.next_many(CARD_NUMBERS, unnumbered) if unnumbered else ())
    saves: dict[int, Save] = {}
    places = sorted(range(len(items)), key=lambda place: not items[place].fields.get("card_number"))
    for place in places:
        item = items[place]
        patient = known.get(item.id) if item.expected else PatientCard(item.id)
        if patient is None or patient.version != item.expected:
            continue
        today, before = _today(clinic, item.ctx), list(_referred(patient)) if item.expected else []
        try:
            if item.expected:
                patient.change_card(item.fields, today=today, at=item.ctx.now)
            else:
                number = item.fields.get("card_number") or str(next(numbers))
                patient.create({**item.fields, "card_number": number}, today=today, at=item.ctx.now)
            chosen = newly_chosen(clinic, _referred(patient), before)
        except DomainError:
            continue
        facts = {"card_number": patient.card_number}
        saves[place] = Save(aggregate=patient, ctx=item.ctx, facts=facts, if_unchanged=chosen)
    outcomes = dict(zip(saves, clinic.save_each(list(saves.values())), strict=True))
    for place in places:
        if not isinstance(outcomes.get(place), Receipt):
            outcomes[place] = attempt(lambda item=items[place]: _load_card(clinic, item))  # type: ignore[misc]  # mypy can't see the default
    return [outcomes[place] for place in range(len(items))]


def _load_card(clinic: Clinic, item: BulkItem) -> Receipt:
    if item.expected:
        return change_card(clinic, item.ctx, item.id, item.fields, expected=item.expected)
    return create_card(clinic, item.ctx, item.fields, patient_id=item.id)


def dry_run_changes(clinic: Clinic, ctx: Context, changes: Mapping[UUID, Mapping[str, Any]]) -> Mapping[UUID, DomainError]:
    """Which changes the registry's rules would refuse (PAT-4). Only cards whose changes touch those rules are loaded."""
    refused: dict[UUID, DomainError] = {}
    today = _today(clinic, ctx)
    asked = [patient_id for patient_id, fields in changes.items() if not LIMITED.isdisjoint(fields)]
    for patient_id, patient in clinic.load_each(PatientCard, asked).items():
        try:
            patient.change_card(dict(changes[patient_id]), today=today, at=ctx.now)
        except DomainError as refusal:
            refused[patient_id] = refusal
    return refused


LOADER = BulkLoader(
    PatientCard,
    save_cards_in_bulk,
    lambda clinic, ctx, patient_id, expected: delete_card(clinic, ctx, patient_id, expected=expected),
    dry_run_changes,
)


def _today(clinic: Clinic, ctx: Context) -> date:
    return ctx.local_now(clinic.cached(ClinicSettings, SETTINGS_ID).time_zone).date()
