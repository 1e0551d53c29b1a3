"""The second factor: codes of an authenticator (TOTP, RFC 6238) and recovery codes for a lost phone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata

import pyotp
import segno
from cryptography.fernet import Fernet
from django.conf import settings
from django.db import transaction

from fadu.kernel import clock
from fadu.kernel.errors import Invalid
from fadu.kernel.hashing import keyed
from fadu.org.models import RecoveryCode, SecondFactor, User
from fadu.org.roles import Role

STEP = 30  # seconds, as authenticators expect
DRIFT = 1  # steps by which the phone's clock may be off, either way
CODES = 10
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is read in two ways
AUTHENTICATOR, RECOVERY = "authenticator", "recovery"


def _cipher() -> Fernet:
    """The cipher of the secrets; a copy of the database alone opens no door."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(settings.FACTOR_KEY.encode()).digest()))


def secret_of(factor: SecondFactor) -> str:
    """The secret in clear (base32)."""
    return _cipher().decrypt(factor.secret.encode()).decode()


def has_factor(user: User) -> bool:
    """Whether a confirmed second factor stands before the account."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def must_enrol(user: User, roles: frozenset[Role]) -> bool:
    """Whether the settings demand a second factor of one of these roles and the account has none yet."""
    wanted = settings.TOTP_ROLES
    if not wanted or not ("*" in wanted or wanted & {role.value for role in roles}):
        return False
    return not has_factor(user)


@transaction.atomic
def begin(user: User) -> SecondFactor:
    """The factor to be proved: a new secret the first time, the same one until it is proved.

    Raises Invalid when a factor stands already.
    """
    User.objects.select_for_update().get(pk=user.pk)  # two pages at once show one secret
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is None:
        sealed = _cipher().encrypt(pyotp.random_base32().encode()).decode()
        return SecondFactor.objects.create(user=user, secret=sealed)
    if factor.confirmed_at:
        raise Invalid({"code": "验证器已经启用；要换手机，请先停用再重新启用。"})
    return factor


def address_of(factor: SecondFactor) -> str:
    """The otpauth address that an authenticator reads."""
    return pyotp.TOTP(secret_of(factor), interval=STEP).provisioning_uri(name=factor.user.username, issuer_name="法度")


def picture_of(factor: SecondFactor) -> str:
    """The same as a QR code, drawn here: a data address of an SVG picture."""
    return str(segno.make(address_of(factor), error="m").svg_data_uri(scale=4, border=2, dark="#000", light="#fff"))


def _step_of(factor: SecondFactor, code: str) -> int | None:
    """The step whose code this is, within the drift and later than the last one used; None when it is none."""
    totp = pyotp.TOTP(secret_of(factor), interval=STEP)
    now = int(clock.now().timestamp()) // STEP
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):  # all of them, so that the time taken tells nothing
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()) and step > factor.last_step:
            found = step
    return found


def _digest(code: str) -> str:
    """How a recovery code is kept; typed in any case, with or without its dash."""
    return keyed("recovery:" + code.lower().replace("-", "").replace(" ", ""))


@transaction.atomic
def confirm(user: User, code: str) -> list[str]:
    """Prove the secret with a first code; answers the recovery codes, shown this once. Raises Invalid when it is wrong."""
    factor = SecondFactor.objects.select_for_update().filter(user=user, confirmed_at=None).first()
    if factor is None:
        raise Invalid({"code": "没有等待启用的验证器，请重新打开启用页面。"})
    step = _step_of(factor, _written(code))
    if step is None:
        raise Invalid({"code": "验证码不对。请看手机上现在的6位数字；一直不对的，请校准手机的时间。"})
    factor.confirmed_at, factor.last_step = clock.now(), step
    factor.save(update_fields=["confirmed_at", "last_step"])
    return renew_codes(user)


@transaction.atomic
def renew_codes(user: User) -> list[str]:
    """Ten new recovery codes in place of the old ones, in clear this once."""
    factor = SecondFactor.objects.select_for_update().get(user=user)
    factor.codes.all().delete()
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(10)) for _ in range(CODES)]
    RecoveryCode.objects.bulk_create([RecoveryCode(factor=factor, digest=_digest(code)) for code in codes])
    return [f"{code[:5]}-{code[5:]}" for code in codes]


@transaction.atomic
def verify(user: User, code: str) -> str | None:
    """Use up a code of the authenticator or a recovery code; answers which it was, None when it is neither."""
    factor = SecondFactor.objects.select_for_update().filter(user=user, confirmed_at__isnull=False).first()
    if factor is None:
        return None
    written = _written(code)
    step = _step_of(factor, written)
    if step is not None:
        factor.last_step = step
        factor.save(update_fields=["last_step"])
        return AUTHENTICATOR
    used = factor.codes.filter(digest=_digest(written), used_at=None).update(used_at=clock.now())
    return RECOVERY if used else None


@transaction.atomic
def remove(user: User) -> None:
    """Take the second factor away."""
    SecondFactor.objects.filter(user=user).delete()


def _written(code: str) -> str:
    """A code as people type it: with blanks, in full width."""
    return unicodedata.normalize("NFKC", code).replace(" ", "").strip()
