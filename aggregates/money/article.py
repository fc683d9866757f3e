"""An article of income and outgo: what money comes in or goes out for. Articles are grouped, one level deep (FIN-8).

A group is an active article of the same direction that is in no group itself. While articles are in it, it is neither deleted
nor put into another group (`gateways/guards/article_group.py`). Names of active articles of one direction are unique
(`gateways/guards/article_name.py`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from aggregates.deletion import DeletedAtWill, ObjectDeleted, ObjectReturned
from aggregates.fields import CHOICE, COMMENT, LINE, REFERENCE, Field, Fields
from aggregates.kernel import DomainError, Event, applies
from aggregates.values import FieldChange, Scalar, WrongValue, field_changes

Direction = Literal["income", "outgo"]
DIRECTIONS: Mapping[Direction, str] = {"income": "Приход", "outgo": "Расход"}
ARTICLE_FIELDS = Fields(
    Field(name="name", label="Наименование", kind=LINE, limit=100, required=True),
    Field(name="direction", label="Направление", kind=CHOICE, choices=DIRECTIONS, required=True),
    Field(name="group_id", label="Группа", kind=REFERENCE, refers="article"),
    Field(name="comment", label="Комментарий", kind=COMMENT),
)
MOST_NAMED = 5
"""Most members that a refusal names."""


class ArticleDeleted(DomainError):
    """Facts: `article_id`."""

    code: ClassVar[str] = "article_deleted"

    @property
    def sentence(self) -> str:
        return "Статья удалена. Выберите другую или верните её в списке статей."


class ArticleNameTaken(DomainError):
    """Another active article of the direction has this name: found on save by `gateways/guards/article_name.py`.

    Facts: `field`, `direction`, `name`, `by` (its id).
    """

    code: ClassVar[str] = "article_name_taken"

    def __init__(self, **facts: Any) -> None:
        super().__init__(field="name", **facts)

    @property
    def sentence(self) -> str:
        of = {"income": "прихода", "outgo": "расхода"}[self.facts["direction"]]
        return f"Статья {of} «{self.facts['name']}» уже есть. Назовите эту иначе."


class WrongGroup(DomainError):
    """Facts: `field`, `group_id`, `name` (of the group)."""

    def __init__(self, group: "Article") -> None:
        super().__init__(field="group_id", group_id=group.id, name=group.name)


class GroupDeleted(WrongGroup):
    code: ClassVar[str] = "group_deleted"

    @property
    def sentence(self) -> str:
        return f"Группа «{self.facts['name']}» удалена. Сначала верните её."


class GroupOfOtherDirection(WrongGroup):
    code: ClassVar[str] = "group_of_other_direction"

    @property
    def sentence(self) -> str:
        return f"У группы «{self.facts['name']}» другое направление. Выберите группу того же направления."


class GroupWithinGroup(WrongGroup):
    """The group is in a group itself, or would be in itself."""

    code: ClassVar[str] = "group_within_group"

    @property
    def sentence(self) -> str:
        return f"Статья «{self.facts['name']}» сама входит в группу и группой быть не может."


class GroupHasMembers(DomainError):
    """A group with active members is neither deleted nor put into a group: found on save by `gateways/guards/article_group.py`.

    Facts: `name`, `members` (`id` and `name` of each).
    """

    code: ClassVar[str] = "group_has_members"

    @property
    def sentence(self) -> str:
        names = [f"«{member['name']}»" for member in self.facts["members"]]
        further = f" и ещё {len(names) - MOST_NAMED}" if len(names) > MOST_NAMED else ""
        named = ", ".join(names[:MOST_NAMED])
        return f"В группе «{self.facts['name']}» есть статьи: {named}{further}. Сначала уберите их из группы или удалите."


class Article(DeletedAtWill):
    TOPIC = "article"

    name: str
    direction: Direction
    """Stays as it was created: documents of the other direction couldn't be booked under it."""
    group_id: UUID | None
    comment: str

    class Created(Event, frozen=True):
        TOPIC: ClassVar[str] = "article.created.1"
        name: str
        direction: Direction
        group_id: UUID | None
        comment: str

    class Changed(Event, frozen=True):
        TOPIC: ClassVar[str] = "article.changed.1"
        changes: tuple[FieldChange, ...]

    class Deleted(ObjectDeleted, frozen=True):
        TOPIC: ClassVar[str] = "article.deleted.1"

    class Returned(ObjectReturned, frozen=True):
        TOPIC: ClassVar[str] = "article.returned.1"

    def create(self, card: Mapping[str, Any], group: "Article | None" = None, *, at: datetime) -> None:
        """`group`: the article that `group_id` refers to. WrongGroup, WrongValue."""
        checked = ARTICLE_FIELDS.checked(card)
        if group is not None:
            self._require_group(group, str(checked["direction"]))
        self.trigger(self.Created, **{**checked, "group_id": group and group.id}, at=at)

    def change(self, fields: Mapping[str, Any], group: "Article | None" = None, *, at: datetime) -> None:
        """Change the given fields; no event without a difference. `group`: a newly chosen one. WrongGroup, WrongValue."""
        self.require_active()
        card = self.card()
        if fields.get("direction", self.direction) != self.direction:
            raise WrongValue("direction", "Направление выбирают при создании. Создайте другую статью.")
        changes = field_changes(card, ARTICLE_FIELDS.changed(card, fields))
        if group is not None:
            self._require_group(group, self.direction)
        if changes:
            self.trigger(self.Changed, changes=changes, at=at)

    def return_(self, group: "Article | None" = None, *, at: datetime) -> None:
        """`group`: its group. WrongGroup if that was deleted or got a group itself meanwhile; NotDeleted."""
        self.require_deleted()
        if group is not None:
            self._require_group(group, self.direction)
        self.trigger(self.Returned, at=at)

    def refusal_when_deleted(self) -> ArticleDeleted:
        return ArticleDeleted(article_id=self.id)

    def card(self) -> dict[str, Scalar]:
        """All fields; the group's id as text."""
        group_id = str(self.group_id) if self.group_id else None
        return {"name": self.name, "direction": self.direction, "group_id": group_id, "comment": self.comment}

    def _require_group(self, group: "Article", direction: str) -> None:
        if group.deleted:
            raise GroupDeleted(group)
        if group.direction != direction:
            raise GroupOfOtherDirection(group)
        if group.group_id is not None or group.id == self.id:
            raise GroupWithinGroup(group)

    @applies(Created)
    def _created(self, event: Created) -> None:
        self.name = event.name
        self.direction = event.direction
        self.group_id = event.group_id
        self.comment = event.comment

    @applies(Changed)
    def _changed(self, event: Changed) -> None:
        card = {**self.card(), **{change.field: change.new for change in event.changes}}
        self.name = str(card["name"])
        self.group_id = UUID(str(card["group_id"])) if card["group_id"] else None
        self.comment = str(card["comment"])
