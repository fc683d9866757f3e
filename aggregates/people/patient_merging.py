"""Merging two cards of one person and separating them again (PAT-6): refusals, and what the survivor takes from the other card,
so that no known value becomes invisible (PAT-9).
"""

from collections.abc import Iterable, Mapping
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from aggregates.files import StoredFile
from aggregates.kernel import DomainError
from aggregates.patients_named import NamedPatient
from aggregates.people.patient_fields import PATIENT_FIELDS, REPRESENTATIVE_FIELDS
from aggregates.people.registry_acceptance import lost_parts
from aggregates.phones import format_phone
from aggregates.values import Change, FieldChange, Scalar, WrongValue


class CardMerged(DomainError):
    """The card was merged into another one. Facts: `patient_id`, `into` (the survivor's `id`, `name`, `card_number`; null if the
    user may not open the card).
    """

    code: ClassVar[str] = "card_merged"

    def __init__(self, patient_id: UUID, into: UUID) -> None:
        super().__init__(patient_id=patient_id, into=NamedPatient(into))

    @property
    def sentence(self) -> str:
        return "Эта карта объединена с другой. Откройте основную карту или разъедините их."


class HasMergedCards(DomainError):
    """Other cards were merged into this one, so it can't be merged itself. Facts: `patient_id`."""

    code: ClassVar[str] = "has_merged_cards"

    @property
    def sentence(self) -> str:
        return "К этой карте уже присоединены другие. Оставьте основной её или сначала разъедините карты."


class NotMerged(DomainError):
    """Facts: `patient_id` (the card that isn't merged), `into`."""

    code: ClassVar[str] = "not_merged"

    @property
    def sentence(self) -> str:
        return "Эти карты не объединены. Обновите страницу."


Choice = Literal["own", "other", "both"]
GROUPS: Mapping[str, tuple[str, ...]] = {
    "name": ("family_name", "given_name", "patronymic"),
    "phone": ("phone",),
    "other_phones": ("other_phones",),
    "email": ("email",),
    "birth_date": ("birth_date",),
    "sex": ("sex",),
    "address": ("city", "street", "house", "flat"),
    "snils": ("snils",),
    "passport": ("passport_series", "passport_number", "passport_issued_on", "passport_issued_by"),
    "policy": ("policy_kind", "policy_number", "policy_insurer"),
    "representative": REPRESENTATIVE_FIELDS,
    "source": ("source_id",),
    "comment": ("comment",),
}
"""Groups of fields that are taken as a whole, such as an address. The card number isn't merged."""
_JOINED = {name: PATIENT_FIELDS[name].longest for name in ("other_phones", "comment")}
"""Texts that can be joined, with the limit of the result."""


class Side(msgspec.Struct, frozen=True):
    """The mergeable content of one of two cards."""

    card: dict[str, Scalar]
    categories: tuple[UUID, ...]
    photo: StoredFile | None


class Question(msgspec.Struct, frozen=True):
    """A group of fields in which the other card has something that this one lacks. `default`: the choice that hides nothing."""

    group: str
    options: tuple[Choice, ...]
    default: Choice


class Taken(msgspec.Struct, frozen=True):
    """What a card took from a merged one; separating gives it back. `categories`: those added."""

    changes: tuple[FieldChange, ...] = ()
    categories: tuple[UUID, ...] = ()
    photo: Change[StoredFile | None] | None = None


NOTHING_TAKEN = Taken()
NO_CHOICES: Mapping[str, str] = {}


def questions(own: Side, other: Side) -> list[Question]:
    """What has to be decided before the other card is merged into this one: each group in which they differ."""
    asked = [question for group in GROUPS if (question := _question(group, own, other)) is not None]
    if not set(other.categories) <= set(own.categories):
        asked.append(_question_about("categories", joins=bool(own.categories), default="both" if own.categories else "other"))
    if other.photo is not None and other.photo != own.photo:
        asked.append(_question_about("photo", default="own" if own.photo else "other"))
    return asked


def _question_about(group: str, *, default: Choice, joins: bool = False) -> Question:
    return Question(group, ("both", "own", "other") if joins else ("own", "other"), default)


def _question(group: str, own: Side, other: Side) -> Question | None:
    mine, theirs = _of(own, group), _of(other, group)
    if all(value in {"", mine[field]} for field, value in theirs.items()):
        return None
    if all(value in {"", theirs[field]} for field, value in mine.items()):
        return _question_about(group, default="other")
    if group in _JOINED:
        return None if _lines(theirs[group]) <= _lines(mine[group]) else _question_about(group, joins=True, default="both")
    if group == "phone":
        known = set(map(_bare, _lines(own.card["other_phones"])))
        return None if theirs["phone"] in known else _question_about(group, joins=True, default="both")
    if group == "birth_date":
        return _of_birth(str(mine[group]), str(theirs[group]))
    return _question_about(group, default="own")


def _of_birth(mine: str, theirs: str) -> Question | None:
    """The more complete date is the default."""
    if lost_parts(theirs, mine) == ():
        return None
    return _question_about("birth_date", default="other" if lost_parts(mine, theirs) == () else "own")


def merged_side(own: Side, other: Side, choices: Mapping[str, str]) -> Side:
    """The merged card, by a person's choices and the defaults of all other groups. WrongValue."""
    asked = {question.group: question for question in questions(own, other)}
    for group, choice in choices.items():
        if group in asked and choice not in asked[group].options:
            raise WrongValue(group, "Такого выбора здесь нет. Выберите одно из предложенных.")
        if group not in {*GROUPS, "categories", "photo"}:
            raise WrongValue(group, "Такого выбора здесь нет. Обновите страницу.")
    chosen = {group: choices.get(group, question.default) for group, question in asked.items()}
    card, further = dict(own.card), []
    for group in GROUPS:
        choice = chosen.get(group, "own")
        if group in _JOINED and choice == "both":
            card[group] = _joined(card[group], [other.card[group]])
        elif choice == "other":
            card.update(_of(other, group))
        if group == "phone" and (left := {"both": other, "other": own}.get(choice)) is not None:
            further = [format_phone(str(left.card["phone"]))] if left.card["phone"] else []
    # the second phone goes behind the chosen further ones
    known = set(map(_bare, _lines(card["other_phones"])))
    card["other_phones"] = _joined(card["other_phones"], [phone for phone in further if _bare(phone) not in known])
    for field, most in _JOINED.items():
        if len(str(card[field])) > most:
            raise WrongValue(field, f"Вместе это длиннее {most} знаков. Оставьте одно из двух или сократите.")
    categories = {"own": own.categories, "other": other.categories}.get(
        chosen.get("categories", "own"), tuple(sorted({*own.categories, *other.categories}))
    )
    return Side(card, categories, other.photo if chosen.get("photo") == "other" else own.photo)


def restored_side(own: Side, taken: Taken) -> Side:
    """The card without what it took, as far as that wasn't changed since."""
    card = dict(own.card)
    for change in taken.changes:
        now = card[change.field]
        if now == change.new:
            card[change.field] = change.old
        elif change.field in _JOINED:
            added_lines = _lines(change.new) - _lines(change.old)
            card[change.field] = "\n".join(line for line in str(now).split("\n") if line.strip() not in added_lines)
    categories = tuple(one for one in own.categories if one not in taken.categories)
    returns = taken.photo is not None and own.photo == taken.photo.new
    return Side(card, categories, taken.photo.old if taken.photo is not None and returns else own.photo)


def rebased(taken: Taken, gone: Taken) -> Taken:
    """A later `taken` after an earlier one (`gone`) was given back: its old values are those from before both."""
    before = {change.field: change for change in gone.changes}
    changes = tuple(
        FieldChange(change.field, before[change.field].old, change.new)
        if change.field in before and change.old == before[change.field].new
        else change
        for change in taken.changes
    )
    photo = taken.photo
    if photo is not None and gone.photo is not None and photo.old == gone.photo.new:
        photo = Change(gone.photo.old, photo.new)
    return Taken(changes, taken.categories, photo)


def _of(side: Side, group: str) -> dict[str, Scalar]:
    return {field: side.card[field] for field in GROUPS[group]}


def _lines(written: Scalar) -> set[str]:
    return {line.strip() for line in str(written).split("\n") if line.strip()}


def _bare(phone: str) -> str:
    """The digits of a phone number, for comparison with stored ones."""
    return "+" + "".join(character for character in phone if character.isdigit())


def _joined(first: Scalar, more: Iterable[Scalar]) -> str:
    """All lines, without duplicates."""
    known = _lines(first)
    added = [line for text in more for line in str(text).split("\n") if line.strip() and line.strip() not in known]
    return "\n".join(part for part in (str(first), *added) if part)
