"""Taking a warning in: judged, recognised, linked to the others, and kept with its bytes; what is odd is flagged, never dropped."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from fadu.kernel import clock
from fadu.kernel.errors import Refused
from fadu.kernel.hashing import sha256_bytes
from fadu.org import queries as org
from fadu.org.models import Division, Officer
from fadu.record import privacy
from fadu.record import services as record
from fadu.warning import registry
from fadu.warning.cap import area, national, parse, sequence, signals, trust
from fadu.warning.cap.message import Alert, Colour, Info
from fadu.warning.cap.reading import Level
from fadu.warning.cap.signature import Report, State
from fadu.warning.models import Warning, WarningArea, WarningReference

RANK = {None: 0, Colour.BLUE: 1, Colour.YELLOW: 2, Colour.ORANGE: 3, Colour.RED: 4}
STANDING = {
    sequence.Standing.CURRENT: Warning.Standing.CURRENT,
    sequence.Standing.SUPERSEDED: Warning.Standing.SUPERSEDED,
    sequence.Standing.CANCELLED: Warning.Standing.CANCELLED,
    sequence.Standing.NOTICE: Warning.Standing.NOTICE,
}
KIND = {sequence.Kind.REAL: "real", sequence.Kind.DRILL: "drill", sequence.Kind.TECHNICAL: "technical"}


class NotAWarning(Refused):
    """Bytes that are no warning: ``level`` says where they failed, ``identifier`` how they call themselves if that can be read."""

    status = 422

    def __init__(self, *reasons: str, level: Level, identifier: str = "") -> None:
        self.level, self.identifier = level, identifier
        super().__init__(*reasons)


def anchors() -> list[x509.Certificate]:
    """The certificates the bureau trusts: the PEM files of ``FADU_WARNING_ANCHORS``."""
    if not settings.WARNING_ANCHORS:
        return []
    files = sorted(Path(settings.WARNING_ANCHORS).glob("*.pem"))
    return [one for file in files for one in x509.load_pem_x509_certificates(file.read_bytes())]


def read(data: bytes) -> tuple[Alert, Report]:
    """The values of a message in either form and its signature; raises NotAWarning with the reasons when it is neither."""
    received = parse.receive(data)
    verdict = received.verdict
    if received.alert is not None:
        return received.alert, verdict.signature
    if verdict.level is Level.SECURITY:  # what we will not read is not tried in another form either
        raise NotAWarning(*verdict.reasons, level=Level.SECURITY)
    try:
        return national.adapt(data), verdict.signature
    except national.NotNationalError as error:
        reasons = verdict.reasons if b"urn:oasis" in data[:4096] else error.reasons
        level = verdict.level or Level.SCHEMA
        raise NotAWarning(*reasons, level=level, identifier=received.identifier) from error


@transaction.atomic
def take_in(data: bytes, *, by: Officer | None = None) -> Warning:
    """Take in one message and give back its row; the same bytes a second time are the same row.

    A bad signature puts it into quarantine, where it does nothing. A kind or colour that the order on signals does not know,
    an area we cannot place, a missing or unknown signer are told in ``problems``. References of Update and Cancel take
    effect as the sequence rules say, in whatever order the messages come. Raises Refused for bytes that are no message.
    (气象法 22; 气象灾害防御条例 30; 突发事件应对法 64)
    """
    digest = sha256_bytes(data)
    if (known := Warning.objects.filter(sha256=digest).first()) is not None:
        return known
    alert, report = read(data)
    bad = report.state is State.BAD
    key = Q(sender=alert.sender, identifier=alert.identifier, sent=alert.sent)
    if not bad and (first := Warning.objects.filter(key).exclude(standing="quarantined").first()) is not None:
        first.problems = [*first.problems, f"又收到编号相同、内容不同的报文（SHA-256 {digest[:12]}…），以先到的为准"]
        first.save(update_fields=["problems"])
        return first
    warning = _row(data, digest, alert, report, by)
    if not bad:
        _link(warning, alert)
    record.write(
        f"warning/{warning.pk}",
        actor=org.actor(by, clock.today()),
        act="warning.take_in",
        title="收存预警",
        on=clock.today(),
        articles=["《气象灾害防御条例》第三十条"],
        after={
            "identifier": privacy.redacted(alert.identifier),
            "sender": privacy.redacted(alert.sender),
            "sha256": digest,
            "signature": str(report.state),
            "standing": warning.standing,
            "kind": warning.kind,
        },
        matter_title=privacy.redacted(str(warning)[:200]),
    )
    if not bad:
        registry.tell(warning, by)
    return warning


def _row(data: bytes, digest: str, alert: Alert, report: Report, by: Officer | None) -> Warning:
    """The rows of a message: itself, the divisions it is for, the messages it names."""
    problems: list[str] = []
    bad = report.state is State.BAD
    if not bad:
        believed = trust.trust(report, anchors(), alert.sent)
        if not believed.trusted:
            problems.append(believed.reason)
    if sequence.looks_like_a_drill(alert):
        problems.append("报文按实际发布，文字却说到演练或者测试，发起叫应前请向发布单位核实")
    infos = [info for info in alert.infos if info.language.lower().startswith("zh")] or list(alert.infos)
    found = [(info, signals.signal_of(alert, info)) for info in infos]
    problems += list(dict.fromkeys(signal.problem for _, signal in found if signal.problem))
    areas, doubts = _areas(found_colours := [(info, signal.colour) for info, signal in found])
    problems += doubts
    highest = max((colour for _, colour in found_colours), key=lambda colour: RANK[colour], default=None)
    info = next((info for info, colour in found_colours if colour == highest), infos[0] if infos else None)
    signal = next((signal for one, signal in found if one is info), None)
    warning = Warning.objects.create(
        identifier=alert.identifier[:200],
        sender=alert.sender[:200],
        sent=alert.sent,
        form=str(alert.form),
        status=str(alert.status),
        msg_type=str(alert.msg_type),
        kind=KIND[sequence.kind_of(alert)],
        sender_name=(info.sender_name or "")[:200] if info else "",
        event=info.event[:200] if info else "",
        signal=signal.kind[:40] if signal else "",
        colour=str(highest or ""),
        headline=(info.headline or "") if info else "",
        description=(info.description or "") if info else "",
        instruction=(info.instruction or "") if info else "",
        effective=alert.effective(info) if info else None,
        expires=info.expires if info else None,
        problems=problems,
        signature=str(report.state),
        standing=Warning.Standing.QUARANTINED if bad else Warning.Standing.CURRENT,
        quarantine="签名有误：" + "；".join(report.reasons) if bad else "",
        raw=data,
        sha256=digest,
        received_at=clock.now(),
        received_by=by.name if by else "",
    )
    WarningArea.objects.bulk_create(
        WarningArea(warning=warning, code=code, colour=str(colour or ""), how=how)
        for code, (colour, how) in sorted(areas.items())
    )
    WarningReference.objects.bulk_create(
        [
            WarningReference(warning=warning, sender=r.sender[:200], identifier=r.identifier[:200], sent=r.sent)
            for r in dict.fromkeys(alert.references)
        ]
    )
    return warning


def _areas(
    found: Iterable[tuple[Info, Colour | None]],
) -> tuple[dict[str, tuple[Colour | None, str]], list[str]]:
    """The highest divisions covered, each with its highest colour and how it was recognised; and what is in doubt."""
    points = dict.fromkeys(Division.objects.values_list("code", flat=True))
    areas: dict[str, tuple[Colour | None, str]] = {}
    doubts: list[str] = []
    for info, colour in found:
        for one in info.areas:
            covered = area.covered(one, points)
            for codes, how in ((covered.exact, "exact"), (covered.near - covered.exact, "near")):
                for code in _highest(codes):
                    if code not in areas or RANK[areas[code][0]] < RANK[colour]:
                        areas[code] = (colour, how)
            if covered.unknown:
                doubts.append(f"不认得的区划代码：{'、'.join(covered.unknown[:10])}")
            if covered.undecided:
                doubts.append(f"“{one.desc[:40]}”用图形表示，本市区划没有坐标，是否在内需由人判断")
            if not one.geocodes and not covered.undecided and not covered.near:
                doubts.append(f"“{one.desc[:40]}”没有区划代码，覆盖范围需由人指定")
    return areas, list(dict.fromkeys(doubts))


def _highest(codes: frozenset[str]) -> list[str]:
    """Of divisions those that lie in no other of them."""
    return [code for code in codes if not any(n < len(code) and code[:n] in codes for n in (2, 4, 6, 9))]


def _link(warning: Warning, alert: Alert) -> None:
    """Connect references in both directions and write the standing of this message and of those it names."""
    for reference in warning.references.all():
        reference.target = _named(reference.sender, reference.identifier, reference.sent)
        reference.save(update_fields=["target"])
    WarningReference.objects.filter(
        sender=warning.sender, identifier=warning.identifier, sent=warning.sent, target=None
    ).update(target=warning)
    touched = {warning.pk, *warning.references.exclude(target=None).values_list("target", flat=True)}
    around = Warning.objects.filter(Q(pk__in=touched) | Q(references__target__in=touched)).exclude(
        standing="quarantined"
    )
    alerts = {read(bytes(row.raw))[0].key: row for row in around.distinct()}
    said = sequence.chain(read(bytes(row.raw))[0] for row in alerts.values())
    for key, row in alerts.items():
        if row.pk in touched:
            row.standing = STANDING[said.standing[key]]
            by = said.by.get(key)
            row.replaced_by = alerts[by] if by is not None else None
            row.save(update_fields=["standing", "replaced_by"])
    missing = [r.identifier for r in said.missing if r in alert.references]
    warning.refresh_from_db()
    warning.problems = [
        *warning.problems,
        *(f"引用的报文 {name} 还没有收到" for name in missing),
        *(doubt for doubt in said.doubts if alert.identifier in doubt),
    ]
    warning.save(update_fields=["problems"])


def _named(sender: str, identifier: str, sent: datetime) -> Warning | None:
    """The message of that name that we have, quarantined ones apart."""
    rows = Warning.objects.filter(sender=sender, identifier=identifier, sent=sent).exclude(standing="quarantined")
    return rows.first()
