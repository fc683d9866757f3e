"""What the modules of a package declare. A concept's file is thus its own registration: no list has to name it."""

from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import TypeGuard, TypeVar

T = TypeVar("T")


def declared(package: str, is_one: Callable[[object], TypeGuard[T]]) -> tuple[T, ...]:
    """Every such object that a module of the package names, by itself or in a tuple; once, in the order of the modules' names."""
    objects: dict[int, T] = {}
    for module in _modules(package):
        for value in tuple(vars(module).values()):
            for one in value if type(value) is tuple else (value,):
                if is_one(one):
                    objects[id(one)] = one
    return tuple(objects.values())


def _modules(package: str) -> Iterator[ModuleType]:
    names = [found.name for found in walk_packages(import_module(package).__path__, f"{package}.") if not found.ispkg]
    yield from map(import_module, sorted(names))
