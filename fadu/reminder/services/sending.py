"""Sending one delivery: is it still the person's business, is it a time to disturb, and did it arrive."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from fadu.kernel import clock
from fadu.org.queries import appointments_on
from fadu.reminder import access
from fadu.reminder.models import Channel, Delivery, Preference
from fadu.reminder.services import sms
from fadu.reminder.services.telling import channels

ATTEMPTS = 6
FIRST_WAIT = timedelta(minutes=1)  # doubled after each failure: half an hour in all
Status = Delivery.Status
log = structlog.get_logger("fadu.reminder")


def send(key: int) -> Delivery.Status:
    """Send the delivery ``key`` if that is still right, and note what became of it; answers its status.

    Called by the worker. What fails for a time is tried again, six times at most, then stands as failed where the
    system administrator sees it. A worker that dies between sending and noting sends once more: rather twice than never.
    """
    from fadu.reminder.tasks import send_later

    with transaction.atomic():
        row = Delivery.objects.select_for_update(of=("self",)).select_related("reminder__officer__user").get(pk=key)
        if row.status in (Status.SENT, Status.FAILED, Status.DROPPED):
            return Status(row.status)
        wish = Preference.objects.filter(officer=row.reminder.officer_id).first()
        if why := _needless(row, wish):
            return _end(row, Status.DROPPED, why)
        assert wish is not None
        now = clock.now()
        if not row.reminder.of.urgent and (until := quiet_until(wish, now)):
            row.status = Status.HELD
            row.save(update_fields=["status"])
            send_later(row, at=until)
            return Status.HELD
        row.attempts += 1
        try:
            _carry(row, wish)
        except sms.RefusedByGatewayError as error:
            return _end(row, Status.FAILED, str(error))
        except (OSError, sms.GatewayError) as error:  # SMTPException is an OSError, so are requests' own
            row.error = f"{type(error).__name__}：{error}"[:300]
            if row.attempts >= ATTEMPTS:
                return _end(row, Status.FAILED, row.error)
            row.status = Status.RETRYING
            row.save(update_fields=["status", "attempts", "error", "address"])
            send_later(row, at=now + FIRST_WAIT * 2 ** (row.attempts - 1))
            return Status.RETRYING
        return _end(row, Status.SENT, "")


def _needless(row: Delivery, wish: Preference | None) -> str:
    """Why the person should not get it any more, or nothing: asked again now, not when it was enqueued."""
    reminder, today = row.reminder, clock.today()
    if reminder.read_at:
        return "已在系统内读过或者办完"
    if Channel(row.channel) not in channels(wish, reminder.of):
        return "本人已关闭这一渠道"
    if reminder.officer.user is None or not reminder.officer.user.is_active:
        return "账号已停用"
    if not appointments_on(reminder.officer, today):
        return "今天没有在任的岗位"
    if reminder.subject and not access.may_see(reminder.officer, today, {reminder.subject}):
        return "所关于的事项已不在本人能看到的范围"
    return ""


def quiet_until(wish: Preference, now: datetime) -> datetime | None:
    """The end of the quiet hours that ``now`` falls into, or None; they may pass midnight."""
    if wish.quiet_from is None or wish.quiet_until is None or wish.quiet_from == wish.quiet_until:
        return None
    local = now.astimezone(clock.BEIJING)
    time = local.time().replace(tzinfo=None)
    end = datetime.combine(local.date(), wish.quiet_until, clock.BEIJING)
    if wish.quiet_from < wish.quiet_until:
        return end if wish.quiet_from <= time < wish.quiet_until else None
    if time < wish.quiet_until:
        return end
    return end + timedelta(days=1) if time >= wish.quiet_from else None


def _carry(row: Delivery, wish: Preference) -> None:
    """Hand the sentence to the channel; raises what the channel raises."""
    reminder = row.reminder
    if row.channel == Channel.MAIL:
        row.address = _masked(wish.mail)
        if not settings.MAIL_ON:
            raise sms.RefusedByGatewayError("没有设置邮件服务器（FADU_SMTP）")
        body = (
            f"{reminder.officer.name}：\n\n{reminder.of.sentence}\n\n请登录查看：{settings.PUBLIC_URL}{reminder.url}\n\n"
            "本邮件由系统发出，不含事项内容，请勿回复。要改变提醒方式，请在“我的账号·提醒设置”里修改。\n"
        )
        EmailMessage(f"【法度】{reminder.of.title}", body, settings.DEFAULT_FROM_EMAIL, [wish.mail]).send()
        return
    row.address = _masked(wish.mobile)
    if not settings.SMS["url"]:
        raise sms.RefusedByGatewayError("没有设置短信接口（FADU_SMS_URL）")
    sms.send(wish.mobile, f"【法度】{reminder.of.sentence}请登录查看。", f"fadu-{row.pk}")


def _masked(address: str) -> str:
    """An address as a log may show it: 139****5678, l***@yj.example."""
    name, at, host = address.partition("@")
    return f"{name[:1]}***@{host}" if at else f"{address[:3]}****{address[-4:]}"


def _end(row: Delivery, status: Delivery.Status, error: str) -> Delivery.Status:
    """Note the end of it."""
    row.status, row.error, row.ended_at = status, error[:300], clock.now()
    row.save(update_fields=["status", "error", "ended_at", "attempts", "address"])
    if status == Status.FAILED:
        log.warning("reminder failed", delivery=row.pk, channel=row.channel, error=row.error)
    return status
