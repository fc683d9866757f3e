"""Orders of cash: КО-1 of what came into a drawer, КО-2 of what left it (VIS-7)."""

from readmodels.clinic.requisites import Requisites
from readmodels.money.cash_orders import CashOrder
from services.papers.layout import laid_out

NAMES = {"income": "Приходный кассовый ордер", "outgo": "Расходный кассовый ордер"}


def order_paper(order: CashOrder, clinic: Requisites) -> str:
    """The HTML of an order, with the requisites of its date."""
    rubles, kopecks = f"{order.sum:.2f}".split(".")
    return laid_out(
        "cash_order.html", order=order, clinic=clinic, title=NAMES[order.flow], rubles=rubles, kopecks=kopecks,
        form="КО-1" if order.flow == "income" else "КО-2", okud="0310001" if order.flow == "income" else "0310002",
    )  # fmt: skip
