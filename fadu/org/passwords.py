"""Which passwords are strong enough, and the Chinese sentences that say what is missing."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError

HABITS = Path(__file__).parent / "data" / "common_passwords.txt"
KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
KINDS_NEEDED = 3
ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb")
RUN = 5  # characters in a row of the alphabet or the keyboard, or the same one again


@cache
def habits() -> frozenset[str]:
    """The bases that people of a Chinese office take, in small letters."""
    lines = HABITS.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().lower() for line in lines if line.strip() and not line.startswith("#"))


def is_common(password: str) -> bool:
    """Whether the password, or what is left of it without digits and signs at its ends, is on a list of common ones."""
    small = password.lower()
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", small)
    try:
        CommonPasswordValidator().validate(small)
    except ValidationError:
        return True
    return small in habits() or (bool(bare) and bare in habits())


def has_run(password: str) -> bool:
    """Whether five characters stand in a row of the alphabet or keyboard (either way), or are the same."""
    small = password.lower()
    for start in range(len(small) - RUN + 1):
        part = small[start : start + RUN]
        if len(set(part)) == 1 or any(part in row or part[::-1] in row for row in ROWS):
            return True
    return False


def in_words() -> str:
    """The rules as a person reads them before choosing."""
    kept = f"，不能是最近{settings.PASSWORD_HISTORY}次用过的" if settings.PASSWORD_HISTORY else ""
    return (
        f"至少{settings.PASSWORD_LENGTH}个字符，大写字母、小写字母、数字、符号中至少有三种；"
        f"不能是常见的密码，不能有连续或者重复的5个字符，也不能和用户名相近{kept}。"
    )


def faults(password: str, user: Any) -> list[str]:
    """One sentence for each thing that is wrong with the password for this account; an empty list when it may be taken."""
    found = []
    if len(password) < settings.PASSWORD_LENGTH:
        found.append(f"密码太短，至少要{settings.PASSWORD_LENGTH}个字符。")
    if password.isdecimal():
        found.append("密码不能只包含数字。")
    elif sum(bool(re.search(kind, password)) for kind in KINDS) < KINDS_NEEDED:
        found.append("大写字母、小写字母、数字、符号中至少要有三种。")
    if is_common(password):
        found.append("这个密码太常见，容易被猜到，请换一个。")
    if has_run(password):
        found.append("密码里有连续或者重复的5个字符，请换一个。")
    if user is not None and user.username:
        if _like_name(password, user):
            found.append("密码和用户名太相近，请换一个。")
        if user.pk is not None and _used_before(password, user):
            found.append(f"最近{settings.PASSWORD_HISTORY}次用过这个密码，请换一个没有用过的。")
    return found


def _like_name(password: str, user: Any) -> bool:
    """Whether the password resembles the user name, or holds it, forwards or backwards."""
    name, small = user.username.lower(), password.lower()
    if len(name) >= 3 and (name in small or name[::-1] in small):
        return True
    try:
        UserAttributeSimilarityValidator(("username",)).validate(password, user)
    except ValidationError:
        return True
    return False


def _used_before(password: str, user: Any) -> bool:
    """Whether the password is the present one or one of the last ones of the account."""
    if not settings.PASSWORD_HISTORY:
        return False
    used = [user.password] if user.has_usable_password() else []
    used += user.used_passwords.values_list("password", flat=True)[: settings.PASSWORD_HISTORY - len(used)]
    return any(check_password(password, encoded) for encoded in dict.fromkeys(used))


def check(password: str, user: Any) -> None:
    """Raise ValidationError with one sentence for each thing that is missing."""
    if found := faults(password, user):
        raise ValidationError(found)


class Rules:
    """The same rules where Django itself asks for a password (``createsuperuser``)."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when the password is too weak."""
        check(password, user)

    def get_help_text(self) -> str:
        """What is asked."""
        return in_words()
