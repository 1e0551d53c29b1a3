"""Loads the editions that ship with the program; idempotent, and what was published is never changed by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction

from fadu.kernel import clock
from fadu.kernel.hashing import canonical, sha256_text
from fadu.law.content.reading import ContentError
from fadu.power import content
from fadu.power.gate import book, faults
from fadu.power.models import PowerItem, PowerList


def digest_of(items: Any) -> str:
    """A digest of the items, to know a published list by."""
    rows = [{**values, "since": str(values["since"]), "until": str(values["until"] or "")} for values in items]
    return sha256_text(canonical(rows))


@transaction.atomic
def load_content(folder: Path = content.DATA) -> dict[str, int]:
    """Load every edition of ``folder`` as published; answers how many editions and items the files hold.

    Every edition goes through the same gate as a bureau's own. It is nobody's act, so nothing is journaled: its digest
    stands in the row, which the database freezes. An edition that stands already stays as it is;
    ContentError when its files say something else by now: what changes is a further edition.
    """
    content.patterns(folder), content.risks(folder), content.responsibilities(folder)  # malformed ones are told here
    known = book()
    for edition in content.editions(folder):
        rows = [content.as_values(item) for item in edition.items]
        digest = digest_of(rows)
        standing = PowerList.objects.filter(code=edition.code, organ=None).first()
        if standing is not None:
            if standing.digest != digest:
                raise ContentError("lists.yaml", edition.code, "已公布的清单不能修改：变动请另立一个版本")
            if standing.until is None and edition.until is not None:
                PowerList.objects.filter(pk=standing.pk).update(until=edition.until)
            continue
        if found := faults(edition.items, edition.since, edition.until, known):
            raise ContentError("items", edition.code, "；".join(map(str, found[:5])))
        listed = PowerList.objects.create(
            code=edition.code, title=edition.title, issuer=edition.issuer, document=edition.document, from_date=edition.since,
            until=edition.until, source=edition.source, confidence=edition.confidence, shipped=True,
        )  # fmt: skip
        PowerItem.objects.bulk_create(PowerItem(listed=listed, ordinal=n, **row) for n, row in enumerate(rows, 1))
        on = clock.today()
        listed.state, listed.published_on, listed.digest = PowerList.State.PUBLISHED, on, digest
        listed.save(update_fields=["state", "published_on", "digest"])
    return {"lists": len(content.editions(folder)), "items": len(content.items(folder))}
