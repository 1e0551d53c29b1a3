"""E-mail as a channel: one message a person over SMTP, answered by the address in it; nobody tells us whether it was read."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from fadu.callout.providers.interface import Accepted, Message, Outcome, Rejected, Said, Unknown, refuse_drills
from fadu.callout.providers.wire import TIMEOUT

FOOT = "\n\n本邮件由应急管理局预警叫应系统发出。点开网址并按“我已收到”才算应答，回复本邮件无效。\n"


@dataclass
class Mail:
    """The mail server of the settings. A few messages a time, over one connection."""

    name: str = "mail"
    real: bool = True
    batch: int = 10
    rate: float = 50.0
    lines: int = 0
    connect: Callable[..., Any] = get_connection

    def send_batch(self, messages: Sequence[Message], now: datetime) -> list[Outcome]:
        """Send one after the other; once the server is lost, the rest is for the next round."""
        if reason := refuse_drills(messages):
            return [Rejected(reason) for _ in messages]
        server = self.connect(timeout=TIMEOUT)
        try:
            server.open()
        except (OSError, smtplib.SMTPException):
            return [Rejected("邮件服务器没有应答", retryable=True) for _ in messages]
        outcomes: list[Outcome] = []
        lost = False
        for message in messages:
            outcome = Rejected("邮件服务器中断", retryable=True) if lost else self._send(server, message)
            lost = lost or isinstance(outcome, Unknown)
            outcomes.append(outcome)
        server.close()
        return outcomes

    def _send(self, server: Any, message: Message) -> Outcome:
        """One message."""
        if not message.phone:
            return Rejected("没有登记邮箱")
        subject = message.text[:40].replace("\n", " ")
        headers = {"Message-ID": f"<fadu-{message.id}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"}
        letter = EmailMessage(
            subject, message.text + FOOT, settings.DEFAULT_FROM_EMAIL, [message.phone], headers=headers
        )
        try:
            server.send_messages([letter])
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            return _refused(error)
        except (OSError, smtplib.SMTPException) as error:
            return Unknown(type(error).__name__)
        return Accepted(str(message.id))

    def query(self, calls: Mapping[int, str]) -> dict[int, str | None]:
        """A mail server cannot be asked."""
        return {}

    def receipts(self, now: datetime) -> list[Said]:
        """None."""
        return []


def _refused(error: smtplib.SMTPException) -> Rejected:
    """What the server said; codes 4xx are for later."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
    else:
        code, said = getattr(error, "smtp_code", 0), getattr(error, "smtp_error", b"")
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return Rejected(f"邮件被拒收：{code} {text}"[:80], retryable=400 <= code < 500)
