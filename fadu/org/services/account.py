"""Logging in behind a throttle, the second factor at the door, logging out, passwords, and making accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from fadu.kernel import clock
from fadu.kernel.errors import Invalid
from fadu.org import passwords
from fadu.org.models import LoginRecord, Officer, PasswordRecord, User
from fadu.org.queries import actor_of_account
from fadu.org.services import factor
from fadu.org.services.throttle import lock_of_address, lock_of_name, name_hash
from fadu.record.services import write

Outcome, Reason, Way = LoginRecord.Outcome, LoginRecord.Reason, LoginRecord.Way


@dataclass(frozen=True)
class Caller:
    """Where an attempt comes from: the address, the browser's name for itself, and the door."""

    address: str | None = None
    browser: str = ""
    way: LoginRecord.Way = Way.PASSWORD


@dataclass(frozen=True)
class Attempt:
    """How an attempt ended: `user` when it succeeded so far, `locked_until` when name or address are locked.

    `needs_code`: the person has a second factor, and only its code opens the door.
    """

    user: User | None = None
    locked_until: datetime | None = None
    needs_code: bool = False


def log(
    outcome: LoginRecord.Outcome,
    *,
    user: User | None,
    username: str,
    reason: LoginRecord.Reason = Reason.NONE,
    caller: Caller | None = None,
) -> LoginRecord:
    """Append one line to the log of log-ins; ``username`` as typed, of which only a keyed hash is kept."""
    caller = caller or Caller()
    return LoginRecord.objects.create(
        outcome=outcome, reason=reason, way=caller.way, user=user, name_hash=name_hash(username), address=caller.address,
        browser=caller.browser[:200], at=clock.now(),
    )  # fmt: skip


def _wait_in_line(username: str) -> None:
    """Attempts on one name wait for each other: a burst cannot outrun the count."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name_hash(username)])


def _lock(username: str, caller: Caller) -> datetime | None:
    """Until when name or address are locked."""
    now = clock.now()
    return lock_of_name(name_hash(username), now) or lock_of_address(caller.address, now)


@transaction.atomic
def check_login(username: str, password: str, *, address: str | None = None, browser: str = "") -> Attempt:
    """Check a name and a password and record the attempt.

    Failures in a row lock a name, whether or not an account of that name exists, so that the answer never tells;
    a name that does not exist costs the same hashing as one that does.
    """
    caller = Caller(address, browser)
    _wait_in_line(username)
    known = _known(username)
    if until := _lock(username, caller):
        log(Outcome.LOCKED, user=known, username=username, caller=caller)
        return Attempt(locked_until=until)
    user = authenticate(username=username.strip(), password=password)
    if not isinstance(user, User):
        reason = Reason.UNKNOWN if known is None else Reason.WRONG_PASSWORD
        if known is not None and not known.is_active:
            reason = Reason.DISABLED
        log(Outcome.FAILURE, user=known, username=username, reason=reason, caller=caller)
        return Attempt(locked_until=lock_of_name(name_hash(username), clock.now()))
    return _past_first(user, caller)


def _past_first(user: User, caller: Caller) -> Attempt:
    """The first factor was right: with a second one its code is still to come."""
    needs_code = factor.has_factor(user)
    log(Outcome.CODE if needs_code else Outcome.SUCCESS, user=user, username=user.username, caller=caller)
    return Attempt(user=user, needs_code=needs_code)


@transaction.atomic
def check_code(user: User, code: str, caller: Caller) -> Attempt:
    """Check the code of the second factor; failures count with those of the password."""
    _wait_in_line(user.username)
    if until := _lock(user.username, caller):
        log(Outcome.LOCKED, user=user, username=user.username, caller=caller)
        return Attempt(locked_until=until)
    if not user.is_active:
        log(Outcome.FAILURE, user=user, username=user.username, reason=Reason.DISABLED, caller=caller)
        return Attempt()
    how = factor.verify(user, code)
    if how is None:
        log(Outcome.FAILURE, user=user, username=user.username, reason=Reason.WRONG_CODE, caller=caller)
        return Attempt(locked_until=lock_of_name(name_hash(user.username), clock.now()))
    reason = Reason.RECOVERY if how == factor.RECOVERY else Reason.NONE
    log(Outcome.SUCCESS, user=user, username=user.username, reason=reason, caller=caller)
    return Attempt(user=user)


@transaction.atomic
def check_identity(subject: str, username: str, caller: Caller) -> Attempt:
    """Who the provider of identity says came: the account bound to `subject`, else the one of that name, once.

    The first time the account is bound to the subject; from then on only the subject counts, so that a name given to
    another person at the provider opens nothing here. Accounts are never made on the way.
    """
    _wait_in_line(username or subject)
    user = User.objects.filter(oidc_subject=subject).first()
    if user is None and username:
        user = User.objects.select_for_update().filter(
            username__iexact=User.normalize_username(username).strip(), oidc_subject=None
        ).first()  # fmt: skip
        if user is not None and user.is_active:
            user.oidc_subject = subject
            user.save(update_fields=["oidc_subject"])
    if user is None or not user.is_active:
        reason = Reason.OIDC_UNKNOWN if user is None else Reason.DISABLED
        log(Outcome.FAILURE, user=user, username=username or subject, reason=reason, caller=caller)
        return Attempt()
    return _past_first(user, caller)


def _known(username: str) -> User | None:
    """The account of that name, for the list of log-ins; never shown to the person who tries."""
    return User.objects.filter(username__iexact=User.normalize_username(username).strip()).first()


def log_out(user: User, *, address: str | None = None, browser: str = "") -> None:
    """Record that the person logged out."""
    log(Outcome.LOGOUT, user=user, username=user.username, caller=Caller(address, browser))


def _note(user: User | None, title: str, *, by: User, about: str) -> None:
    """What an administrator did to an account stands in the record, under his name, for the auditor."""
    on = clock.today()
    chain = f"org.user/{user.pk}" if user else "org.security"
    actor = actor_of_account(by, on)
    write(chain, actor=actor, act="org.security", title=title, on=on, after={"对象": about}, matter_title=about)


@transaction.atomic
def unlock(*, by: User, user: User | None = None, address: str | None = None) -> None:
    """The security administrator ends the lock of an account or an address."""
    username = user.username if user else ""
    log(Outcome.UNLOCK, user=user, username=username, reason=Reason.BY_ADMINISTRATOR, caller=Caller(address))
    _note(user, "解除锁定", by=by, about=username or str(address))


@transaction.atomic
def end_sessions(user: User, *, by: User, title: str = "强制退出") -> None:
    """End every session of the account at once, wherever it is open; `title`: the act of which this is a part."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    locked.session_epoch += 1
    locked.save(update_fields=["session_epoch"])
    log(Outcome.ENDED, user=user, username=user.username, reason=Reason.FORCED)
    _note(user, title, by=by, about=user.username)


@transaction.atomic
def reset_factor(user: User, *, by: User) -> None:
    """Take away the second factor of who has lost it; sessions end, and the settings may demand a new one at once."""
    factor.remove(user)
    log(Outcome.FACTOR, user=user, username=user.username, reason=Reason.BY_ADMINISTRATOR)
    end_sessions(user, by=by, title="重置验证器")


@transaction.atomic
def unbind(user: User, *, by: User) -> None:
    """Forget which subject of the provider the account belongs to; the next log-in binds it anew by name."""
    User.objects.filter(pk=user.pk).update(oidc_subject=None)
    end_sessions(user, by=by, title="解除统一身份绑定")


def password_expired(user: User) -> bool:
    """Whether the password is older than the settings allow."""
    if not settings.PASSWORD_DAYS or not user.has_usable_password():
        return False
    since = user.password_changed_at or user.created_at
    return clock.now() - since > timedelta(days=settings.PASSWORD_DAYS)


@transaction.atomic
def change_password(user: User, password: str, *, address: str | None = None, must_change: bool = False) -> User:
    """Set a new password, which also ends a lock; `must_change` when somebody else set it. Raises Invalid if too weak."""
    _strong(password, user)
    return set_encoded(user, make_password(password), address=address, must_change=must_change)


@transaction.atomic
def set_encoded(user: User, encoded: str, *, address: str | None = None, must_change: bool = False) -> User:
    """Set a password that is strong and hashed already; the one before goes among the used ones."""
    if user.has_usable_password():
        PasswordRecord.objects.create(user=user, password=user.password, at=clock.now())
    user.password = encoded
    user.must_change_password = must_change
    user.password_changed_at = clock.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    reason = Reason.BY_ADMINISTRATOR if must_change else Reason.NONE
    log(Outcome.PASSWORD, user=user, username=user.username, reason=reason, caller=Caller(address))
    return user


@transaction.atomic
def create_account(officer: Officer, *, username: str, password: str | None, must_change: bool = True) -> User:
    """Make the account of an officer; without a password nobody can log in with it yet.

    Raises Invalid when the officer has an account, the name is taken or the password is too weak.
    """
    if officer.user_id is not None:
        raise Invalid({"username": f"{officer.name}已经有账号，不能再建一个。"})
    user = User(
        username=User.normalize_username(username), must_change_password=must_change, password_changed_at=clock.now()
    )
    if password is not None:
        _strong(password, user)
    user.set_password(password)
    try:
        user.full_clean()
    except ValidationError as error:
        raise Invalid({field: "；".join(messages) for field, messages in error.message_dict.items()}) from error
    user.save()
    officer.user = user
    officer.save(update_fields=["user"])
    return user


def _strong(password: str, user: User) -> None:
    """Refuse a password that the rules find too weak."""
    if found := passwords.faults(password, user):
        raise Invalid({"password": "".join(found)})
