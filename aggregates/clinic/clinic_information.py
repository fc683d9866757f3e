"""Information about the clinic: names, addresses and numbers that stand on its papers. Settings with a page of their own."""

from collections.abc import Mapping
from typing import Any

from aggregates.clinic.setting import Setting
from aggregates.fields import DIGITS, LINE, TEXT
from aggregates.requisites import ACCOUNT, BIK, INN, KPP, OGRN, require_keys
from aggregates.values import WrongValue

INFORMATION: tuple[Setting, ...] = (
    Setting(
        name="clinic_name",
        label="Наименование клиники",
        initial="Клиника",
        kind=TEXT,
        limit=300,
        required=True,
        group="information",
    ),
    Setting(name="legal_name", label="Наименование юридического лица", initial="", kind=TEXT, limit=300, group="information"),
    Setting(name="legal_address", label="Юридический адрес", initial="", kind=TEXT, limit=500, group="information"),
    Setting(name="phone", label="Телефон", initial="", kind=TEXT, limit=100, group="information"),
    Setting(name="inn", label="ИНН", initial="", kind=INN, group="information"),
    Setting(name="kpp", label="КПП", initial="", kind=KPP, group="information"),
    Setting(name="ogrn", label="ОГРН или ОГРНИП", initial="", kind=OGRN, group="information"),
    Setting(
        name="head_name",
        label="Руководитель",
        hint="Фамилия, имя и отчество: кто подписывает справки и документы.",
        initial="",
        kind=LINE,
        group="information",
    ),
    Setting(name="bank_name", label="Банк", initial="", kind=LINE, limit=300, group="information"),
    Setting(name="bik", label="БИК", initial="", kind=BIK, group="information"),
    Setting(name="account", label="Расчётный счёт", initial="", kind=ACCOUNT, group="information"),
    Setting(name="corr_account", label="Корреспондентский счёт", initial="", kind=ACCOUNT, group="information"),
    Setting(
        name="tax_office",
        label="Код налоговой инспекции",
        hint="Четыре цифры: куда клиника отправляет сведения о справках.",
        initial="",
        kind=DIGITS,
        limit=4,
        group="information",
    ),
)


def check_information(values: Mapping[str, Any]) -> None:
    """Checks across these settings. WrongValue."""
    if values["tax_office"] and len(str(values["tax_office"])) != 4:
        raise WrongValue("tax_office", "В коде инспекции 4 цифры.")
    require_keys(str(values["bik"]), str(values["account"]), str(values["corr_account"]))
