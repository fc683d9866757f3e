"""What the file of tax certificates for the tax office is refused with."""

from typing import ClassVar

from aggregates.kernel import DomainError


class TaxOfficeMissing(DomainError):
    """The clinic's tax office isn't known."""

    code: ClassVar[str] = "tax_office_missing"

    @property
    def sentence(self) -> str:
        return "Укажите код налоговой инспекции в «Информации о клинике»: он нужен для файла."


class NotOneFile(DomainError):
    """These certificates can't be in one file. Facts: `by` (what differs, in Russian)."""

    code: ClassVar[str] = "not_one_file"

    @property
    def sentence(self) -> str:
        return f"В один файл эти справки не входят: у них {self.facts['by']}. Отберите их и скачайте отдельно."
