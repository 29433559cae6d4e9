"""The registry of extensible parts: members are found in a room's folder and in other extensions.

In: a folder's package, and the base class of its members. Out: the members by name, in their order. Nothing is imported
before a member is requested, since CKAN's start must not load the libraries of feeds and files.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar, cast

from ckanext.cpdi.errors import PortalError

T = TypeVar("T")
ORDER = 50
"""The place of a member without an ``order``."""


class ExtensionError(PortalError, ValueError):
    """A member does not fulfil its base, or has the name of another member; the message names its file."""


class _Others:
    """The source of other extensions' members, and a count of its replacements."""

    def __init__(self) -> None:
        self.source: Callable[[str], Iterable[object]] = lambda _kind: ()
        self.generation = 0


_others = _Others()


def ask(source: Callable[[str], Iterable[object]]) -> None:
    """Set the ``source`` of other extensions' members, a function of a kind (``formats``); forget earlier members."""
    _others.source = source
    _others.generation += 1


class Registry(Mapping[str, T]):
    """The members of one kind by name, in the order of their attribute ``order`` and then of their names.

    A member is a class that derives from ``base``, of which one object is made, or an object of ``base`` in a module,
    such as a Flask blueprint. The first access raises ExtensionError where a member is invalid.
    """

    def __init__(
        self,
        kind: str,
        base: type[T],
        package: str,
        *,
        name_attribute: str = "name",
        required: Collection[str] = (),
        reserved: Collection[str] = (),
    ) -> None:
        """Find members in ``package``; each has its name in ``name_attribute``, and the attributes ``required``.

        ``reserved`` are names that no member may have.
        """
        self.kind = kind
        self._base: type[T] = base
        self._package = package
        self._name_attribute = name_attribute
        self._required = (name_attribute, *required)
        self._reserved = frozenset(reserved)
        self._members: dict[str, T] = {}
        self._generation = -1

    def __getitem__(self, name: str) -> T:
        """Return the member called ``name``."""
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names in order."""
        return iter(self._all())

    def __len__(self) -> int:
        """Return the number of members."""
        return len(self._all())

    def others(self) -> list[T]:
        """Return the members of other extensions."""
        return [member for member in self.values() if not _module(member).startswith(f"{self._package}.")]

    def code_of_others(self) -> str:
        """Return a hash of the source files of :meth:`others`; empty where there are none."""
        files = sorted({_file(member) for member in self.others()})
        digest = hashlib.sha256(b"".join(hashlib.sha256(Path(file).read_bytes()).digest() for file in files))
        return digest.hexdigest() if files else ""

    def _all(self) -> dict[str, T]:
        """Return the members, gathered again after the source was replaced."""
        if self._generation != _others.generation:
            generation, members = _others.generation, self._gather()
            self._members, self._generation = members, generation
        return self._members

    def _gather(self) -> dict[str, T]:
        """Return the members of the folder and of other extensions by name."""
        members: dict[str, T] = {}
        for value in (*_of_package(self._package, self._base), *_others.source(self.kind)):
            member = self._member(value)
            name = getattr(member, self._name_attribute)
            twin = members.get(name)
            if twin is not None:
                raise ExtensionError(f"{_where(member)} is called {name!r} among the {self.kind}, as is {_where(twin)}")
            if name in self._reserved:
                raise ExtensionError(
                    f"{_where(member)} is called {name!r}, a name that the {self.kind} keep for themselves"
                )
            members[name] = member
        return dict(sorted(members.items(), key=lambda item: (getattr(item[1], "order", ORDER), item[0])))

    def _member(self, value: object) -> T:
        """Return the member that ``value`` is, or an object of it; raise ExtensionError where it is invalid."""
        base = self._base.__name__
        if not isinstance(value, type):
            if isinstance(value, self._base):
                return value
            raise ExtensionError(f"{value!r}, added to the {self.kind}, is no {base}")
        if not issubclass(value, self._base):
            raise ExtensionError(f"{_where(value)}, added to the {self.kind}, is no {base}")
        missing = sorted(cast("frozenset[str]", getattr(value, "__abstractmethods__", frozenset())))
        missing += [name for name in self._required if not hasattr(value, name)]
        if missing:
            raise ExtensionError(f"{_where(value)} is no whole {base}: it lacks {', '.join(missing)}")
        return value()


def _of_package(package: str, base: type) -> list[object]:
    """Return the classes that derive from ``base``, and the objects of it, in the modules of ``package``."""
    members: list[object] = []
    for path in sorted(submodule.name for submodule in pkgutil.iter_modules(importlib.import_module(package).__path__)):
        module = importlib.import_module(f"{package}.{path}")
        for value in vars(module).values():
            own = isinstance(value, type) and issubclass(value, base) and value.__module__ == module.__name__
            if (own or isinstance(value, base)) and not any(value is known_member for known_member in members):
                members.append(value)
    return members


def _module(member: object) -> str:
    """Return the name of the module that a member's class, or a blueprint, is defined in."""
    kind = member if isinstance(member, type) else type(member)
    return str(getattr(member, "import_name", kind.__module__))


def _file(member: object) -> str:
    """Return the path of the member's module."""
    return str(inspect.getfile(importlib.import_module(_module(member))))


def _where(member: object) -> str:
    """Return a member's name in messages: its file from the extension's folder on, and its class."""
    kind = member if isinstance(member, type) else type(member)
    return f"{_module(member).replace('.', '/')}.py: {kind.__name__}"
