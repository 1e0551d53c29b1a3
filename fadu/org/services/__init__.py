"""What changes organs, people and accounts."""

from fadu.org.services.account import (
    Attempt,
    Caller,
    change_password,
    check_code,
    check_identity,
    check_login,
    create_account,
    end_sessions,
    log,
    log_out,
    password_expired,
    reset_factor,
    unbind,
    unlock,
)
from fadu.org.services.content import load_content
from fadu.org.services.delegating import delegate, revoke
from fadu.org.services.granting import decide, propose, propose_appointment, propose_roles
from fadu.org.services.limits import spend
from fadu.org.services.people import appoint, dismiss, issue_certificate, revoke_certificate
from fadu.org.services.throttle import locked

__all__ = [
    "Attempt",
    "Caller",
    "appoint",
    "change_password",
    "check_code",
    "check_identity",
    "check_login",
    "create_account",
    "decide",
    "delegate",
    "dismiss",
    "end_sessions",
    "issue_certificate",
    "load_content",
    "locked",
    "log",
    "log_out",
    "password_expired",
    "propose",
    "propose_appointment",
    "propose_roles",
    "reset_factor",
    "revoke",
    "revoke_certificate",
    "spend",
    "unbind",
    "unlock",
]
