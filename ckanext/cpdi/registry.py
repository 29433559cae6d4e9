"""One way to extend: what stands in a room's folder is found there, and what other extensions add is asked of CKAN.

In: a folder's package, and the base that its members share. Out: the members by their names, in their order. Nothing
is imported before somebody asks for a member, since CKAN's start must not load the libraries of feeds and files.
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
"""The place of a member that names none."""


class ExtensionError(PortalError, ValueError):
    """Something that extends the portal does not fulfil its base, or has a taken name; the message names its file."""


class _Others:
    """What other extensions add: a source, and how often there was another one."""

    def __init__(self) -> None:
        self.source: Callable[[str], Iterable[object]] = lambda _kind: ()
        self.generation = 0


_others = _Others()


def ask(source: Callable[[str], Iterable[object]]) -> None:
    """Take what other extensions add from ``source``, which is given a kind (``formats``); forget what was known."""
    _others.source = source
    _others.generation += 1


class Registry(Mapping[str, T]):
    """The members of one kind by name, in the order of their attribute ``order`` and then of their names.

    A member is a class that derives from ``base`` (one object is made of it), or an object of ``base`` in a module,
    such as a Flask blueprint. Whatever is asked of it first raises ExtensionError where a member is not whole.
    """

    def __init__(
        self,
        kind: str,
        base: type[T],
        package: str,
        *,
        named: str = "name",
        wants: Collection[str] = (),
        reserved: Collection[str] = (),
    ) -> None:
        """Find members in ``package``; each has its name in the attribute ``named``, and those of ``wants`` as well.

        ``reserved`` are names that the room keeps for itself.
        """
        self.kind = kind
        self._base: type[T] = base
        self._package = package
        self._named = named
        self._wants = (named, *wants)
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
        """Return how many members there are."""
        return len(self._all())

    def others(self) -> list[T]:
        """Return the members that other extensions add."""
        return [one for one in self.values() if not _module(one).startswith(f"{self._package}.")]

    def code_of_others(self) -> str:
        """Return a hash over the source of the modules of :meth:`others`; empty where there are none."""
        files = sorted({_file(one) for one in self.others()})
        digest = hashlib.sha256(b"".join(hashlib.sha256(Path(file).read_bytes()).digest() for file in files))
        return digest.hexdigest() if files else ""

    def _all(self) -> dict[str, T]:
        """Return the members, gathered anew where other extensions came or went."""
        if self._generation != _others.generation:
            generation, members = _others.generation, self._gather()
            self._members, self._generation = members, generation
        return self._members

    def _gather(self) -> dict[str, T]:
        """Return the members of the folder and of other extensions by name."""
        members: dict[str, T] = {}
        for value in (*_of_package(self._package, self._base), *_others.source(self.kind)):
            member = self._made(value)
            name = getattr(member, self._named)
            twin = members.get(name)
            if twin is not None:
                raise ExtensionError(f"{_where(member)} is called {name!r} among the {self.kind}, as is {_where(twin)}")
            if name in self._reserved:
                raise ExtensionError(
                    f"{_where(member)} is called {name!r}, a name that the {self.kind} keep for themselves"
                )
            members[name] = member
        return dict(sorted(members.items(), key=lambda item: (getattr(item[1], "order", ORDER), item[0])))

    def _made(self, value: object) -> T:
        """Return the member that ``value`` is or makes; raise ExtensionError where it does not fulfil the base."""
        base = self._base.__name__
        if not isinstance(value, type):
            if isinstance(value, self._base):
                return value
            raise ExtensionError(f"{value!r}, added to the {self.kind}, is no {base}")
        if not issubclass(value, self._base):
            raise ExtensionError(f"{_where(value)}, added to the {self.kind}, is no {base}")
        missing = sorted(cast("frozenset[str]", getattr(value, "__abstractmethods__", frozenset())))
        missing += [name for name in self._wants if not hasattr(value, name)]
        if missing:
            raise ExtensionError(f"{_where(value)} is no whole {base}: it lacks {', '.join(missing)}")
        return value()


def _of_package(package: str, base: type) -> list[object]:
    """Return what the modules of ``package`` define: classes that derive from ``base``, and objects of it."""
    members: list[object] = []
    for path in sorted(one.name for one in pkgutil.iter_modules(importlib.import_module(package).__path__)):
        module = importlib.import_module(f"{package}.{path}")
        for value in vars(module).values():
            own = isinstance(value, type) and issubclass(value, base) and value.__module__ == module.__name__
            if (own or isinstance(value, base)) and not any(value is one for one in members):
                members.append(value)
    return members


def _module(member: object) -> str:
    """Return the name of the module that a member's class, or a blueprint, is defined in."""
    kind = member if isinstance(member, type) else type(member)
    return str(getattr(member, "import_name", kind.__module__))


def _file(member: object) -> str:
    """Return the path of that module."""
    return str(inspect.getfile(importlib.import_module(_module(member))))


def _where(member: object) -> str:
    """Return how a message names a member: its file from the extension's folder on, and its class."""
    kind = member if isinstance(member, type) else type(member)
    return f"{_module(member).replace('.', '/')}.py: {kind.__name__}"
