"""Every screen and every main dialog of the demonstration clinic, where nothing is changed: how each is opened, and what is
wrong with it in the light and in the dark, at a desk's and a tablet's width.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from services.demo.opening import PASSWORD as DEMONSTRATION_PASSWORD
from tests.browser.axe import DRAWN, OF_COLOURS, violations
from tests.browser.desk import Theme
from tests.browser.test_excel import choose_file, workbook

Open = Callable[[Page], None]
DESK, TABLET = (1440, 900), (1024, 768)
SETTLED = """async ([theme, width]) => {
    const deadline = performance.now() + 10_000;
    for (let still = 0; still < 15; still += 1) {
        await new Promise(requestAnimationFrame);
        const moves = document.getAnimations().some(animation => animation instanceof CSSTransition);
        if (moves || innerWidth !== width || document.documentElement.dataset.mantineColorScheme !== theme) still = -1;
        if (performance.now() > deadline) throw new Error(`the page doesn't settle in the ${theme} at ${width} px`);
    }
}"""
"""Waits until the page has the look asked for and for some frames no colour has been on its way. Evaluated, not waited for:
Playwright's wait_for_function takes the promise of an async function for its answer."""

LOOKS_OF_ALL = """() => new Map([...document.querySelectorAll('body, body *')].filter(one => one.checkVisibility()).map(one => {
    const { color, backgroundColor, backgroundImage, opacity, fontSize, fontWeight } = getComputedStyle(one);
    return [one, [color, backgroundColor, backgroundImage, opacity, fontSize, fontWeight].join()];
}))"""
REMEMBER = f"() => {{ window.before = ({LOOKS_OF_ALL})() }}"
CHANGED = f"""() => {{
    const changed = [...({LOOKS_OF_ALL})()].filter(([one, look]) => window.before.get(one) !== look);
    for (const [one] of changed) one.dataset.changed = '';
    return changed.length;
}}"""
"""Marks what wasn't shown when `REMEMBER` was evaluated, or had other colours; how much it is."""
ABOVE = "[role=dialog], [role=menu], [data-portal]"
"""What lies over a screen, with its lists."""
TO_TOP = "() => document.querySelectorAll('*').forEach(element => element.scrollTo({top: 0}))"
"""A visit beneath a head that stays in view would count as its neighbour; how far a day is scrolled depends on the hour."""


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1, name=re.compile(name))).to_be_attached()


@dataclass(frozen=True)
class At:
    """A screen by its address; `shown`: the role and name of what has to be there before it is looked at."""

    address: str
    name: str
    shown: str = ""

    def __call__(self, page: Page) -> None:
        page.goto(self.address)
        heading(page, self.name)
        if self.shown:
            role, _, called = self.shown.partition(" ")
            expect(page.get_by_role(role, name=re.compile(called)).first).to_be_visible()  # type: ignore[arg-type]  # a role


def first_row(address: str, table: str, name: str) -> Open:
    """The screen behind the first link of a list."""

    def open_(page: Page) -> None:
        page.goto(address)
        link = page.get_by_role("table", name=table).get_by_role("link").first
        called = name or link.inner_text()
        link.click()
        heading(page, called)

    return open_


def organisation_register(page: Page) -> None:
    """The visits that the insurer owes."""
    first_row("/settlements?q=Полис&show=all", "Расчёты с контрагентами", "")(page)
    page.get_by_role("link", name="Реестр услуг").click()
    heading(page, "Реестр услуг: Страховая компания «Полис»")


def old_version(page: Page) -> None:
    """A version that can't be returned to: deleted employee, red frames."""
    page.goto("/settings/hours/versions")
    rows = page.get_by_role("table", name="Версии графика").get_by_role("row")
    rows.filter(has_not_text="трудник").nth(3).get_by_role("link").click()
    expect(page.get_by_text("Вернуться к этому состоянию пока нельзя")).to_be_visible()
    expect(page.get_by_role("grid")).to_be_visible()


def history(page: Page) -> None:
    page.goto("/journal")
    page.get_by_role("table", name="Журнал").get_by_role("link", name=re.compile("^Карта пациента|^Услуга|^Визит")).first.click()
    heading(page, "История")


def patient_tab(name: str, shown: str) -> Open:
    def open_(page: Page) -> None:
        first_row("/patients", "Пациенты", "")(page)
        page.get_by_role("tab", name=name).click()
        expect(page.get_by_role("tabpanel").get_by_role("region", name=shown)).to_be_visible()

    return open_


def checked_file(page: Page) -> None:
    """A file that was checked and isn't loaded, so that nothing is changed: new, wrong and undecided rows."""
    page.goto("/patients")
    person = page.get_by_role("table", name="Пациенты").get_by_role("link").first.inner_text().split()
    rows = [("Фамилия", "Имя", "Отчество", "Телефон"), ("Новый", None, None, None), ("Другой", None, None, "12")]
    page.goto("/settings/excel/import")
    choose_file(page, "Пациенты.xlsx", workbook(*rows, (*person, *[None] * (3 - len(person)), "+7 999 000-00-00")))
    page.get_by_role("button", name="Импортировать данные из файла").click()
    expect(page.get_by_role("button", name="Импортировать", exact=True)).to_be_visible(timeout=30_000)
    expect(page.get_by_role("table", name="На решение")).to_be_visible()


def looks(page: Page) -> None:
    first_row("/patients", "Пациенты", "")(page)
    page.goto("/journal/viewings")
    expect(page.get_by_role("table", name="Просмотры").get_by_role("row").nth(1)).to_be_visible()


_VISITS: dict[str, Open] = {
    "calendar": At("/calendar", "Расписание", "region ^Расписание"),
    "week": At("/calendar?view=week", "Расписание", "region ^Расписание на неделю"),
    "everybody's week": At("/calendar?view=week&doctor=all", "Расписание", "region ^Расписание на неделю"),
    "visits": At("/visits", "Визиты", "link ^№|[0-9]"),
    "visit": first_row("/visits", "Визиты", "Визит №"),
    "journal": At("/journal", "Журнал действий", "table Журнал"),
    "looks at personal data": looks,
    "history": history,
}
_PEOPLE: dict[str, Open] = {
    "patients": At("/patients", "Пациенты", "row 20|19"),
    "patient": first_row("/patients", "Пациенты", ""),
    "patient's visits": patient_tab("Визиты", "Визиты"),
    "patient's finances": patient_tab("Финансы", "Финансы"),
    "patient's papers": patient_tab("Документы", "Новый документ"),
    "patient's history": patient_tab("История изменений", "Состояние"),
    "patient categories": At("/catalogues/patient_category", "Категории пациентов", "table Категории пациентов"),
    "employees": At("/employees", "Сотрудники", "row Орлова"),
    "employee": first_row("/employees", "Сотрудники", ""),
    "new employee": At("/employees/new", "Новый сотрудник"),
    "checked file": checked_file,
    "profile": At("/profile", "Профиль и безопасность", "table Открытые сеансы"),
    "set of rights": first_row("/settings/rights?sort=-name", "Наборы прав доступа", ""),
    "sets of rights": At("/settings/rights", "Управление правами доступа", "row Орлова"),
    "new set of rights": At("/settings/rights/new", "Новый набор", "group Права"),
}
_CLINIC: dict[str, Open] = {
    "stock": At("/stock", "Остатки", "link Имплантат"),
    "what to buy": At("/stock/to-buy", "Что купить", "link Имплантат"),
    "batches that expire": At("/stock/expiring", "Сроки годности", "row Адгезив"),
    "movements of goods": first_row("/stock", "Остатки", ""),
    "stock receipts": At("/stock/stock_receipt", "Поступления товаров", "link ^[0-9]"),
    "stock receipt": first_row("/stock/stock_receipt?state=posted", "Поступления товаров", "Поступление товаров №"),
    "goods issues": At("/stock/goods_issue", "Расходные накладные", "link ^[0-9]"),
    "cash desks": At("/money", "Остатки в кассах", "link Основная касса"),
    "cash desk": first_row("/money", "Остатки в кассах", ""),
    "money incomes": At("/money/money_income", "Приход средств", "link ^Оплата №"),
    "money outgo": first_row("/money/money_outgo", "Расход средств", "Расход средств №"),
    "certificates": At("/certificates", "Сертификаты"),
    "tax certificates": At("/tax-certificates", "Справки для налоговой", "row Первичная"),
    "fiscal receipts": At("/fiscal-receipts", "Кассовые чеки"),
    "invoices": At("/invoices", "Счета организациям", "link ^[0-9]"),
    "invoice": first_row("/invoices", "Счета организациям", "Счёт №"),
    "settlements": At("/settlements?show=all", "Расчёты с контрагентами", "link Стомснаб"),
    "settlement": first_row("/settlements?show=all", "Расчёты с контрагентами", ""),
    "income": At("/reports/income?from=2026-01-01&to=2027-12-31", "Выручка", "link ^Орлова"),
    "income by day": At("/reports/income?by=day&from=2026-01-01&to=2027-12-31", "Выручка", "img ^Начислено"),
    "lines of income": At("/reports/income/lines?from=2026-01-01&to=2027-12-31", "Из чего", "link ^№"),
    "paid visits": At("/reports/income/paid?from=2026-01-01&to=2027-12-31", "Из чего", "link ^№"),
    "debts": At("/reports/debts?show=all", "Долги и авансы", "link ^[А-Я]"),
    "load": At("/reports/load?from=2026-01-01&to=2026-12-31", "Загрузка", "table ^Часы визитов"),
    "stock turnover": At("/reports/stock-turnover?from=2026-01-01&to=2027-12-31", "Оборот склада", "link Имплантат"),
    "payroll": At("/payroll", "Расчёт ЗП", "link Белов"),
    "payroll of one": first_row("/payroll", "Расчёт ЗП", "Расчёт ЗП:"),
    "pay accruals": At("/pay-accruals", "Начисления ЗП", "row Савельева"),
    "pay accrual": first_row("/pay-accruals", "Начисления ЗП", "Начисление ЗП №"),
    "new pay accrual": At("/pay-accruals/new", "Новое начисление ЗП"),
    "pay settlements": At("/pay-settlements?show=all", "Расчёты с сотрудниками", "link Савельева"),
    "pay settlement": first_row("/pay-settlements?show=all", "Расчёты с сотрудниками", ""),
    "own payroll": At("/own-payroll", "Моя зарплата"),
    "pay schemes": At("/pay-schemes", "Схемы начисления ЗП", "row Белов"),
    "organisation's register": organisation_register,
    "stock count": first_row("/stock/stock_count", "Инвентаризации", "Инвентаризация №"),
    "services": At("/services", "Услуги", "row Терапия|Гигиена"),
    "goods": At("/catalogues/goods", "Товары", "table Товары"),
    "articles": At("/articles", "Статьи", "row Аренда"),
    "hours": At("/settings/hours", "График работы", "grid ^График"),
    "versions": At("/settings/hours/versions", "Версии", "table Версии"),
    "version": old_version,
    "state at a moment": At("/settings/hours/at", "Состояние"),
    "settings": At("/settings", "Настройки клиники", "button Сохранить"),
    "settings as of a date": At("/settings/history?moment=2026-01-01T10:00", "История настроек", "table История"),
    "information about the clinic": At("/settings/clinic", "Информация о клинике", "button Сохранить"),
    "first steps": At("/first-steps", "Первые шаги"),
    "loading from excel": At("/settings/excel/import", "Загрузка из MS Excel", "button Загрузить файл"),
    "export to excel": At("/settings/excel/export", "Выгрузка в MS Excel", "link Выгрузить"),
    "dictionaries": At("/settings/dictionaries?q=кариес", "Справочники", "cell ^K02.1"),
    "unknown page": At("/nowhere", "Такой страницы нет"),
}
SCREENS = _VISITS | _PEOPLE | _CLINIC


def booking(page: Page) -> None:
    SCREENS["calendar"](page)
    page.get_by_role("button", name="Записать", exact=True).click()
    page.get_by_label("Пациент", exact=True).fill("Иван")
    expect(page.get_by_role("option").first).to_be_visible()


def new_patient_in_booking(page: Page) -> None:
    booking(page)
    page.get_by_role("option", name=re.compile("^Новый пациент")).click()
    window = page.get_by_role("dialog")
    window.get_by_label("Фамилия").fill("")
    window.get_by_role("button", name="Записать").click()


def duplicate(page: Page) -> None:
    """The phone of the first patient, typed for a new one."""
    SCREENS["patients"](page)
    phone = page.get_by_role("table", name="Пациенты").get_by_text(re.compile(r"^\+7 9")).first.inner_text()
    page.get_by_role("button", name="Новый пациент").click()
    page.get_by_role("dialog").get_by_label("Телефон").fill(phone)
    expect(page.get_by_text("Возможно, это")).to_be_visible()


def visit_drawer(page: Page) -> None:
    SCREENS["calendar"](page)
    page.get_by_role("button", name=re.compile("запланирован|подтверждён|завершён")).first.click()
    expect(page.get_by_role("dialog", name=re.compile("^Визит №"))).to_be_visible()
    expect(page.get_by_role("dialog").get_by_label("Комментарий")).to_be_visible()


def cell(page: Page) -> None:
    SCREENS["hours"](page)
    page.get_by_role("gridcell", name=re.compile("^Орлова")).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def link(screen: str, name: str) -> Open:
    """The dialog that a link of a screen opens."""

    def open_(page: Page) -> None:
        SCREENS[screen](page)
        page.get_by_role("link", name=re.compile(name)).first.click()
        expect(page.get_by_role("dialog")).to_be_visible()

    return open_


def button(screen: str, name: str) -> Open:
    """The dialog that a button of a screen opens."""

    def open_(page: Page) -> None:
        SCREENS[screen](page)
        page.get_by_role("button", name=re.compile(name)).first.click()
        expect(page.get_by_role("dialog")).to_be_visible()

    return open_


def menu(screen: str, name: str) -> Open:
    """The menu that a button of a screen opens."""

    def open_(page: Page) -> None:
        SCREENS[screen](page)
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("menu")).to_be_visible()

    return open_


def search(page: Page) -> None:
    SCREENS["patients"](page)
    page.keyboard.press("Control+KeyK")
    page.get_by_label("Что найти").fill("иван")
    expect(page.get_by_role("option").nth(2)).to_be_visible()


def conflicting_visits(page: Page) -> None:
    old_version(page)
    page.get_by_role("button", name="показать визиты").click()
    expect(page.get_by_role("dialog").get_by_role("table").first).to_be_visible()


def user_menu(page: Page) -> None:
    SCREENS["patients"](page)
    page.get_by_role("button", name=re.compile("Воронцова")).click()
    expect(page.get_by_role("menu")).to_be_visible()


def second_factor(page: Page) -> None:
    SCREENS["profile"](page)
    section = page.get_by_role("region", name="Вход с кодом")
    section.get_by_label("Ваш пароль", exact=True).fill(DEMONSTRATION_PASSWORD)
    section.get_by_role("button", name="Включить").click()
    expect(page.get_by_role("dialog").get_by_role("img", name="QR-код для приложения")).to_be_visible()


def new_receipt(page: Page) -> None:
    """With what is missing at its fields, and the goods that are found."""
    page.goto("/stock/stock_receipt/new")
    page.get_by_role("button", name="Сохранить и провести").click()
    page.get_by_label("Добавить товар").fill("перч")
    page.get_by_role("option").first.click()
    page.get_by_label("Количество, строка 1").fill("много")
    page.get_by_label("Добавить товар").fill("имп")
    expect(page.get_by_role("option").first).to_be_visible()
    expect(page.get_by_text("Количество: укажите число")).to_be_visible()


def new_outgo(page: Page) -> None:
    """With what is missing at its fields, and the receipts of a supplier."""
    page.goto("/money/money_outgo/new")
    page.get_by_role("combobox", name="Получатель – контрагент").fill("стомснаб")
    page.get_by_role("option").first.click()
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Выберите статью").last).to_be_visible()
    expect(page.get_by_role("table", name="Оплата поступлений")).to_be_visible()


def closing_of_a_day(page: Page) -> None:
    SCREENS["cash desk"](page)
    page.get_by_role("button", name="Закрыть день").click()
    page.get_by_label("Фактически").fill("100")
    expect(page.get_by_role("dialog").get_by_label("Причина")).to_be_visible()


OF_VISITS: dict[str, Open] = _VISITS | {
    "booking": booking,
    "booking of a new patient, refused": new_patient_in_booking,
    "visit beside the calendar": visit_drawer,
    "doctors of the calendar": button("calendar", "Все врачи"),
    "date of the calendar": button("calendar", " 20[0-9][0-9]$"),
    "columns of a list": button("visits", "Столбцы"),
    "search": search,
}
OF_PEOPLE: dict[str, Open] = _PEOPLE | {
    "new patient": button("patients", "Новый пациент"),
    "payment": button("patient's finances", "Принять оплату"),
    "merging of patients": button("patient", "Объединить"),
    "new patient who may be known": duplicate,
    "deletion of a patient": button("patient", "Удалить"),
    "deletion of an employee": button("employee", "Удалить"),
    "new paper template": At("/catalogues/paper_template/new", "Шаблоны документов", "dialog Новый шаблон"),
    "new patient category": At("/catalogues/patient_category/new", "Категории пациентов", "dialog Новая категория"),
    "user": user_menu,
    "second factor": second_factor,
}
OF_THE_CLINIC: dict[str, Open] = _CLINIC | {
    "new tax certificate": At("/tax-certificates/new", "Справки для налоговой", "dialog Новая справка для налоговой"),
    "new certificate": At("/certificates/new", "Сертификаты", "dialog Продажа сертификата"),
    "cell": cell,
    "shifts over a range": button("hours", "Смены и отпуска…"),
    "hours of the organisation": button("hours", "Часы организации…"),
    "visits behind a frame": conflicting_visits,
    "new service": At("/services/new", "Услуги", "dialog Новая услуга"),
    "service": link("services", "Установка имплантата"),
    "new pay scheme": At("/pay-schemes/new", "Схемы начисления ЗП", "dialog Новая схема"),
    "pay scheme": link("pay schemes", "Зайцев Павел Ильич"),
    "new article": At("/articles/new", "Статьи", "dialog Новая статья"),
    "article": link("articles", "Аренда"),
    "sale": button("goods issues", "Продажа"),
    "new stock receipt, refused": new_receipt,
    "new outgo, refused": new_outgo,
    "closing of a day": closing_of_a_day,
    "receipts of what to buy": menu("what to buy", "Создать поступление"),
    "new goods": At("/catalogues/goods/new", "Товары", "dialog Новый товар"),
}


def faults_in_every_look(page: Page) -> dict[tuple[Theme, int], list[str]]:
    """What is wrong in the light at a desk's and at a tablet's width, and in the dark; the page stays as it was opened.

    Each look is judged by what it can break. What lies below a dialog is a screen of its own here, so that it is judged once,
    but for what a dialog makes of the whole document. What a tablet doesn't show or colour otherwise than a desk is judged
    there in the dark alone.
    """
    found: dict[tuple[Theme, int], list[str]] = {}

    def note(theme: Theme, width: int, faults: list[str]) -> None:
        if faults := faults + _sideways(page):
            found[theme, width] = faults

    _look(page, "light", DESK)
    page.evaluate(REMEMBER)
    below = page.locator("[role=dialog], [role=menu]").count() > 0
    whole = violations(page, without=DRAWN) + violations(page, only=DRAWN, within=ABOVE) if below else violations(page)
    note("light", DESK[0], whole)

    _look(page, "light", TABLET)
    changed = page.evaluate(CHANGED) > 0
    note("light", TABLET[0], violations(page, only=OF_COLOURS, within="[data-changed]") if changed else [])

    _look(page, "dark", TABLET)
    note("dark", TABLET[0], violations(page, within=ABOVE if below else ":root"))
    return found


def _look(page: Page, theme: Theme, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.evaluate(SETTLED, [theme, size[0]])
    page.evaluate(TO_TOP)


CUT = """() => [...document.querySelectorAll('table')].flatMap(table => {
    const frame = table.parentElement, over = frame.scrollWidth - frame.clientWidth;
    return getComputedStyle(frame).overflowX !== 'visible' && over > 1 ? [[table.ariaLabel, over]] : [];
})"""


def _sideways(page: Page) -> list[str]:
    over = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    cut = [f"{name} is cut by {by} px" for name, by in page.evaluate(CUT)]
    return [f"the page scrolls sideways by {over} px", *cut] if over else cut
