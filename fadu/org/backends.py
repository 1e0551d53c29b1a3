"""The account behind a session, read together with all that decides what its officer may do."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ObjectDoesNotExist

from fadu.law import editions
from fadu.org.laying import lay
from fadu.org.models import User
from fadu.org.queries import FILE

PATHS = tuple(f"officer__{path}" for path in FILE)


class OneReading(ModelBackend):
    """Asks for account and officer by one statement; everything else as the framework does it."""

    def get_user(self, user_id: int) -> User | None:
        """The account with that key, with its officer's file laid out; None when there is none or it is disabled.

        The editions of the law come along as ``along``.
        """
        try:
            user = lay(User, user_id, PATHS, along=editions.COLUMN)
        except ObjectDoesNotExist:
            return None
        return user if self.user_can_authenticate(user) else None
