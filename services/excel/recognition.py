"""Which catalogue a file is of, by its headings: one that was chosen by mistake is named in one sentence, before its rows are."""

from services.excel.archive import WrongFile
from services.excel.catalogues import LOADABLE, Loadable
from services.excel.full_names import PARTS
from services.excel.reading import Workbook
from services.excel.table import heading_key, headings_of, sheet_called

_LIKELY = 2
"""How many more headings another catalogue has to know before it is named beside one that fits too."""


def require_likely(book: Workbook, chosen: Loadable) -> str:
    """Refuse a file that is another catalogue's: of all its sheets, by which headings each catalogue knows.

    The answer: a warning where it may be the chosen one's too, or "". WrongFile.
    """
    if chosen.doctors is not None and sheet_called(book, chosen.doctors.heading) is not None:
        return ""  # of a workbook with the sheet of who gives a service, its headings say the rest
    own = sheet_called(book, chosen.title)
    sheets = [own] if own is not None else list(book.visible)
    found = {
        key: max((_known(catalogue, headings_of(book, sheet)) for sheet in sheets), default=0)
        for key, catalogue in LOADABLE.items()
    }
    titled = [catalogue for catalogue in LOADABLE.values() if own is None and sheet_called(book, catalogue.title) is not None]
    if titled and titled != [chosen]:
        found[titled[0].key] = max(found[titled[0].key], found[chosen.key] + 1)
    best = max(LOADABLE.values(), key=lambda catalogue: found[catalogue.key])
    more = found[best.key] - found[chosen.key]
    if best is chosen or more <= 0:
        return ""
    sentence = f"Похоже, это файл справочника «{best.title}», а выбран справочник «{chosen.title}»."
    if titled or not any(_has_needed(chosen, headings_of(book, sheet)) for sheet in sheets):
        raise WrongFile(f"{sentence} Выберите справочник «{best.title}» и загрузите файл снова.")
    return f"{sentence} Проверьте, туда ли он загружается." if more >= _LIKELY else ""


def _known(catalogue: Loadable, written: set[str]) -> int:
    """How many of these headings are the catalogue's, its ID aside."""
    headings = {column.heading for column in (*catalogue.columns, *catalogue.understood)} - {"ID"}
    found = len(written & set(map(heading_key, headings)))
    return found + (len(PARTS) if written & set(map(heading_key, catalogue.full_name)) else 0)


def _has_needed(catalogue: Loadable, written: set[str]) -> bool:
    """Whether the headings have what something new of the catalogue needs."""
    needed = [column.heading for column in catalogue.columns if column.required]
    if any(heading_key(heading) not in written for heading in needed):
        return False
    naming = {catalogue.fields[field].heading for field in catalogue.needs_one_of} | set(catalogue.full_name)
    return not naming or bool(written & set(map(heading_key, naming)))
