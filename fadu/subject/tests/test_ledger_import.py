"""From the file into the register: written once, recorded, by whom and for which area; the page and the command."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from fadu.org.models import Officer
from fadu.org.roles import Role
from fadu.org.tests import universe as people
from fadu.record import queries as record
from fadu.record.models import Entry
from fadu.subject.models import Contact, LedgerImport, LedgerRow, Subject, SubjectChange
from fadu.subject.services import batches
from fadu.subject.tests import universe
from fadu.subject.tests.books import HEADER, code, good, save


@pytest.fixture
def town(db: None) -> people.Town:
    return people.build()


def client_of(person: Officer) -> Client:
    client = Client()
    client.force_login(people.account(person, f"user-{person.pk}"))
    return client


def work_off() -> None:
    """Run the jobs that wait, as the worker would, within the test's transaction."""
    for job in ProcrastinateJob.objects.filter(status="todo", task_name__startswith="subject.ledger").order_by("id"):
        {"subject.ledger_check": batches.check, "subject.ledger_import": batches.import_}[job.task_name](
            job.args["batch"]
        )


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Progress goes over a connection of its own, which cannot see the rows of a test's transaction."""
    said: list[tuple[int, int]] = []
    monkeypatch.setattr(batches._Side, "__call__", lambda self, done, total: said.append((done, total)))
    return said


def command(*args: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command("import-enterprises", *map(str, args), "--json", stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


def snapshot() -> tuple[Any, ...]:
    """Everything an import could touch."""
    return (
        list(Subject.objects.order_by("pk").values()), list(Contact.objects.order_by("pk").values()),
        SubjectChange.objects.count(), Entry.objects.count(),
    )  # fmt: skip


class TestWriting:
    """写入"""

    def test_a_preview_writes_nothing(self, town, tmp_path):
        before = snapshot()
        said = command(save(tmp_path / "a.xlsx", [HEADER, good(1), good(2, 企业名称=None)]), "--preview")
        assert [(row["row"], row["outcome"]) for row in said["rows"]] == [(2, "accept"), (3, "reject")]
        assert set(said) == {"rows"}
        assert snapshot() == before

    def test_every_value_arrives_and_is_recorded(self, town, tmp_path):
        said = command(
            save(
                tmp_path / "a.xlsx",
                [HEADER, good(1, 联系电话=13912345678, 许可证有效期至="长期", 经度=36.2, 纬度=113.1)],
            )
        )
        assert said["summary"] == {"created": 1, "updated": 0, "unchanged": 0, "rejected": 0}
        one = Subject.objects.get()
        assert (one.name, one.uscc, one.kind, one.division_id, one.organ, one.risk, one.workforce) == (
            "示例1有限公司", code(1), "unit", "140403", town.east, "1", 60,
        )  # fmt: skip
        assert (one.established_on, one.permit_until) == (date(2021, 3, 5), date.max)
        assert (str(one.longitude), str(one.latitude)) == ("113.100000", "36.200000")
        assert [(c.role, c.phone) for c in one.contacts.all()] == [("other", "13912345678")]
        entry = record.timeline(f"subject/{one.pk}").get()
        assert (entry.act, entry.title) == ("subject.register", "登记监管对象")
        assert "13912345678" not in entry.body
        assert record.verify_chain(f"subject/{one.pk}").ok
        act = Entry.objects.get(act="subject.import")
        assert json.loads(act.body)["after"]["新登记"] == 1
        assert [change.after["许可证有效期至"] for change in one.changes.all()] == ["长期"]
        client = client_of(town.of(town.east, Role.CLERK))
        assert one.name in client.get("/subject/", {"q": "示例1"}).content.decode(), "it can be found at once"
        assert "长期有效" in client.get(f"/subject/{one.pk}/").content.decode()

    def test_a_second_import_changes_nothing(self, town, tmp_path):
        path = save(
            tmp_path / "a.xlsx", [HEADER, good(1, 风险等级="红"), good(2, 成立日期="2021"), good(3, 企业名称="")]
        )
        command(path)
        before = snapshot()
        said = command(path)
        assert said["summary"] == {"created": 0, "updated": 0, "unchanged": 2, "rejected": 1}
        assert snapshot() == before

    def test_changes_are_written_with_what_was_before_and_empty_cells_leave_what_is_stored(self, town, tmp_path):
        one = universe.enterprise(
            town.east, "示例1有限公司", 1, uscc=code(1), risk="2", workforce=50, principal="王示乙"
        )
        header = [*HEADER, "主要负责人"]
        said = command(save(tmp_path / "a.xlsx", [header, [*good(1, 从业人数=None), None]]))
        assert said["summary"]["updated"] == 1
        again = Subject.objects.get()
        assert (again.pk, again.risk, again.workforce, again.principal, again.version) == (one.pk, "1", 50, "王示乙", 2)
        change = again.changes.first()
        assert (change.before["风险等级"], change.after["风险等级"]) == ("橙（较大风险）", "红（重大风险）")
        assert "从业人员数" not in change.after
        assert record.timeline(f"subject/{one.pk}").count() == 2

    def test_a_known_enterprise_stays_with_its_organ_and_in_its_township(self, town, tmp_path):
        from fadu.org.models import Division

        place = Division.objects.filter(parent="140403").first()
        universe.enterprise(town.city, "示例1有限公司", 1, uscc=code(1), division=place)
        command(save(tmp_path / "a.xlsx", [HEADER, good(1)]))
        one = Subject.objects.get()
        assert (one.organ, one.division) == (town.city, place)

    def test_an_individual_business_and_a_development_zone(self, town, tmp_path):
        rows = [HEADER, good(1, 统一社会信用代码=universe.code(1, "92")), good(2, 所属县区="高新区")]
        command(save(tmp_path / "a.xlsx", rows))
        found = {one.kind: (one.division_id, one.organ) for one in Subject.objects.all()}
        assert found == {"individual_business": ("140403", town.east), "unit": ("1404", town.city)}

    def test_a_telephone_in_an_address_does_not_stop_the_import_and_stays_out_of_the_record(self, town, tmp_path):
        command(save(tmp_path / "a.xlsx", [[*HEADER, "地址"], [*good(1), "示例路1号（13912345678）"]]))
        one = Subject.objects.get()
        assert one.address == "示例路1号（13912345678）"
        assert "13912345678" not in record.timeline(f"subject/{one.pk}").get().body

    def test_without_an_organ_nothing_is_written(self, db, tmp_path):
        with pytest.raises(CommandError, match="没有应急管理局") as refused:
            command(save(tmp_path / "a.xlsx", [HEADER, good(1)]))
        assert refused.value.returncode == 2
        assert not Subject.objects.exists()

    def test_a_file_that_is_no_ledger_ends_with_status_two(self, town, tmp_path):
        path = tmp_path / "a.xlsx"
        path.write_bytes("名称,代码".encode())
        with pytest.raises(CommandError, match="文本文件") as refused:
            command(path, "--preview")
        assert refused.value.returncode == 2


def upload(client: Client, path: Path) -> Any:
    return client.post(reverse("subject:ledger"), {"file": SimpleUploadedFile("台账.xlsx", path.read_bytes())})


@pytest.mark.usefixtures("told")
class TestPage:
    """页面：谁可以导入、预览、确认、退回"""

    @pytest.mark.parametrize("role", Role, ids=lambda role: role.title)
    def test_only_the_clerk_imports(self, town, tmp_path, role):
        client = client_of(town.of(town.east, role))
        allowed = role is Role.CLERK
        assert client.get(reverse("subject:ledger")).status_code == (200 if allowed else 403)
        sent = upload(client, save(tmp_path / "a.xlsx", [HEADER, good(1)]))
        assert sent.status_code == (302 if allowed else 403)
        assert LedgerImport.objects.exists() is allowed
        assert ("导入台账" in client.get("/subject/").content.decode()) is allowed

    def test_visitors_are_sent_to_the_login(self, client, town):
        for name in ("ledger", "ledger-page", "ledger-progress", "ledger-rejected"):
            url = reverse(f"subject:{name}", args=[1] if name != "ledger" else [])
            assert client.get(url)["Location"].startswith("/login/")
        assert client.post(reverse("subject:ledger-confirm", args=[1]))["Location"].startswith("/login/")

    def test_another_organs_import_is_not_there(self, town, tmp_path):
        upload(
            client_of(town.of(town.east, Role.CLERK)),
            save(tmp_path / "a.xlsx", [HEADER, good(1), good(2, 企业名称=None)]),
        )
        work_off()
        batch = LedgerImport.objects.get()
        for organ in (town.west, town.city):
            other = client_of(town.of(organ, Role.CLERK))
            for name in ("page", "progress", "rejected"):
                assert other.get(reverse(f"subject:ledger-{name}", args=[batch.pk])).status_code == 404
            assert other.post(reverse("subject:ledger-confirm", args=[batch.pk])).status_code == 404
        assert not Subject.objects.exists()

    def test_from_the_file_to_the_register(self, town, tmp_path):
        client = client_of(town.of(town.east, Role.CLERK))
        rows = [HEADER, good(1), good(2, 所属县区="城区", 从业人数="约60人"), good(3, 统一社会信用代码=code(3)[:17])]
        url = upload(client, save(tmp_path / "a.xlsx", rows))["Location"]
        assert "hx-get" in client.get(url).content.decode(), "it asks again while the job is at work"
        work_off()
        assert not Subject.objects.exists()
        shown = client.get(url).content.decode()
        for words in (
            "D3 所属县区",
            "<del>城区</del>",
            "潞州区",
            "约60人",
            "C4 统一社会信用代码",
            "现在是17位",
            "确认导入",
        ):
            assert words in shown
        rejected = client.get(url, {"view": "reject"}).content.decode()
        assert "第4行" in rejected
        assert "第2行" not in rejected
        batch = LedgerImport.objects.get()
        assert client.post(reverse("subject:ledger-confirm", args=[batch.pk])).status_code == 302
        assert client.post(reverse("subject:ledger-confirm", args=[batch.pk])).status_code == 409, "once"
        work_off()
        assert set(Subject.objects.values_list("uscc", flat=True)) == {code(1), code(2)}
        assert "新登记 <b>2</b>" in client.get(url).content.decode()
        assert client.get(reverse("subject:ledger-progress", args=[batch.pk]))["HX-Refresh"] == "true"
        assert SubjectChange.objects.filter(by=town.of(town.east, Role.CLERK)).count() == 2

    def test_the_job_done_twice_writes_once(self, town, tmp_path):
        client = client_of(town.of(town.east, Role.CLERK))
        upload(client, save(tmp_path / "a.xlsx", [HEADER, good(1)]))
        work_off()
        batch = LedgerImport.objects.get()
        client.post(reverse("subject:ledger-confirm", args=[batch.pk]))
        work_off()
        before = snapshot()
        batches.import_(batch.pk)
        batches.check(batch.pk)
        assert snapshot() == before

    def test_a_county_clerk_imports_for_the_own_county_only(self, town, tmp_path):
        universe.enterprise(town.city, "示例3有限公司", 3, uscc=code(3))
        rows = [HEADER, good(1), good(2, 所属县区="上党区"), good(3), good(4, 所属县区="高新区")]
        upload(client_of(town.of(town.east, Role.CLERK)), save(tmp_path / "a.xlsx", rows))
        work_off()
        found = {row.row: [error["code"] for error in row.told["errors"]] for row in LedgerRow.objects.all()}
        assert found == {2: [], 3: ["county_not_yours"], 4: ["kept_by_other_organ"], 5: ["county_not_yours"]}

    def test_the_city_clerk_imports_for_all_counties(self, town, tmp_path):
        client = client_of(town.of(town.city, Role.CLERK))
        upload(client, save(tmp_path / "a.xlsx", [HEADER, good(1), good(2, 所属县区="上党区")]))
        work_off()
        client.post(reverse("subject:ledger-confirm", args=[LedgerImport.objects.get().pk]))
        work_off()
        assert {one.uscc: one.organ for one in Subject.objects.all()} == {code(1): town.east, code(2): town.west}

    def test_the_rejected_rows_come_back_mended_and_are_taken(self, town, tmp_path):
        client = client_of(town.of(town.east, Role.CLERK))
        rows = [["某局台账"], HEADER, good(1), good(2, 所属县区=None, 成立日期="2021-02-30", 联系电话=13912345678)]
        upload(client, save(tmp_path / "a.xlsx", rows, merges=["A1:K1", "D3:D4"]))
        work_off()
        batch = LedgerImport.objects.get()
        content = b"".join(client.get(reverse("subject:ledger-rejected", args=[batch.pk])).streaming_content)
        book = openpyxl.load_workbook(io.BytesIO(content))
        sheet = book.active
        assert "成立日期：“2021-02-30”：日历上没有这一天" in sheet["A2"].value
        titles = {cell.value: cell.column for cell in sheet[1]}
        assert sheet.cell(2, titles["所属县区"]).value == "潞州区", "the merged county comes along"
        sheet.cell(2, titles["成立日期"]).value = "2021-02-28"
        mended = tmp_path / "b.xlsx"
        book.save(mended)
        said = command(mended)
        assert said["summary"]["created"] == 1
        one = Subject.objects.get()
        assert (one.uscc, one.established_on, one.contacts.get().phone) == (code(2), date(2021, 2, 28), "13912345678")

    @pytest.mark.parametrize(
        ("content", "told"), [(b"a,b", "文本文件"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, ".xls")]
    )
    def test_another_file_is_refused_at_the_field(self, town, content, told):
        client = client_of(town.of(town.east, Role.CLERK))
        answer = client.post(reverse("subject:ledger"), {"file": SimpleUploadedFile("a.xlsx", content)})
        assert answer.status_code == 422
        assert told in answer.content.decode()
        assert client.post(reverse("subject:ledger")).status_code == 422
        assert not LedgerImport.objects.exists()

    def test_a_workbook_without_a_ledger_is_told_on_its_page(self, town, tmp_path):
        client = client_of(town.of(town.east, Role.CLERK))
        url = upload(client, save(tmp_path / "a.xlsx", [["甲", "乙"], [1, 2]]))["Location"]
        work_off()
        assert "没有找到表头" in client.get(url).content.decode()

    def test_looking_never_writes(self, town, tmp_path):
        client = client_of(town.of(town.east, Role.CLERK))
        url = upload(client, save(tmp_path / "a.xlsx", [HEADER, good(1), good(2, 企业名称=None)]))["Location"]
        work_off()
        batch = LedgerImport.objects.get()
        for name in ("page", "progress", "rejected"):
            client.get(reverse(f"subject:ledger-{name}", args=[batch.pk]))
        assert client.get(reverse("subject:ledger-confirm", args=[batch.pk])).status_code == 405
        client.get(url, {"view": "fix", "page": "9"})
        batch.refresh_from_db()
        assert batch.state == "checked"


@pytest.mark.django_db(transaction=True)
def test_the_worker_checks_and_imports_with_progress(tmp_path):
    town = people.build()
    client = client_of(town.of(town.city, Role.CLERK))
    upload(client, save(tmp_path / "a.xlsx", [HEADER, *(good(number) for number in range(1, 1201))]))
    batch = LedgerImport.objects.get()

    def run() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker, ThreadPoolExecutor(1) as thread:
            thread.submit(worker.run_worker, wait=False, install_signal_handlers=False, listen_notify=False).result(120)

    run()
    batch.refresh_from_db()
    assert (batch.state, batch.done, batch.total) == ("checked", 1200, 1200)
    client.post(reverse("subject:ledger-confirm", args=[batch.pk]))
    run()
    batch.refresh_from_db()
    assert (batch.state, batch.counts["created"]) == ("done", 1200)
    assert Subject.objects.count() == 1200
