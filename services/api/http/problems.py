"""Refusals as `application/problem+json`: code, Russian sentence, facts. One handler for every domain error.

Answers never contain internals: no messages of libraries, nothing that was typed.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, ClassVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from aggregates.kernel import DomainError

MEDIA = "application/problem+json"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "A refusal (RFC 9457): `title` is a Russian sentence for the person, `code` and `facts` are for the program.",
    "required": ["type", "title", "status", "code", "facts"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "facts": {"type": "object", "additionalProperties": True},
    },
}
STATUS_DESCRIPTIONS: dict[int, str] = {
    401: "Nobody is signed in (signed_out), or e-mail and password don't match (wrong_credentials), or the code is missing or"
    " wrong (second_factor_required, wrong_code).",
    403: "The user lacks the right (right_missing), or the page belongs to another site (cross_origin_request).",
    404: "There is no such object (not_found).",
    409: "A rule or a conflict forbids it; `code` names the rule. For a query: `X-Position` lies beyond the end of the log"
    " (position_unknown); repeat it without the header.",
    412: "Somebody else changed it meanwhile (version_moved, schedule_moved).",
    413: "The request is too large (body_too_large).",
    422: "The request is malformed (body_malformed); `facts.fields` says what is wrong where.",
    429: "Too many attempts (too_many_attempts); `facts.retry_after` in seconds.",
    503: "The database (database_unavailable) or a read model (read_model_behind) isn't available now, too many such requests run"
    " at once (overloaded), or newer code wrote the requested data (program_outdated); try again after `Retry-After` seconds.",
}


class SignedOut(DomainError):
    code: ClassVar[str] = "signed_out"
    status: ClassVar[int] = 401

    @property
    def sentence(self) -> str:
        return "Сеанс закончился. Войдите в систему ещё раз."


class WrongCredentials(DomainError):
    code: ClassVar[str] = "wrong_credentials"
    status: ClassVar[int] = 401

    @property
    def sentence(self) -> str:
        return "Неверный e-mail или пароль."


class SecondFactorRequired(DomainError):
    """E-mail and password are right; the code is needed too."""

    code: ClassVar[str] = "second_factor_required"
    status: ClassVar[int] = 401

    @property
    def sentence(self) -> str:
        return "Введите код из приложения."


class WrongCode(DomainError):
    """Wrong, outdated, or used before."""

    code: ClassVar[str] = "wrong_code"
    status: ClassVar[int] = 401

    @property
    def sentence(self) -> str:
        return "Код не подошёл. Дождитесь нового кода в приложении или введите резервный."


class TooManyAttempts(DomainError):
    """Facts: retry_after (seconds)."""

    code: ClassVar[str] = "too_many_attempts"
    status: ClassVar[int] = 429

    @property
    def sentence(self) -> str:
        return f"Слишком много попыток. Повторите через {minutes(self.facts['retry_after'])}."


class RightMissing(DomainError):
    """Facts: any_of (keys of rights)."""

    code: ClassVar[str] = "right_missing"
    status: ClassVar[int] = 403

    @property
    def sentence(self) -> str:
        return "У вас нет права на это действие. Его даёт тот, кто управляет правами доступа."


class MetricsTokenRequired(DomainError):
    code: ClassVar[str] = "metrics_token_required"
    status: ClassVar[int] = 403

    @property
    def sentence(self) -> str:
        return "Эти сведения доступны только по токену."


class CrossOriginRequest(DomainError):
    code: ClassVar[str] = "cross_origin_request"
    status: ClassVar[int] = 403

    @property
    def sentence(self) -> str:
        return "Запрос пришёл с чужой страницы. Откройте Denta по её обычному адресу и повторите."


class ReadModelBehind(DomainError):
    """Facts: position."""

    code: ClassVar[str] = "read_model_behind"
    status: ClassVar[int] = 503

    @property
    def sentence(self) -> str:
        return "Изменение сохранено, но ещё не попало в список. Обновите страницу через несколько секунд."


class PositionUnknown(DomainError):
    """`X-Position` lies beyond the end of the log. Facts: position, last."""

    code: ClassVar[str] = "position_unknown"

    @property
    def sentence(self) -> str:
        return "Таких изменений в базе нет: её вернули к прежнему состоянию. Обновите страницу."


class ReadModelOutdated(DomainError):
    """Tables of older code are being rebuilt after an update."""

    code: ClassVar[str] = "read_model_outdated"
    status: ClassVar[int] = 503

    @property
    def sentence(self) -> str:
        return "Denta обновилась, и эти данные ещё перестраиваются. Они появятся здесь сами, подождите немного."


class BodyMalformed(DomainError):
    """Facts: fields: [{field, reason}]."""

    code: ClassVar[str] = "body_malformed"
    status: ClassVar[int] = 422

    @property
    def sentence(self) -> str:
        reasons = dict.fromkeys(str(field["reason"]).rstrip(".") for field in self.facts["fields"])
        return ". ".join(["Запрос заполнен неверно", *list(reasons)[:3]]) + "."


class BodyTooLarge(DomainError):
    """Facts: limit (bytes)."""

    code: ClassVar[str] = "body_too_large"
    status: ClassVar[int] = 413

    @property
    def sentence(self) -> str:
        limit = self.facts["limit"]
        size = f"{limit // 1_000_000} МБ" if limit >= 1_000_000 else f"{limit // 1000} КБ"
        return f"Это больше {size}, столько за раз не принимается. Разделите на части и отправьте их."


class NoSuchObject(DomainError):
    """Facts: kind, id."""

    code: ClassVar[str] = "not_found"
    status: ClassVar[int] = 404

    @property
    def sentence(self) -> str:
        return "Такого объекта нет. Возможно, ссылка устарела."


class NoSuchPage(DomainError):
    code: ClassVar[str] = "not_found"
    status: ClassVar[int] = 404

    @property
    def sentence(self) -> str:
        return "Такой страницы нет. Возможно, ссылка устарела."


class MethodNotAllowed(DomainError):
    """Facts: allowed (methods)."""

    code: ClassVar[str] = "method_not_allowed"
    status: ClassVar[int] = 405

    @property
    def sentence(self) -> str:
        return "Это действие здесь невозможно."


class Overloaded(DomainError):
    """Facts: retry_after (seconds), where it is known."""

    code: ClassVar[str] = "overloaded"
    status: ClassVar[int] = 503

    @property
    def sentence(self) -> str:
        soon = self.facts.get("retry_after", 60) < 60
        return f"Сейчас слишком много таких запросов сразу. Повторите через {'несколько секунд' if soon else 'минуту'}."


class WorkbookTooLarge(DomainError):
    """Writing it exceeded the time limit, as another attempt would. Facts: minutes."""

    code: ClassVar[str] = "workbook_too_large"

    @property
    def sentence(self) -> str:
        return f"За {self.facts['minutes']} минут файл не собрался: строк слишком много. Сузьте период или фильтр."


class InternalError(DomainError):
    """Facts: correlation_id, by which the operator finds the log line."""

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500

    @property
    def sentence(self) -> str:
        return "В системе произошла ошибка. Повторите действие; если не поможет, сообщите администратору номер запроса."


def minutes(seconds: int) -> str:
    """«1 минуту», «3 минуты», «15 минут», rounded up."""
    n = max(1, -(-seconds // 60))
    if n % 10 == 1 and n % 100 != 11:
        return f"{n} минуту"
    if n % 10 in {2, 3, 4} and n % 100 not in {12, 13, 14}:
        return f"{n} минуты"
    return f"{n} минут"


def answer(refusal: DomainError, facts: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Response:
    """The refusal as a response. `facts` replaces the refusal's own facts, such as those with names beside ids."""
    body = {
        "type": f"urn:denta:{refusal.code}",
        "title": refusal.sentence,
        "status": refusal.status,
        "code": refusal.code,
        "facts": refusal.facts if facts is None else facts,
    }
    return Response(msgspec.json.encode(body, enc_hook=str), refusal.status, headers, MEDIA)


def page(refusal: DomainError, headers: Mapping[str, str] | None = None) -> Response:
    """The refusal as a page, for a browser that opened the address in a window of its own, as it opens a paper."""
    sentence = escape(refusal.sentence)
    head = '<!doctype html><html lang="ru"><meta charset="utf-8"><title>Denta</title>'
    return Response(f"{head}<h1>Не получилось</h1><p>{sentence}</p></html>", refusal.status, headers, "text/html")


def from_http(error: HTTPException) -> DomainError:
    """The refusal for an HTTP error that the framework raised."""
    match error.status_code:
        case 404:
            return NoSuchPage()
        case 413:
            return BodyTooLarge(limit=int(error.detail))
        case _:
            return BodyMalformed(fields=[{"field": "", "reason": "Тело запроса не читается: ожидается JSON в кодировке UTF-8."}])


REASONS: dict[str, str] = {
    "missing": "Заполните это поле.",
    "extra_forbidden": "Такого поля здесь нет.",
    "json_invalid": "Это не JSON.",
    "string_type": "Здесь ожидается текст.",
    "string_unicode": "В тексте есть недопустимые символы.",
    "string_too_long": "Текст длиннее {max_length} символов.",
    "string_too_short": "Текст короче {min_length} символов.",
    "string_pattern_mismatch": "Значение записано не по образцу или содержит недопустимые символы.",
    "uuid_parsing": "Это не идентификатор объекта.",
    "uuid_type": "Это не идентификатор объекта.",
    "int_parsing": "Здесь ожидается целое число.",
    "int_type": "Здесь ожидается целое число.",
    "int_from_float": "Здесь ожидается целое число.",
    "int_parsing_size": "Число слишком велико.",
    "bool_parsing": "Здесь ожидается да или нет.",
    "bool_type": "Здесь ожидается да или нет.",
    "literal_error": "Такого значения нет. Возможные: {expected}.",
    "enum": "Такого значения нет. Возможные: {expected}.",
    "greater_than_equal": "Значение не может быть меньше {ge}.",
    "less_than_equal": "Значение не может быть больше {le}.",
    "greater_than": "Значение должно быть больше {gt}.",
    "less_than": "Значение должно быть меньше {lt}.",
    "list_type": "Здесь ожидается список.",
    "tuple_type": "Здесь ожидается пара значений.",
    "too_long": "Слишком много значений: не больше {max_length}.",
    "too_short": "Слишком мало значений: не меньше {min_length}.",
    "model_type": "Здесь ожидается объект с полями.",
    "model_attributes_type": "Здесь ожидается объект с полями.",
    "dict_type": "Здесь ожидается объект с полями.",
    "union_tag_invalid": "Такого вида действия нет.",
    "union_tag_not_found": "Укажите вид действия.",
    "denta": "{reason}",
}


def from_validation(errors: Sequence[Any], within: Sequence[str] = ()) -> BodyMalformed:
    """Russian reasons per field, without the values that were sent. `within`: the path that all fields share."""
    fields = []
    for error in _one_of_each(errors)[:50]:
        where = [*within, *(str(part) for part in error["loc"] if not _is_branch(part))]
        known = REASONS.get(error["type"], "Значение не подходит.")
        try:
            reason = known.format(**error.get("ctx", {})).replace(" or ", " или ")
        except (KeyError, IndexError):
            reason = "Значение не подходит."
        fields.append({"field": _printable(".".join(where)), "reason": reason})
    return BodyMalformed(fields=fields)


_BRANCH = re.compile(r"(bool|int|str|float|none|constrained-\w+|(function|lax|json)-.*|\w+\[.*)")
"""Parts that pydantic adds to an error's location for the type that it tried. No field has such a name."""


def _is_branch(part: str | int) -> bool:
    return isinstance(part, str) and _BRANCH.fullmatch(part) is not None


def _one_of_each(errors: Sequence[Any]) -> list[Any]:
    """One error per field. A value of a union gets one error for each type: the most informative one is used."""
    by_field: dict[tuple[str | int, ...], Any] = {}
    for error in errors:
        where = tuple(part for part in error["loc"] if not _is_branch(part))
        if len(where) == len(error["loc"]) or where not in by_field or by_field[where]["type"].endswith("_type"):
            by_field[where] = error
    return list(by_field.values())


def _printable(name: str) -> str:
    """A field's name, made safe to show: an unknown field may have any name."""
    return name.encode("utf-8", "replace").decode()[:100]
