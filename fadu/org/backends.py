"""The account behind a session, read together with all that decides what its officer may do."""

from __future__ import annotations

import json

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ObjectDoesNotExist

from fadu.law import editions
from fadu.org.laying import lay
from fadu.org.models import User
from fadu.org.queries import FILE

PATHS = tuple(f"officer__{path}" for path in FILE)


_beside: dict[str, str] = {"editions": editions.COLUMN}


def read_beside(name: str, column: str) -> None:
    """Have every request read an SQL expression over its account ``t`` too: what each page shows costs no statement of its own."""
    _beside[name] = column


class OneReading(ModelBackend):
    """Asks for account and officer by one statement; everything else as the framework does it."""

    def get_user(self, user_id: int) -> User | None:
        """The account with that key, with its officer's file laid out; None when there is none or it is disabled.

        What has been asked for beside it comes as ``beside``: the editions of the law, and what floors above asked for.
        """
        named = ", ".join(f"'{name}', {column}" for name, column in _beside.items())
        try:
            user = lay(User, user_id, PATHS, along=f"json_build_object({named})::text")
        except ObjectDoesNotExist:
            return None
        user.__dict__["beside"] = json.loads(user.__dict__["along"])
        return user if self.user_can_authenticate(user) else None
