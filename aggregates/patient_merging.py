"""Two cards of one person: the refusals of merging them and of parting them again (PAT-6)."""

from typing import ClassVar

from aggregates.kernel import DomainError


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
