"""Two cards of one person: the refusals of merging them and of parting them again (PAT-6), and what the kept one takes over of
the other, so that nothing known disappears from sight (PAT-9).
"""

from collections.abc import Iterable, Mapping
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from aggregates.files import StoredFile
from aggregates.kernel import DomainError
from aggregates.people.patient_fields import PATIENT_FIELDS, REPRESENTATIVE_FIELDS
from aggregates.people.registry_acceptance import lost_parts
from aggregates.phones import format_phone
from aggregates.values import Change, FieldChange, Scalar, WrongValue


class CardMerged(DomainError):
    """The card is a part of another one. Facts: `patient_id`, `into` (the card that is kept)."""

    code: ClassVar[str] = "card_merged"

    @property
    def sentence(self) -> str:
        return "Эта карта объединена с другой. Откройте основную карту или разъедините их."


class HasMergedCards(DomainError):
    """Other cards are parts of this one, so it can't become a part itself. Facts: `patient_id`."""

    code: ClassVar[str] = "has_merged_cards"

    @property
    def sentence(self) -> str:
        return "К этой карте уже присоединены другие. Оставьте основной её или сначала разъедините карты."


class NotMerged(DomainError):
    """Facts: `patient_id` (the card that isn't a part), `into`."""

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
"""What is taken together of a card: parts of two addresses make none. A card's number stays with its card."""
_JOINED = {name: PATIENT_FIELDS[name].longest for name in ("other_phones", "comment")}
"""Texts of which both may stay, one behind the other, and the characters that they may have together."""


class Side(msgspec.Struct, frozen=True):
    """What one of two cards says."""

    card: dict[str, Scalar]
    categories: tuple[UUID, ...]
    photo: StoredFile | None


class Question(msgspec.Struct, frozen=True):
    """A group of fields of which the other card says what this one doesn't. `default`: by which nothing is lost from sight."""

    group: str
    options: tuple[Choice, ...]
    default: Choice


class Taken(msgspec.Struct, frozen=True):
    """What a card took over of another one: parting gives it back. `categories`: those that came."""

    changes: tuple[FieldChange, ...] = ()
    categories: tuple[UUID, ...] = ()
    photo: Change[StoredFile | None] | None = None


NOTHING_TAKEN = Taken()
NO_CHOICES: Mapping[str, str] = {}


def questions(own: Side, other: Side) -> list[Question]:
    """What has to be decided before the other card becomes a part of this one: each group where the other says something else."""
    asked = [question for group in GROUPS if (question := _question(group, own, other)) is not None]
    if not set(other.categories) <= set(own.categories):
        asked.append(_asked("categories", joins=bool(own.categories), default="both" if own.categories else "other"))
    if other.photo is not None and other.photo != own.photo:
        asked.append(_asked("photo", default="own" if own.photo else "other"))
    return asked


def _asked(group: str, *, default: Choice, joins: bool = False) -> Question:
    return Question(group, ("both", "own", "other") if joins else ("own", "other"), default)


def _question(group: str, own: Side, other: Side) -> Question | None:
    mine, theirs = _of(own, group), _of(other, group)
    if all(value in {"", mine[field]} for field, value in theirs.items()):
        return None
    if all(value in {"", theirs[field]} for field, value in mine.items()):
        return _asked(group, default="other")
    if group in _JOINED:
        return None if _lines(theirs[group]) <= _lines(mine[group]) else _asked(group, joins=True, default="both")
    if group == "phone":
        there = set(map(_bare, _lines(own.card["other_phones"])))
        return None if theirs["phone"] in there else _asked(group, joins=True, default="both")
    if group == "birth_date":
        return _of_birth(str(mine[group]), str(theirs[group]))
    return _asked(group, default="own")


def _of_birth(mine: str, theirs: str) -> Question | None:
    """The date that says more."""
    if lost_parts(theirs, mine) == ():
        return None
    return _asked("birth_date", default="other" if lost_parts(mine, theirs) == () else "own")


def decided(own: Side, other: Side, choices: Mapping[str, str]) -> Side:
    """The card as it is to be, by what a person chose and the defaults of what nobody chose. WrongValue."""
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
    # the second number stands behind what was chosen of further ones
    there = set(map(_bare, _lines(card["other_phones"])))
    card["other_phones"] = _joined(card["other_phones"], [phone for phone in further if _bare(phone) not in there])
    for field, most in _JOINED.items():
        if len(str(card[field])) > most:
            raise WrongValue(field, f"Вместе это длиннее {most} знаков. Оставьте одно из двух или сократите.")
    categories = {"own": own.categories, "other": other.categories}.get(
        chosen.get("categories", "own"), tuple(sorted({*own.categories, *other.categories}))
    )
    return Side(card, categories, other.photo if chosen.get("photo") == "other" else own.photo)


def given_back(own: Side, taken: Taken) -> Side:
    """The card without what it took over, as far as it is still there: what somebody has changed since stays."""
    card = dict(own.card)
    for change in taken.changes:
        now = card[change.field]
        if now == change.new:
            card[change.field] = change.old
        elif change.field in _JOINED:
            came = _lines(change.new) - _lines(change.old)
            card[change.field] = "\n".join(line for line in str(now).split("\n") if line.strip() not in came)
    categories = tuple(one for one in own.categories if one not in taken.categories)
    returns = taken.photo is not None and own.photo == taken.photo.new
    return Side(card, categories, taken.photo.old if taken.photo is not None and returns else own.photo)


def without(taken: Taken, gone: Taken) -> Taken:
    """What was taken over later, once what came `gone` before is given back: what it was put in the place of is there no more."""
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
    """A number as it is compared with a stored one, wherever it stands in a line."""
    return "+" + "".join(character for character in phone if character.isdigit())


def _joined(first: Scalar, more: Iterable[Scalar]) -> str:
    """The lines of both, none twice."""
    there = _lines(first)
    added = [line for text in more for line in str(text).split("\n") if line.strip() and line.strip() not in there]
    return "\n".join(part for part in (str(first), *added) if part)
