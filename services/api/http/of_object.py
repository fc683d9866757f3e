"""Routes of one object that several concepts have alike: each names the object's id as its own path does."""

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any

_ID = "object_id"


def of_object(path: str, words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The endpoint with its parameter `object_id` called as in the path, such as `/patients/{patient_id}`, which it follows as
    the second one. `words`: its docstring, which is its description.
    """
    name = path.partition("{")[2].partition("}")[0]

    def adopt(endpoint: Callable[..., Any]) -> Callable[..., Any]:
        def adopted(call: Any, **given: Any) -> Any:
            return endpoint(call, given.pop(name), **given)

        def called(parameter: Parameter) -> Parameter:
            return parameter.replace(name=name) if parameter.name == _ID else parameter

        own = signature(endpoint)
        adopted.__name__, adopted.__doc__, adopted.__module__ = endpoint.__name__, words, endpoint.__module__
        adopted.__annotations__ = {name if key == _ID else key: hint for key, hint in endpoint.__annotations__.items()}
        adopted.__dict__["__signature__"] = own.replace(parameters=[called(parameter) for parameter in own.parameters.values()])
        return adopted

    return adopt
