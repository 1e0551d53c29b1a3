"""An export is verified by a court with nothing but Python, and every change of it is found (行政诉讼法 34, 67)."""

import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from fadu.kernel import clock
from fadu.org.models import Officer
from fadu.org.roles import ADMINISTRATORS, Role
from fadu.org.tests.universe import account, officer, organ
from fadu.penalty.models import PenaltyCase
from fadu.penalty.tests import universe
from fadu.record import queries as record
from fadu.record import seals
from fadu.record.actor import Actor
from fadu.record.models import Access, Entry
from fadu.record.services import write

pytestmark = pytest.mark.django_db
PURPOSE = "示例区人民法院，行政诉讼应诉"


@pytest.fixture
def town() -> Any:
    return universe.bureau()


def browser(person: Officer) -> Client:
    """A client logged in as the person."""
    client = Client()
    client.force_login(person.user or account(person, f"u{person.pk}"))
    return client


def sealed() -> None:
    """Today is over and sealed."""
    today = clock.today()
    with clock.at(today + timedelta(days=1)):
        seals.seal_until(today)


@pytest.fixture
def case(town: Any) -> PenaltyCase:
    """A decided case with papers and evidence, all of it sealed; another case lies under the same seal."""
    made = universe.served(town)
    for number in range(5):
        write(f"inspection.routine/{number}", actor=Actor.program(), act="a", title="甲", on=clock.today())
    sealed()
    return made


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the one export lies that every tampering starts from."""
    return tmp_path_factory.mktemp("exports")


@pytest.fixture
def folder(exports: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The unpacked export of a case, and beside it the published seals; made once."""
    if not (exports / "seals.json").exists():
        export(request.getfixturevalue("case"), exports)
    shutil.copytree(exports, tmp_path, dirs_exist_ok=True)
    return tmp_path / "unpacked"


def export(case: PenaltyCase, tmp_path: Path) -> None:
    """Export a case and fetch the seals from the public page."""
    call_command("export-matter", str(case.pk), str(tmp_path / "a.zip"), "--by", "张示一", "--purpose", PURPOSE)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path / "unpacked")
    (tmp_path / "seals.json").write_text(Client().get("/record/seals.json").content.decode())


def verify(folder: Path, *options: str) -> tuple[int, str]:
    """Exit code and words of the script, in a bare Python far from this project."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py"), *options],
        cwd="/",
        env={"PATH": "", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_a_court_verifies_record_files_and_seals(case: PenaltyCase, tmp_path: Path) -> None:
    export(case, tmp_path)
    folder = tmp_path / "unpacked"
    code, said = verify(folder, "--published", str(tmp_path / "seals.json"))
    assert code == 0, said
    assert said.endswith("核验通过。\n")
    files = json.loads((folder / "manifest.json").read_text())["files"]
    assert sum(one["kind"] == "paper" for one in files) == case.case_file.papers.exclude(status="draft").count()
    assert sum(one["kind"] == "evidence" for one in files) == record.evidence_of(case.chain).count() > 0
    entries = record.timeline(case.chain).count()
    assert f"过程记录：{entries}条" in said
    # the export itself is the last entry, of today, and not yet sealed
    assert f"{entries - 1}条记录包含在1日的封存之中，1条导出时尚未封存" in said
    assert (folder / "case-file.pdf").read_bytes().startswith(b"%PDF")
    assert "决定书" in (folder / "catalogue.csv").read_text("utf-8-sig")
    assert (tmp_path / "a.zip").stat().st_mode & 0o077 == 0


def test_without_the_published_seals_it_says_what_is_left_to_do(folder: Path) -> None:
    code, said = verify(folder)
    (seal,) = json.loads((folder.parent / "seals.json").read_text())["seals"]
    assert code == 0
    assert "没有与公布的封存值核对" in said
    assert "/record/seals/" in said
    assert f"{seal['day']}  {seal['seal']}" in said
    assert said.endswith("核验通过（未与公布的封存值核对）。\n")
    assert verify(folder, "--seal", f"{seal['day']}={seal['seal']}")[1].endswith("核验通过。\n")
    code, said = verify(folder, "--seal", f"{seal['day']}={'a' * 64}")
    assert (code, f"{seal['day']}的封存值与公布的不符" in said) == (1, True)


def edit(folder: Path, name: str, change: Callable[[Any], Any]) -> None:
    """Change a JSON file of the export, and in the manifest its hash, as a careful forger would."""
    path = folder / name
    if name.endswith(".jsonl"):
        value = change([json.loads(line) for line in path.read_text().splitlines()])
        path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in value))
    else:
        value = json.loads(path.read_text())
        path.write_text(json.dumps(change(value) or value, ensure_ascii=False))
    relist(folder)


def relist(folder: Path, *, entries: int | None = None, drop: str = "") -> None:
    """Make the manifest fit what lies in the folder."""
    import hashlib

    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"] = [one for one in manifest["files"] if one["path"] != drop]
    for one in manifest["files"]:
        content = (folder / one["path"]).read_bytes()
        one["sha256"], one["size"] = hashlib.sha256(content).hexdigest(), len(content)
    manifest["entries"] = len((folder / "record/entries.jsonl").read_text().splitlines())
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False))


def rehash(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Number and hash all entries anew, so that the chain itself is whole."""
    import hashlib

    before = "0" * 64
    for place, one in enumerate(entries, 1):
        one["seq"], one["prev_hash"] = place, before
        text = b"fadu-record-1\n"
        for part in (one["chain"], str(place), before, one["recorded_at"], one["body"]):
            text += str(len(part.encode())).encode() + b":" + part.encode() + b"\n"
        one["hash"] = before = hashlib.sha256(text).hexdigest()
    return entries


def alter_a_paper(folder: Path) -> None:
    path = folder / "papers/001.pdf"
    path.write_bytes(path.read_bytes() + b" ")


def alter_a_paper_and_the_manifest(folder: Path) -> None:
    alter_a_paper(folder)
    relist(folder)


def take_a_paper_away(folder: Path) -> None:
    (folder / "papers/001.pdf").unlink()


def take_a_paper_away_also_from_the_manifest(folder: Path) -> None:
    take_a_paper_away(folder)
    relist(folder, drop="papers/001.pdf")


def take_evidence_away_also_from_the_manifest(folder: Path) -> None:
    path = next((folder / "evidence").iterdir())
    path.unlink()
    relist(folder, drop=f"evidence/{path.name}")


def add_a_file(folder: Path) -> None:
    (folder / "evidence/999.txt").write_text("x")


def alter_an_entry(folder: Path) -> None:
    def change(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        entries[2]["body"] = entries[2]["body"].replace('"on":"2026', '"on":"2025')
        return entries

    edit(folder, "record/entries.jsonl", change)


def alter_an_entry_and_hash_all_anew(folder: Path) -> None:
    alter_an_entry(folder)
    edit(folder, "record/entries.jsonl", rehash)


def drop_an_entry(folder: Path) -> None:
    edit(folder, "record/entries.jsonl", lambda entries: entries[:2] + entries[3:])


def swap_entries(folder: Path) -> None:
    edit(folder, "record/entries.jsonl", lambda entries: [entries[1], entries[0], *entries[2:]])


def cut_the_tail(folder: Path) -> None:
    edit(folder, "record/entries.jsonl", lambda entries: entries[:-3])


def drop_a_proof_in_the_middle(folder: Path) -> None:
    edit(folder, "record/proofs.json", lambda proofs: proofs.pop("3") and None)


def point_a_proof_elsewhere(folder: Path) -> None:
    def change(proofs: dict[str, Any]) -> None:
        proofs["3"]["index"] ^= 1

    edit(folder, "record/proofs.json", change)


def alter_a_seal(folder: Path) -> None:
    def change(seals: dict[str, Any]) -> None:
        seals["seals"][0]["root"] = "b" * 64

    edit(folder, "record/seals.json", change)


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        (alter_a_paper, "文件 papers/001.pdf（"),
        (alter_a_paper_and_the_manifest, "文书"),
        (take_a_paper_away, "缺少文件 papers/001.pdf"),
        (take_a_paper_away_also_from_the_manifest, "不在导出文件中"),
        (take_evidence_away_also_from_the_manifest, "不在导出文件中"),
        (add_a_file, "多出清单没有的文件 evidence/999.txt"),
        (alter_an_entry, "第3号的内容与散列值不符"),
        (alter_an_entry_and_hash_all_anew, "第3号不在"),
        (drop_an_entry, "第3号处缺少、多出或者调换了记录"),
        (swap_entries, "第1号处缺少、多出或者调换了记录"),
        (drop_a_proof_in_the_middle, "应当已经封存，却没有证明"),
        (point_a_proof_elsewhere, "第3号不在"),
        (alter_a_seal, "的封存值不符"),
    ],
)
def test_the_first_fault_of_a_tampered_export_is_named(folder: Path, tamper: Callable[[Path], None], says: str) -> None:
    shown = folder.parent / "tampered"
    shutil.copytree(folder, shown)
    tamper(shown)
    code, said = verify(shown, "--published", str(folder.parent / "seals.json"))
    assert code == 1, said
    assert said.startswith("核验不通过：")
    assert says in said
    assert said.count("\n") == 1


def test_a_later_day_without_proofs_shows_that_they_were_stripped(folder: Path) -> None:
    """Once a later day is sealed, an entry of the day before that has no proof was never in the record."""

    def strip(proofs: dict[str, Any]) -> dict[str, Any]:
        return {"1": proofs["1"]}

    def a_day_more(seals: dict[str, Any]) -> None:
        import hashlib
        from datetime import date

        last = seals["seals"][-1]
        day = (date.fromisoformat(last["day"]) + timedelta(days=1)).isoformat()
        root = hashlib.sha256().hexdigest()
        text = f"fadu-seal-1\n{day}\n0\n{root}\n{last['seal']}\n"
        seal = hashlib.sha256(text.encode()).hexdigest()
        seals["seals"].append({"day": day, "entries": 0, "root": root, "previous": last["seal"], "seal": seal})

    edit(folder, "record/proofs.json", strip)
    edit(folder, "record/seals.json", a_day_more)
    code, said = verify(folder)
    assert (code, "第2号或者之前的记录应当已经封存" in said) == (1, True)


def test_old_entries_without_any_seal_are_not_taken_for_new_ones(folder: Path) -> None:
    """Whoever strips all seals and proofs must also pretend that the file was exported long ago; the first line tells."""
    edit(folder, "record/proofs.json", lambda proofs: proofs.clear())
    edit(folder, "record/seals.json", lambda seals: seals["seals"].clear())
    manifest = json.loads((folder / "manifest.json").read_text())
    exported = datetime.fromisoformat(manifest["exported_at"])
    manifest["exported_at"] = (exported + timedelta(days=2)).isoformat()
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False))
    code, said = verify(folder)
    assert (code, "第1号或者之前的记录应当已经封存" in said) == (1, True)
    manifest["exported_at"] = exported.isoformat()
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False))
    code, said = verify(folder)
    assert f"{exported:%Y-%m-%d %H:%M}导出" in said.splitlines()[0]
    assert "0条记录包含在0日的封存之中" in said


def test_an_export_seals_what_is_over_first(town: Any, tmp_path: Path) -> None:
    case = universe.filed(town)
    with clock.at(clock.today() + timedelta(days=1)):
        call_command("export-matter", str(case.pk), str(tmp_path / "a.zip"), "--by", "甲", "--purpose", PURPOSE)
    assert record.seals().get().day == clock.today()


def test_the_script_is_short_enough_to_be_read_and_needs_nothing_new() -> None:
    """Python 3.8: no newer syntax; nothing but the standard library; at most 150 lines."""
    import ast

    text = (Path(__file__).parents[2] / "procedure/court/verify.py").read_text()
    assert text.count("\n") <= 150
    tree = ast.parse(text, feature_version=(3, 8))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"datetime", "hashlib", "json", "os", "sys"}


# --- who may, and what it leaves behind


def test_the_page_hands_out_the_file_and_the_record_keeps_who_and_what_for(town: Any, case: PenaltyCase) -> None:
    client = browser(town.legal)
    assert "导出案卷" in client.get(f"/matter/{case.pk}/record/").content.decode()
    answer = client.post(f"/matter/{case.pk}/export/", {"purpose": PURPOSE})
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith("attachment")
    content = b"".join(answer.streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {"verify.py", "manifest.json", "case-file.pdf"} <= set(archive.namelist())
    entry = Entry.objects.filter(chain=case.chain).latest("seq")
    assert (entry.act, entry.note, entry.officer_id) == ("procedure.export", PURPOSE, town.legal.pk)
    assert record.verify_chain(case.chain).ok


def test_without_a_purpose_nothing_is_exported_and_nothing_recorded(town: Any, case: PenaltyCase) -> None:
    before = Entry.objects.count()
    answer = browser(town.legal).post(f"/matter/{case.pk}/export/", {"purpose": " "})
    assert answer.status_code == 422
    assert "请写明用途" in answer.content.decode()
    assert Entry.objects.count() == before


def test_opening_the_page_exports_nothing(town: Any, case: PenaltyCase) -> None:
    before = Entry.objects.count()
    assert browser(town.legal).get(f"/matter/{case.pk}/export/").status_code == 200
    assert Entry.objects.count() == before
    assert Access.objects.filter(chain=case.chain).exists()


MAY = {Role.LEGAL_REVIEWER, Role.ARCHIVIST, Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD}


@pytest.mark.parametrize("role", Role)
def test_who_answers_for_a_matter_may_export_it_and_nobody_else(town: Any, role: Role) -> None:
    case = universe.filed(town)
    person = officer(town.organ, "钱示七", role)
    client, before = browser(person), Entry.objects.count()
    answer = client.post(f"/matter/{case.pk}/export/", {"purpose": PURPOSE})
    if role in MAY:
        assert answer.status_code == 200
    else:
        # whoever runs the machine does not even see the matter
        assert answer.status_code == (404 if role in ADMINISTRATORS else 403)
        assert Entry.objects.count() == before
        page = client.get(f"/matter/{case.pk}/record/").content.decode()
        assert "导出案卷" not in page


def test_strangers_do_not_learn_that_there_is_a_matter(town: Any) -> None:
    case = universe.filed(town)
    stranger = officer(organ("别市应急管理局", "别市局", "晋别", "140406"), "王示九", Role.PRINCIPAL_HEAD)
    assert browser(stranger).post(f"/matter/{case.pk}/export/", {"purpose": PURPOSE}).status_code == 404
    assert Client().post(f"/matter/{case.pk}/export/", {"purpose": PURPOSE}).status_code == 302


def test_the_command_overwrites_nothing_and_leaves_no_half_file(case: PenaltyCase, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("kept")
    before = Entry.objects.count()
    with pytest.raises(CommandError, match="已经存在"):
        call_command("export-matter", str(case.pk), str(tmp_path / "a.zip"), "--by", "甲", "--purpose", PURPOSE)
    with pytest.raises(CommandError, match="用途"):
        call_command("export-matter", str(case.pk), str(tmp_path / "b.zip"), "--by", "甲", "--purpose", " ")
    with pytest.raises(CommandError, match="没有编号"):
        call_command("export-matter", "0", str(tmp_path / "b.zip"), "--by", "甲", "--purpose", PURPOSE)
    assert (tmp_path / "a.zip").read_text() == "kept"
    assert not (tmp_path / "b.zip").exists()
    assert Entry.objects.count() == before
