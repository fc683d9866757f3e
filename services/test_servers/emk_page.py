"""The pages of the test registry: what it has taken, in Russian."""

import html
from collections.abc import Iterable

from services.test_servers.emk_store import Taken, TakenCard, TakenCase, TakenDocument

_STATES = {"open": "открыт", "finished": "завершён", "cancelled": "отменён"}
MOST_ROWS = 500


def page(taken: Taken) -> str:
    """Cards and cases, the newest first."""
    cases, cards = list(taken.cases.values()), list(taken.cards.values())
    return _page(
        f"<h2>Случаи и документы ({len(cases)})</h2>"
        + _table(
            ("Принят", "Пациент", "Врач", "МКБ-10", "Случай", "Документы"),
            (_case(case, taken) for case in reversed(cases[-MOST_ROWS:])),
        )
        + f"<h2>Карты пациентов ({len(cards)})</h2>"
        + _table(
            ("Принята", "Пациент", "Дата рождения", "СНИЛС", "Обновлений"),
            (_card(card) for card in reversed(cards[-MOST_ROWS:])),
        )
    )


def _case(case: TakenCase, taken: Taken) -> tuple[str, ...]:
    card = taken.cards.get(case.patient_id)
    documents = "<br>".join(_document(document) for document in case.documents) or "нет"
    state = _STATES[case.state] + (", с замечаниями" if case.warned else "")
    patient = " ".join(card.facts.names) if card else case.patient_id
    times = f"<br>версия {case.updates + 1}" if case.updates else ""
    own = f"{html.escape(state)}{times}<br><small>{html.escape(case.id)}</small>"
    return _moment(case.at), html.escape(patient), html.escape(case.doctor), html.escape(case.diagnosis), own, documents


def _document(document: TakenDocument) -> str:
    files = ", ".join(
        f'<a href="/files/{file.sha256}">{"PDF" if file.media == "application/pdf" else "текст"}</a>'
        + (f" (подписей: {len(file.signers) + file.by_organisation})" if file.media == "application/pdf" else "")
        for file in document.files
    )
    corrects = "; исправляет другой документ" if document.corrects else ""
    return f"{html.escape(document.header)}{corrects}: {files}"


def _card(card: TakenCard) -> tuple[str, ...]:
    birth_date = ".".join(reversed(card.facts.birth_date.split("-")))
    name = " ".join(part for part in card.facts.names if part)
    return _moment(card.at), html.escape(name), html.escape(birth_date), html.escape(card.facts.snils), str(card.updates)


def _moment(written: str) -> str:
    day, _, clock = written.partition("T")
    return f"{'.'.join(reversed(day.split('-')))} {clock}"


def _table(heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    lines = ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows]
    if not lines:
        return "<p>Пока ничего не принято.</p>"
    return "<table><tr>" + "".join(f"<th>{head}</th>" for head in heads) + "</tr>" + "".join(lines) + "</table>"


def _page(content: str) -> str:
    return (
        "<!doctype html><html lang=ru><meta charset=utf-8><title>Тестовый регистр</title>"
        '<meta name=viewport content="width=device-width"><meta name="color-scheme" content="light dark">'
        "<style>body{font:16px/1.5 sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse}"
        "td,th{text-align:left;padding:.25rem 1rem .25rem 0;vertical-align:top;border-bottom:1px solid #8886}</style>"
        "<h1>Тестовый регистр ЕГИСЗ</h1>"
        f"<p><small>Он проверяет то, что ему передано, и никуда это не отправляет.</small></p>{content}</html>"
    )
