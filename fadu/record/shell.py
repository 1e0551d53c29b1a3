"""The pages of the record in the two navigations."""

from django.http import HttpRequest

from fadu.record import access
from fadu.ui import slots
from fadu.ui.slots import Group, NavEntry


def _audits(request: HttpRequest) -> bool:
    """Whoever may see no reading needs no entry."""
    return access.auditable(request) is not None


slots.nav(NavEntry(Group.MANAGE, "查阅记录", "record:readings", icon="eye", order=40, allowed=_audits))
slots.public_nav("记录封存", "record:seals", order=40)
