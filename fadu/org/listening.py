"""How upper floors hear of delegations and grants given on this floor; listeners run in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fadu.org.models import Delegation, Grant

DelegationListener = Callable[["Delegation"], None]
GrantListener = Callable[["Grant"], None]
_delegations: list[DelegationListener] = []
_grants: list[GrantListener] = []


def on_delegation(listener: DelegationListener) -> DelegationListener:
    """Decorator: called when a delegation is given or taken back."""
    _delegations.append(listener)
    return listener


def on_grant(listener: GrantListener) -> GrantListener:
    """Decorator: called when a grant is proposed or decided."""
    _grants.append(listener)
    return listener


def tell_delegation(row: Delegation) -> None:
    """Tell all who listen to delegations."""
    for listener in _delegations:
        listener(row)


def tell_grant(row: Grant) -> None:
    """Tell all who listen to grants."""
    for listener in _grants:
        listener(row)
