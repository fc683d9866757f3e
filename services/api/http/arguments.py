"""An endpoint's arguments, parsed from the request: parts of the path, the query as one model, the body as one.

The framework's own parsing reads the body before rights are checked, and on another thread; here all checks run in the right
order, on one thread (ADR 23). The framework describes the same declarations in OpenAPI.
"""

import json
import re
from collections.abc import Callable
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from fastapi.params import Query
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.datastructures import QueryParams

from services.api.http.call import Call
from services.api.http.problems import BodyMalformed, from_validation

NO_JSON = "Ожидается тело в формате JSON (Content-Type: application/json)."


class Arguments:
    """Parses one endpoint's parameters: parts of the path by name, `Query()` from the query string, bytes from an upload,
    anything else from the JSON body.
    """

    def __init__(self, endpoint: Callable[..., Any], path: str) -> None:
        self._path: dict[str, TypeAdapter[Any]] = {}
        self._query: tuple[str, type[BaseModel], frozenset[str]] | None = None
        self._body: tuple[str, TypeAdapter[Any]] | None = None
        self._upload: str | None = None
        hints = get_type_hints(endpoint, include_extras=True)
        for name, hint in hints.items():
            if name == "return" or hint is Call:
                continue
            if f"{{{name}}}" in path:
                self._path[name] = TypeAdapter(hint)
            elif get_origin(hint) is Annotated and get_args(hint)[0] is bytes:
                self._upload = name
            elif get_origin(hint) is Annotated and isinstance(get_args(hint)[1], Query):
                model = get_args(hint)[0]
                self._query = name, model, _repeatable(model)
            else:
                self._body = name, TypeAdapter(hint)

    @property
    def has_body(self) -> bool:
        return self._body is not None or self._upload is not None

    def read(self, call: Call, body: bytes) -> dict[str, Any]:
        """The arguments by name. Raises BodyMalformed with a reason per field."""
        arguments: dict[str, Any] = {}
        where: tuple[str, ...] = ()
        try:
            for name, adapter in self._path.items():
                where = (name,)
                arguments[name] = adapter.validate_python(call.path_params[name])
            where = ()
            if self._query is not None:
                name, model, repeatable = self._query
                arguments[name] = model.model_validate(_values(call.query_params, repeatable))
            if self._body is not None:
                name, adapter = self._body
                arguments[name] = _validated(adapter, _json(call, body))
            if self._upload is not None:
                arguments[self._upload] = body
        except ValidationError as error:
            raise from_validation(error.errors(include_url=False, include_input=False), where) from None
        return arguments


def _validated(adapter: TypeAdapter[Any], body: bytes) -> Any:
    """The parsed body. For a lone surrogate pydantic reports invalid JSON without naming the field: then the body is parsed by
    Python's own reader and validated again, to get an error that names the field.
    """
    try:
        return adapter.validate_json(body)
    except ValidationError:
        if _LONE_SURROGATE.search(body) is None:
            raise
        try:
            parsed = json.loads(body)
        except (ValueError, RecursionError):
            parsed = None
        if parsed is not None:
            adapter.validate_python(parsed)
        raise


_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def _repeatable(model: type[BaseModel]) -> frozenset[str]:
    """Query parameters that may come several times."""
    return frozenset(field.alias or name for name, field in model.model_fields.items() if get_origin(field.annotation) is list)


def _values(given: QueryParams, repeatable: frozenset[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in given.multi_items():
        if name in repeatable:
            values.setdefault(name, []).append(value)
        else:
            values[name] = value
    return values


def _json(call: Call, body: bytes) -> bytes:
    """The body, if its content type is JSON. A form on a foreign page can't send that type."""
    if not body:
        raise BodyMalformed(fields=[{"field": "", "reason": "Заполните это поле."}])
    kind = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise BodyMalformed(fields=[{"field": "", "reason": NO_JSON}])
    return body
