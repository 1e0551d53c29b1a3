"""行政处罚法 46: evidence is verified before it is used; what is kept is known by content, and shows when altered."""

import io
import os
import struct
import wave
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import docx
import psycopg
import pytest
import xlsxwriter
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from fadu.kernel import clock
from fadu.kernel.errors import Invalid
from fadu.kernel.hashing import sha256_bytes
from fadu.record import media, queries, services, vault, verify
from fadu.record.models import EvidenceFile

CHAIN = "penalty.ordinary/1"
Owner = psycopg.Connection[Any]


def picture(form: str, size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    """A picture with some content."""
    drawn = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(drawn, form, **options)
    return drawn.getvalue()


def word() -> bytes:
    file = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("询问笔录")
    document.save(file)
    return file.getvalue()


def sheet() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write(0, 0, "台账")
    return file.getvalue()


def sound() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(b"\0\1" * 800)
    return file.getvalue()


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


def film(brand: bytes, main: bytes = b"moov", tracks: tuple[bytes, ...] = ()) -> bytes:
    """An ISO media file with an index of ``tracks`` (vide, soun), or with another main box."""
    index = b"".join(box(b"trak", box(b"hdlr", b"\0" * 8 + track + b"\0" * 12)) for track in tracks)
    return box(b"ftyp", brand + b"\0\0\2\0" + brand + b"isommp42") + box(main, index) + box(b"mdat", b"\1" * 200)


def mp3() -> bytes:
    frame = b"\xff\xfb\x90\x00" + b"\0" * (144 * 128000 // 44100 - 4)  # MPEG-1 layer III, 128 kbit/s, 44.1 kHz
    return b"ID3\x03\0\0\0\0\0\0" + frame * 4


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"
WHOLE: dict[str, tuple[Callable[[], bytes], str]] = {
    "现场.jpg": (lambda: picture("JPEG"), "image/jpeg"),
    "现场.JPEG": (lambda: picture("JPEG"), "image/jpeg"),
    "现场.png": (lambda: picture("PNG"), "image/png"),
    "现场.webp": (lambda: picture("WEBP"), "image/webp"),
    "现场.heic": (lambda: film(b"heic", b"meta"), "image/heic"),
    "决定书.pdf": (lambda: PDF, "application/pdf"),
    "录像.mp4": (lambda: film(b"isom", tracks=(b"vide", b"soun")), "video/mp4"),
    "录音.m4a": (lambda: film(b"M4A ", tracks=(b"soun",)), "audio/mp4"),
    "安卓录音.m4a": (lambda: film(b"mp42", tracks=(b"soun",)), "audio/mp4"),
    "录音.mp3": (mp3, "audio/mpeg"),
    "录音.wav": (sound, "audio/wav"),
    "笔录.docx": (word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "台账.xlsx": (sheet, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "说明.txt": (lambda: "整改说明，附照片三张。".encode(), "text/plain"),
    "旧说明.txt": (lambda: "整改说明，附照片三张。".encode("gb18030"), "text/plain"),
}


def keep(content: bytes, name: str, **given: Any) -> EvidenceFile:
    facts = {
        "chain": CHAIN,
        "made_by": "张示一",
        "made_at": datetime(2026, 3, 1, 9, tzinfo=UTC),
        "place": "甲山矿业井口",
    }
    return services.keep_evidence(io.BytesIO(content), name=name, **(facts | given))


def reason(content: bytes, name: str, **given: Any) -> dict[str, str]:
    """The fields and sentences with which the file is refused; nothing of it stays."""
    with pytest.raises(Invalid) as caught:
        keep(content, name, **given)
    assert not EvidenceFile.objects.exists()
    assert [path for path in Path(django_settings.VAULT_ROOT).rglob("*") if path.is_file()] == []
    return caught.value.field_errors


@pytest.mark.django_db
@pytest.mark.parametrize("name", WHOLE)
def test_each_accepted_kind_is_known_and_kept(name: str) -> None:
    make, media_type = WHOLE[name]
    content = make()
    evidence = keep(content, name)
    digest = sha256_bytes(content)
    path = Path(django_settings.VAULT_ROOT) / digest[:2] / digest[2:4] / digest
    assert (evidence.media_type, evidence.sha256, evidence.size, evidence.name) == (
        media_type,
        digest,
        len(content),
        name,
    )
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o222 == 0
    assert vault.open_verified(digest).read() == content


MISNAMED = {
    (name, other[other.rindex(".") :].lower())
    for name, (_, media_type) in WHOLE.items()
    for other, (_, other_type) in WHOLE.items()
    # sound alone may also be called an MP4
    if media_type != other_type and (media_type, other_type) != ("audio/mp4", "video/mp4")
}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "extension"), sorted(MISNAMED))
def test_content_that_its_extension_denies_is_refused(name: str, extension: str) -> None:
    assert "file" in reason(WHOLE[name][0](), f"文件{extension}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["现场.jpg", "现场.png", "现场.webp", "决定书.pdf", "笔录.docx", "台账.xlsx", "录像.mp4", "录音.m4a"]
)
def test_a_file_cut_in_half_is_refused(name: str) -> None:
    content = WHOLE[name][0]()
    assert "file" in reason(content[: len(content) // 2], name)


def bomb() -> bytes:
    """A PNG of a few bytes that claims 60,000 × 60,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def big_png() -> bytes:
    """A PNG of 7,000 × 7,000 = 49 million pixels, above the limit and below Pillow's own."""
    drawn = io.BytesIO()
    Image.new("1", (7000, 7000)).save(drawn, "PNG")
    return drawn.getvalue()


def office_with(part: str, content: bytes = b"x") -> bytes:
    """A Word file with one more part."""
    file = io.BytesIO(word())
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(part, content)
    return file.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (bomb, "a.png", "像素过大"),
        (big_png, "a.png", "像素过大"),
        (lambda: office_with("word/vbaProject.bin"), "a.docx", "宏"),
        (lambda: b"", "a.txt", "空"),
        (lambda: b"MZ" + b"\0" * 200, "a.exe", "不接收 .exe"),
        (lambda: b"MZ" + b"\0" * 200, "a", "认不出"),
        (lambda: b"<html><script>alert(1)</script></html>", "a.html", "不接收 .html"),
        (lambda: b"<html><script>alert(1)</script></html>", "a.txt", "不符"),
        (lambda: b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "不接收 .svg"),
        (lambda: b"<html><script>alert(1)</script></html>", "a.pdf", "不是PDF"),
        (lambda: b"\xff\xfe\x00\x01" * 10, "a.txt", "不符|编码"),
        (lambda: picture("GIF"), "a.gif", "不接收 .gif"),
        (lambda: picture("BMP"), "a.jpg", "不是JPEG"),
    ],
)
def test_what_is_not_safe_or_not_accepted_is_refused_with_the_reason(
    content: Callable[[], bytes], name: str, says: str
) -> None:
    import re

    assert re.search(says, reason(content(), name)["file"])


@pytest.mark.django_db
def test_an_office_file_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "UNPACKED", 2_000_000)
    assert "过大" in reason(office_with("word/x.bin", b"\0" * 3_000_000), "a.docx")["file"]


@pytest.mark.django_db
def test_size_is_limited_by_kind_and_altogether(settings: Any) -> None:
    settings.EVIDENCE_LIMIT = 11 * media.MB
    assert "10 MB" in reason(b"a" * (10 * media.MB + 1), "a.txt")["file"]
    assert "11 MB" in reason(b"a" * (11 * media.MB + 1), "a.txt")["file"]


@pytest.mark.django_db
def test_a_place_may_narrow_what_it_accepts() -> None:
    assert "此处不接收PDF" in reason(PDF, "a.pdf", media="image")["file"]
    assert keep(PDF, "a.pdf", media=("image", "application/pdf")).media_type == "application/pdf"
    assert keep(picture("PNG"), "signature", media="image").name == "signature.png"


@pytest.mark.django_db
def test_maker_and_time_are_asked_for() -> None:
    later = clock.now() + timedelta(minutes=5)
    assert set(reason(PDF, "a.pdf", made_by=" ", made_at=later)) == {"made_by", "made_at"}


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\文件\\照片.jpg", "照片.jpg"),
        ("照\u202egnp.jpg", "照gnp.jpg"),
        ('a<b>:"c|?*.pdf', "a_b___c___.pdf"),
        ("换\r\n行\x00.txt", "换行.txt"),
        ("长" * 300 + ".jpeg", "长" * 95 + ".jpeg"),
        (" .. ", ""),
    ],
)
def test_names_are_made_safe(name: str, clean: str) -> None:
    assert vault.clean_name(name) == clean


@pytest.mark.django_db
def test_the_same_bytes_are_stored_once_and_stand_in_two_matters() -> None:
    first, second = keep(PDF, "a.pdf"), keep(PDF, "b.pdf", chain="penalty.ordinary/2")
    assert first.sha256 == second.sha256
    assert len([path for path in Path(django_settings.VAULT_ROOT).rglob("*") if path.is_file()]) == 1
    assert list(queries.evidence_of("penalty.ordinary/2")) == [second]


@pytest.mark.django_db
def test_an_uploaded_file_and_bare_bytes_are_taken_alike() -> None:
    upload = SimpleUploadedFile("a.pdf", PDF, content_type="text/html")
    facts = {"chain": CHAIN, "name": "a.pdf", "made_by": "甲", "made_at": clock.now(), "place": "乙"}
    one, two = services.keep_evidence(upload, **facts), services.keep_evidence(PDF, **facts)  # type: ignore[arg-type]
    assert one.sha256 == two.sha256
    assert one.media_type == "application/pdf"


@pytest.mark.django_db
def test_the_journal_tells_of_each_file_and_phone_numbers_go_no_further() -> None:
    evidence = keep(PDF, "13800138000.pdf", note="证明未设置警示标志，联系13800138000")
    entry = queries.timeline(CHAIN).get()
    assert (entry.act, entry.title) == ("record.keep_evidence", "收存证据")
    assert entry.data["after"]["sha256"] == evidence.sha256
    assert entry.data["after"]["place"] == "甲山矿业井口"
    assert "13800138000" not in entry.body + evidence.name + evidence.note


@pytest.mark.django_db
def test_altered_and_missing_bytes_are_not_given_out() -> None:
    evidence = keep(PDF, "a.pdf")
    path = vault.path_of(evidence.sha256)
    path.chmod(0o600)
    path.write_bytes(PDF.replace(b"1 0", b"2 0"))
    with pytest.raises(vault.Damaged, match="不一致"):
        vault.open_verified(evidence.sha256)
    path.unlink()
    with pytest.raises(vault.Damaged, match="不在"):
        vault.open_verified(evidence.sha256)


@pytest.mark.django_db
def test_damaged_and_missing_files_are_reported() -> None:
    whole, cut, gone = keep(PDF, "a.pdf"), keep(picture("PNG"), "b.png"), keep(picture("JPEG"), "c.jpg")
    assert verify.check_evidence() == (3, [])
    path = vault.path_of(cut.sha256)
    path.chmod(0o600)
    os.truncate(path, 10)
    vault.path_of(gone.sha256).unlink()
    count, faults = verify.check_evidence()
    assert count == 3
    assert [(fault.chain, fault.seq, fault.code, fault.detail) for fault in faults] == [
        (CHAIN, 2, "file altered", "b.png"),
        (CHAIN, 3, "file missing", "c.jpg"),
    ]
    assert keep(picture("PNG"), "b.png").sha256 == cut.sha256  # the same file kept again mends the vault
    assert whole.sha256
    assert [fault.code for fault in verify.check_evidence()[1]] == ["file missing"]


def test_evidence_rows_changed_behind_the_databases_back_are_reported(owner_connection: Owner) -> None:
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        keep(PDF, name)
    owner_connection.execute("ALTER TABLE record_evidencefile DISABLE TRIGGER USER")
    owner_connection.execute("UPDATE record_evidencefile SET made_by = '李示二' WHERE name = 'a.pdf'")
    owner_connection.execute("DELETE FROM record_evidencefile WHERE name = 'b.pdf'")
    owner_connection.execute(
        "INSERT INTO record_evidencefile (sha256, size, media_type, name, chain, made_by, made_at, place, note) "
        "SELECT sha256, size, media_type, 'd.pdf', chain, made_by, made_at, place, note FROM record_evidencefile LIMIT 1"
    )
    assert sorted((fault.seq, fault.code, fault.detail) for fault in verify.check_evidence()[1]) == [
        (0, "row unrecorded", "d.pdf"),
        (1, "row altered", "a.pdf"),
        (2, "row missing", "b.pdf"),
    ]


@pytest.mark.django_db
def test_a_thumbnail_is_small_upright_and_tells_nothing_of_the_place() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "CameraOfTheOffice"
    evidence = keep(picture("JPEG", (1200, 600), exif=exif), "a.jpg")
    drawn = vault.thumbnail(evidence.sha256)
    assert drawn is not None
    assert b"CameraOfTheOffice" not in drawn
    with Image.open(io.BytesIO(drawn)) as small:
        assert (small.format, small.size, dict(small.getexif())) == ("JPEG", (240, 480), {})
    assert vault.thumbnail(evidence.sha256) == drawn
    assert vault.thumbnail(keep(film(b"heic", b"meta"), "b.heic").sha256) is None


@pytest.mark.django_db
def test_a_clear_picture_gets_a_white_ground() -> None:
    drawn = io.BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(drawn, "PNG")
    small = vault.thumbnail(keep(drawn.getvalue(), "签名.png").sha256)
    assert small is not None
    assert Image.open(io.BytesIO(small)).getpixel((50, 50)) == (255, 255, 255)


# --- the first page of a PDF


def drawn_pdf(width: int = 595, height: int = 842, content: bytes = b"1 0 0 rg 0 421 595 421 re f") -> bytes:
    """A PDF of one page, by hand: the upper half red unless said otherwise."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R>>" % (width, height),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
    ]
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size 5>>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(made),
    )


@pytest.mark.django_db
def test_a_pdf_shows_its_first_page() -> None:
    small = vault.thumbnail(keep(drawn_pdf(), "决定书.pdf").sha256)
    assert small is not None
    with Image.open(io.BytesIO(small)) as picture:
        assert picture.format == "JPEG"
        assert max(picture.size) == 480
        red, green, _ = picture.getpixel((picture.width // 2, picture.height // 4))  # type: ignore[misc]
        assert red > 200 > 60 > green
        assert min(picture.getpixel((picture.width // 2, picture.height * 3 // 4))) > 240  # type: ignore[type-var,arg-type]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [
        lambda: b"%PDF-1.4\n" + os.urandom(5000) + b"\n%%EOF\n",
        # a page that paints for ever: the process is ended, the request is not
        lambda: drawn_pdf(content=b"q 0 0 595 842 re f Q " * 4_000_000),
    ],
    ids=["damaged", "endless"],
)
def test_a_pdf_that_cannot_be_drawn_has_no_picture_and_harms_nobody(
    content: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "DRAWING_SECONDS", 1)
    assert vault.thumbnail(keep(content(), "a.pdf").sha256) is None


@pytest.mark.django_db
def test_a_page_miles_long_makes_a_small_picture() -> None:
    small = vault.thumbnail(keep(drawn_pdf(14_400, 10), "a.pdf").sha256)
    assert small is not None
    with Image.open(io.BytesIO(small)) as picture:
        assert max(picture.size) <= 480


# --- one file that is two


def archive() -> bytes:
    """A ZIP with a program in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("run.bat", "del /s")
    return packed.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (lambda: picture("JPEG") + archive(), "a.jpg", "夹带压缩包"),
        (lambda: picture("PNG") + archive(), "a.png", "夹带压缩包"),
        (lambda: PDF + archive(), "a.pdf", "夹带压缩包"),
        (lambda: sound() + archive(), "a.wav", "夹带压缩包"),
        (lambda: b"<script>alert(1)</script>", "a.txt", "不符|网页代码"),
        (lambda: "说明 <iframe src=x>".encode(), "a.txt", "网页代码"),
        (lambda: b"%PDF-1.4\n<html><script>alert(1)</script></html>\n%%EOF\n", "a.pdf", "网页代码"),
        (lambda: b"readme\n" + PDF, "a.txt", "夹带 PDF|不符"),
    ],
)
def test_a_file_that_is_two_things_at_once_is_refused(content: Callable[[], bytes], name: str, says: str) -> None:
    import re

    assert re.search(says, reason(content(), name)["file"])


@pytest.mark.django_db
def test_a_script_in_the_comment_of_a_picture_is_refused() -> None:
    plain = picture("JPEG")
    words = b"<script>alert(1)</script>"
    with_comment = plain[:2] + b"\xff\xfe" + struct.pack(">H", len(words) + 2) + words + plain[2:]
    assert "网页代码" in reason(with_comment, "a.jpg")["file"]


@pytest.mark.django_db
def test_a_moving_photograph_of_a_phone_is_a_photograph() -> None:
    """Phones write a short film behind the picture; it is accepted, byte for byte."""
    content = picture("JPEG") + WHOLE["录像.mp4"][0]()
    assert keep(content, "动态照片.jpg").media_type == "image/jpeg"
