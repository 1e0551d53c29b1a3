"""The vault in a folder and in a bucket: the same promises kept by both, tested through the same doors."""

import io
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from fadu.kernel import clock
from fadu.kernel.hashing import sha256_bytes
from fadu.record import inventory, services, storage, vault, verify
from fadu.record.models import Entry, EvidenceFile
from fadu.record.references import Reference
from fadu.record.tests import bucket
from fadu.record.tests.test_vault import PDF, picture

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def service() -> Iterator[dict[str, str]]:
    """An S3-compatible service."""
    with bucket.service() as made:
        yield made


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, settings: Any) -> Iterator[Any]:
    """A vault in each place, empty; answers a function that damages what lies under a hash (None: takes it away)."""
    if request.param == "folder":

        def damage(sha256: str, content: bytes | None) -> None:
            path = vault.path_of(sha256)
            if content is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                if path.exists():
                    path.chmod(0o600)
                path.write_bytes(content)

        yield damage
        return
    made: dict[str, str] = request.getfixturevalue("service")
    settings.VAULT_BUCKET = made
    client = bucket.client(made)

    def damage_object(sha256: str, content: bytes | None) -> None:
        if content is None:
            client.delete_object(Bucket=made["bucket"], Key=f"vault/{sha256}")
        else:
            client.put_object(Bucket=made["bucket"], Key=f"vault/{sha256}", Body=content)

    yield damage_object
    for item in client.list_objects_v2(Bucket=made["bucket"]).get("Contents", ()):
        client.delete_object(Bucket=made["bucket"], Key=item["Key"])


def keep(content: bytes, name: str, chain: str = "penalty.ordinary/1") -> EvidenceFile:
    return services.keep_evidence(
        io.BytesIO(content), chain=chain, name=name, made_by="张示一", made_at=clock.now(), place="井口"
    )


def age(sha256: str, **ago: int) -> None:
    """Let a file of the folder look as if it had been put some time ago."""
    moment = (clock.now() - timedelta(**ago)).timestamp()
    os.utime(vault.path_of(sha256), (moment, moment))


def test_what_is_kept_comes_back_byte_for_byte_and_is_stored_once(place: Any) -> None:
    first, second = keep(PDF, "a.pdf"), keep(PDF, "b.pdf", chain="penalty.ordinary/2")
    assert first.sha256 == second.sha256 == sha256_bytes(PDF)
    assert [blob.sha256 for blob in storage.store().blobs()] == [first.sha256]
    with vault.open_verified(first.sha256) as file:
        assert file.read() == PDF
    assert vault.state(first.sha256, len(PDF)) == ""


def test_a_large_file_goes_through_a_stream_both_ways(place: Any) -> None:
    """11 MB: more than any buffer of the request or of the client."""
    content = PDF.replace(b"%%EOF", b"") + os.urandom(11 * 1024 * 1024) + b"\n%%EOF\n"
    kept = keep(content, "大文件.pdf")
    with vault.open_verified(kept.sha256) as file:
        assert sha256_bytes(file.read()) == sha256_bytes(content)


def test_altered_and_missing_bytes_are_refused_on_reading_and_reported(place: Any) -> None:
    cut, gone = keep(PDF, "a.pdf"), keep(picture("PNG"), "b.png")
    place(cut.sha256, PDF[:-1] + b"x")
    place(gone.sha256, None)
    with pytest.raises(vault.Damaged, match="不一致"):
        vault.open_verified(cut.sha256)
    with pytest.raises(vault.Damaged, match="不在"):
        vault.open_verified(gone.sha256)
    assert [fault.code for fault in verify.check_evidence()[1]] == ["file altered", "file missing"]
    stock = inventory.take_stock()
    assert [(loss.state, loss.reference.chain) for loss in stock.losses] == [
        ("altered", "penalty.ordinary/1"),
        ("missing", "penalty.ordinary/1"),
    ]
    keep(PDF, "a.pdf")  # the same bytes kept again mend the vault
    assert vault.state(cut.sha256, len(PDF)) == ""


def test_the_command_says_which_row_lost_its_bytes_and_exits_with_one(
    place: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = keep(PDF, "现场检查记录.pdf")
    with pytest.raises(SystemExit) as whole:
        call_command("verify-vault")
    place(lost.sha256, None)
    with pytest.raises(SystemExit) as broken:
        call_command("verify-vault")
    assert (whole.value.code, broken.value.code) == (0, 1)
    said = capsys.readouterr().out
    assert "1 rows, 1 files, 0 orphans, ok" in said
    assert "penalty.ordinary/1 证据" in said
    assert "现场检查记录.pdf" in said
    assert "不在证据库" in said


def test_bytes_without_a_row_are_listed_and_young_ones_are_spared(place: Any) -> None:
    """A request that failed after its upload leaves bytes; one that is still at work must not lose them."""
    kept = keep(PDF, "a.pdf")
    stray = b"nobody's"
    place(sha256_bytes(stray), stray)
    stock = inventory.take_stock()
    assert [blob.sha256 for blob in stock.orphans] == [sha256_bytes(stray)]
    assert inventory.clean(stock.orphans) == []
    with clock.at(clock.now() + timedelta(hours=25)):
        assert [blob.sha256 for blob in inventory.clean(stock.orphans)] == [sha256_bytes(stray)]
    assert [blob.sha256 for blob in storage.store().blobs()] == [kept.sha256]


def test_what_got_its_row_meanwhile_is_not_cleaned_away(place: Any) -> None:
    place(sha256_bytes(PDF), PDF)
    stock = inventory.take_stock()
    keep(PDF, "a.pdf")
    with clock.at(clock.now() + timedelta(days=3)):
        assert inventory.clean(stock.orphans) == []
    assert vault.state(sha256_bytes(PDF), len(PDF)) == ""


def test_keeping_the_same_bytes_again_dates_them_anew(settings: Any) -> None:
    kept = keep(PDF, "a.pdf")
    age(kept.sha256, days=9)
    keep(PDF, "b.pdf")
    assert next(storage.store().blobs()).put_at > clock.now() - timedelta(hours=1)


def test_papers_of_the_floors_above_are_no_orphans() -> None:
    from fadu.record import references

    named = {source.rpartition(".")[2] for source in references._sources}
    assert {"evidence_references", "paper_references"} <= named


def test_a_store_that_does_not_answer_leaves_no_row_and_says_so(settings: Any) -> None:
    settings.VAULT_BUCKET = {
        "bucket": "x",
        "endpoint": f"http://127.0.0.1:{bucket.free_port()}",
        "region": "us-east-1",
        "key_id": "k",
        "secret": "s",
        "prefix": "",
    }
    with pytest.raises(storage.Unavailable, match="暂时连不上") as refused:
        keep(PDF, "a.pdf")
    assert refused.value.status == 503
    assert not EvidenceFile.objects.exists()
    assert not Entry.objects.exists()
    assert list(Path(settings.VAULT_ROOT).rglob(".new-*")) == []


def test_a_bucket_that_does_not_exist_is_no_missing_file(service: dict[str, str], settings: Any) -> None:
    settings.VAULT_BUCKET = service | {"bucket": "another"}
    with pytest.raises(storage.Unavailable):
        keep(PDF, "a.pdf")
    assert not EvidenceFile.objects.exists()
    with pytest.raises(storage.Unavailable):
        vault.state("0" * 64, 1)


def test_two_installations_may_share_a_bucket(service: dict[str, str], settings: Any) -> None:
    settings.VAULT_BUCKET = service | {"prefix": "one/"}
    kept = keep(PDF, "a.pdf")
    settings.VAULT_BUCKET = service | {"prefix": "two/"}
    assert list(storage.store().blobs()) == []
    assert vault.state(kept.sha256, kept.size) == "missing"


def test_a_reference_says_in_words_what_it_is() -> None:
    loss = inventory.Loss(Reference("a" * 64, 1, "penalty.ordinary/1", "证据 3 照片.jpg"), "altered")
    assert str(loss) == f"penalty.ordinary/1 证据 3 照片.jpg（{'a' * 64}）内容与收存时不一致"
