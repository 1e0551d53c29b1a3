"""Who needs which bytes of the vault: evidence rows, and what the floors above register (papers)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """A row that rests on bytes of the vault: their hash and length, the matter's chain, and the row in words."""

    sha256: str
    size: int
    chain: str
    what: str


Source = Callable[[], Iterable[Reference]]
_sources: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """Let ``source()`` name rows that rest on the vault; what nobody names is an orphan."""
    _sources[f"{source.__module__}.{source.__qualname__}"] = source


def all_references() -> Iterator[Reference]:
    """Every row that rests on the vault."""
    for source in _sources.values():
        yield from source()
