"""The sessions of the framework, read by a statement that is composed once: every request begins with it."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as Sessions

from fadu.org.laying import lay_all


class SessionStore(Sessions):
    """A session in the database; everything but the reading as the framework does it."""

    def _get_session_from_db(self) -> Any:
        """The row of a session that has not run out; without one the key is forgotten, as the framework forgets it."""
        rows = lay_all(self.model, "t.session_key = $1 AND t.expire_date > now()", "text", [self.session_key])
        if not rows:
            self._session_key = None
            return None
        return rows[0]
