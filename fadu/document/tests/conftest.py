"""What the tests of papers share: an organ, officers with certificates, a case file, and kept evidence."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
from PIL import Image, ImageDraw

from fadu.document import services
from fadu.document.kinds import Document
from fadu.document.models import CaseFile, Paper
from fadu.document.tests.samples import CONTEXTS
from fadu.kernel import clock
from fadu.org.models import Certificate, Division, Officer, Organ, Post
from fadu.org.services import appoint
from fadu.record.models import EvidenceFile
from fadu.record.services import keep_evidence

TODAY = date(2026, 6, 30)
CHAIN = "penalty.ordinary/1"


@pytest.fixture
def _june() -> Iterator[None]:
    """The tests stand on 30 June 2026."""
    with clock.at(datetime(2026, 6, 30, 10, 0, tzinfo=clock.BEIJING)):
        yield


@dataclass
class Bureau:
    """An organ with two certified officers."""

    organ: Organ
    zhou: Officer
    wu: Officer


@pytest.fixture
def bureau(db: None, _june: None) -> Bureau:
    organ = Organ.objects.create(
        name="示例市应急管理局",
        short="市局",
        prefix="示",
        level="city",
        division=Division.objects.get(code="1404"),
        address="示例市滨河路100号",
        postcode="046000",
        phone="0355-2000000",
        reconsideration_body="示例市人民政府",
        court="示例市示例区人民法院",
    )
    found = []
    for number, name in enumerate(("周一鸣", "吴思敏"), 1):
        officer = Officer.objects.create(name=name, sex="male")
        post = Post.objects.create(organ=organ, title=f"执法员{number}", roles=["case_officer"])
        appoint(officer, post, starts_on=date(2020, 1, 1))
        Certificate.objects.create(
            officer=officer,
            number=f"示例0401000{number}",
            issuer="示例市人民政府",
            valid_from=date(2024, 1, 1),
            valid_to=date(2028, 12, 31),
        )
        found.append(officer)
    return Bureau(organ, *found)


@pytest.fixture
def case_file(bureau: Bureau) -> CaseFile:
    """A penalty matter whose serial is drawn."""
    opened = services.open_case_file(bureau.organ, 2026, "penalty", CHAIN, "甲山矿业有限公司未如实记录培训情况案")
    services.draw_serial(opened)
    return opened


Make = Callable[..., Paper]


@pytest.fixture
def make(case_file: CaseFile, bureau: Bureau) -> Make:
    """Draft and issue a paper of a kind from its sample context."""

    def made(kind: Document, on: date = date(2026, 4, 12), party_no: int | None = None, **changes: Any) -> Paper:
        context = CONTEXTS[kind] | changes
        drafted = services.draft(case_file, kind, context, party_no=party_no, by=bureau.zhou, new=True)
        return services.issue(drafted, on=on, by=bureau.zhou)

    return made


def picture(words: str = "x", size: tuple[int, int] = (800, 600)) -> bytes:
    """A JPEG that differs with the words."""
    digest = hashlib.sha256(words.encode()).digest()
    image = Image.new("RGB", size, tuple(digest[:3]))
    ImageDraw.Draw(image).rectangle((40, 40, 200, 90), fill=tuple(digest[3:6]))
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def keep(case_file: CaseFile) -> Callable[..., EvidenceFile]:
    """Keep a file as evidence of the matter."""

    def kept(data: bytes, name: str, chain: str = case_file.chain) -> EvidenceFile:
        return keep_evidence(data, chain=chain, name=name, made_by="周一鸣", made_at=clock.now(), place="培训室")

    return kept


@pytest.fixture
def proof(keep: Callable[..., EvidenceFile]) -> EvidenceFile:
    """A photograph that proves service."""
    return keep(picture("送达"), "送达.jpg")
