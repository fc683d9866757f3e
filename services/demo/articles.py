"""The demonstration's articles of income and outgo."""

from datetime import datetime

from commands.money import article
from services.demo.timeline import Timeline

_ARTICLES = (
    ("income", "Оплата услуг", None, ""),
    ("income", "Продажа товаров", None, ""),
    ("income", "Взнос учредителя", None, ""),
    ("outgo", "Помещение", None, ""),
    ("outgo", "Аренда", "Помещение", "Платим до 5-го числа."),
    ("outgo", "Коммунальные услуги", "Помещение", ""),
    ("outgo", "Зарплата", None, "Аванс 25-го, остальное 10-го числа."),
    ("outgo", "Материалы и инструменты", None, ""),
    ("outgo", "Хозяйственные расходы", None, ""),
    ("outgo", "Комиссия банка", None, ""),
)
"""Direction, name, group, comment."""


def create_articles(timeline: Timeline, moment: datetime) -> None:
    for direction, name, group, comment in _ARTICLES:
        group_id = timeline.id("article", group) if group else None
        card = {"name": name, "direction": direction, "group_id": group_id, "comment": comment}
        ctx = timeline.by_manager(moment, "create_article")
        article.create_article(timeline.clinic, ctx, card, article_id=timeline.id("article", name))
