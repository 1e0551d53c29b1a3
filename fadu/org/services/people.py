"""Appointments and certificates, each change written to the record of the person."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from fadu.kernel import clock
from fadu.kernel.errors import Invalid
from fadu.org.models import Appointment, Certificate, Officer, Post
from fadu.org.queries import actor
from fadu.record.services import write

Row = TypeVar("Row", Appointment, Certificate)


def _checked(row: Row) -> Row:
    """Save a row whose own rules hold; their sentences come back as field errors."""
    try:
        row.full_clean()
    except ValidationError as error:
        raise Invalid({field: "；".join(messages) for field, messages in error.message_dict.items()}) from error
    row.save()
    return row


def _note(
    officer: Officer,
    act: str,
    title: str,
    *,
    by: Officer | None,
    before: dict[str, Any] | None,
    after: dict[str, Any],
) -> None:
    """Write the change into the chain of the person it concerns."""
    today = clock.today()
    write(
        f"org.officer/{officer.pk}",
        actor=actor(by, today),
        act=f"org.officer.{act}",
        title=title,
        on=today,
        before=before,
        after=after,
        matter_title=officer.name,
    )


@transaction.atomic
def appoint(
    officer: Officer,
    post: Post,
    *,
    starts_on: date,
    ends_on: date | None = None,
    acting: bool = False,
    by: Officer | None = None,
) -> Appointment:
    """Give the officer a post from `starts_on`; `acting` says 主持工作. Raises Invalid when the times collide.

    For the program's own use (a city that is built, the first administrators): what an administrator enters waits for
    the security administrator (`granting.propose_appointment`).
    """
    appointment = _checked(
        Appointment(officer=officer, post=post, starts_on=starts_on, ends_on=ends_on, acting=acting, confirmed=True)
    )
    after = {"岗位": str(post), "任职之日": starts_on, "任职至": ends_on, "主持工作": acting}
    _note(officer, "appoint", "任职", by=by, before=None, after=after)
    return appointment


@transaction.atomic
def dismiss(appointment: Appointment, *, last_day: date, by: Officer | None = None) -> Appointment:
    """End an appointment; `last_day` is the last day on which it still holds. Raises Invalid when before its start."""
    before = {"岗位": str(appointment.post), "任职至": appointment.ends_on}
    appointment.ends_on = last_day
    _checked(appointment)
    _note(appointment.officer, "dismiss", "免职", by=by, before=before, after=before | {"任职至": last_day})
    return appointment


@transaction.atomic
def issue_certificate(
    officer: Officer, *, number: str, issuer: str, valid_from: date, valid_to: date, by: Officer | None = None
) -> Certificate:
    """Enter an enforcement certificate. Raises Invalid when the number is taken or the dates are in the wrong order."""
    certificate = _checked(
        Certificate(officer=officer, number=number, issuer=issuer, valid_from=valid_from, valid_to=valid_to)
    )
    after = {"证号": number, "发证机关": issuer, "有效期自": valid_from, "有效期至": valid_to}
    _note(officer, "issue_certificate", "登记执法证件", by=by, before=None, after=after)
    return certificate


@transaction.atomic
def revoke_certificate(
    certificate: Certificate, *, reason: str, on: date | None = None, by: Officer | None = None
) -> Certificate:
    """Take a certificate back from `on` (today); it is not valid on that day any more. A reason is required."""
    on = on or clock.today()
    if certificate.revoked_on:
        raise Invalid({"revoked_on": f"这个证件已于{certificate.revoked_on:%Y年%-m月%-d日}收回。"})
    certificate.revoked_on, certificate.revoked_reason = on, reason.strip()
    _checked(certificate)
    after = {"证号": certificate.number, "收回日期": on, "收回原因": certificate.revoked_reason}
    _note(
        certificate.officer,
        "revoke_certificate",
        "收回执法证件",
        by=by,
        before={"证号": certificate.number, "收回日期": None},
        after=after,
    )
    return certificate
