"""What a setting of the clinic is, and the groups in which pages show them."""

from typing import Literal

from aggregates.day import day
from aggregates.fields import Field
from aggregates.values import Scalar

SettingGroup = Literal["information", "booking", "visit", "documents", "stock", "money", "online", "clinic"]
GROUPS: dict[SettingGroup, str] = {
    "booking": "Предварительная запись",
    "visit": "Визит",
    "documents": "Документы и справочники",
    "stock": "Склад",
    "money": "Деньги",
    "online": "Онлайн-запись и приложение",
    "clinic": "Клиника",
    "information": "Информация о клинике",
}
"""Groups with their titles, in display order; `information` has its own page."""


class Setting(Field, frozen=True, kw_only=True):
    """One setting: a field with a default value."""

    group: SettingGroup
    hint: str = ""
    only_with: tuple[str, str | int | bool] | None = None
    """(setting, value): this setting only matters while that setting has that value."""
    waits_for: str = ""
    """The feature that will use it, in the genitive, while it doesn't exist yet; empty: the setting is in use."""

    @property
    def default(self) -> Scalar:
        return self.empty

    def format_value(self, value: Scalar) -> str:
        """The value for people; for a reference its id, since only read models know names."""
        if value in self.choices and value is not None:
            return self.choices[value]
        if self.type == "date" and value:
            return f"{day(str(value)):%d.%m.%Y}"
        return "" if value is None else str(value)
