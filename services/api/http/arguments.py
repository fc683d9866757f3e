"""What an endpoint is called with, made from the request: parts of the path, the query as one model, the body as one.

The framework's own way reads the body first and asks for rights later, on another thread; here everything that may be
refused is decided in the order in which it should be, in one go. What is declared is what the framework describes.
"""

import json
import re
from collections.abc import Callable
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from fastapi.params import Query
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.datastructures import QueryParams

from services.api.http.call import Call
from services.api.http.problems import BodyMalformed, of_validation

NO_JSON = "Ожидается тело в формате JSON (Content-Type: application/json)."


class Arguments:
    """How one endpoint's parameters are read: parts of the path by their names, the query by `Query()`, bytes as they
    come, else the body as JSON.
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
        """The arguments by name. BodyMalformed with a reason per field."""
        found: dict[str, Any] = {}
        where: tuple[str, ...] = ()
        try:
            for name, adapter in self._path.items():
                where = (name,)
                found[name] = adapter.validate_python(call.path_params[name])
            where = ()
            if self._query is not None:
                name, model, repeatable = self._query
                found[name] = model.model_validate(_values(call.query_params, repeatable))
            if self._body is not None:
                name, adapter = self._body
                found[name] = _validated(adapter, _json(call, body))
            if self._upload is not None:
                found[self._upload] = body
        except ValidationError as error:
            raise of_validation(error.errors(include_url=False, include_input=False), where) from None
        return found


def _validated(adapter: TypeAdapter[Any], body: bytes) -> Any:
    """The body as the endpoint wants it. Half a character (a lone surrogate) is no JSON to pydantic, which then names no field:
    what it says of the same body as Python's own reader understands it is told instead.
    """
    try:
        return adapter.validate_json(body)
    except ValidationError:
        if _HALF.search(body) is None:
            raise
        try:
            understood = json.loads(body)
        except (ValueError, RecursionError):
            understood = None
        if understood is not None:
            adapter.validate_python(understood)
        raise


_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


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
    """The body, if it says to be JSON. Forms of other pages can't say so."""
    if not body:
        raise BodyMalformed(fields=[{"field": "", "reason": "Заполните это поле."}])
    kind = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise BodyMalformed(fields=[{"field": "", "reason": NO_JSON}])
    return body
