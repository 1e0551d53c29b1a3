"""The invented bureau: a city organ, twelve county organs, sixty officers with posts, certificates and accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.hashers import make_password

from fadu.org import services as org
from fadu.org.models import Department, Division, LegalQualification, Officer, Organ, Post, User
from fadu.org.roles import Role

FAMILIES = "李王张刘陈杨赵黄周吴徐孙"
ORDINALS = "一二三四五六七八九十"
CITY = "示例市应急管理局"
SINCE = date(2023, 1, 3)
PASSWORD = "Shili-2026-chengshi"  # printed by the server; the demo city is nobody's secret


@dataclass
class Staff:
    """One organ's people by what they do; ``officers`` are certified."""

    organ: Organ
    officers: list[Officer] = field(default_factory=list)
    reviewer: Officer | None = None
    legal: Officer | None = None
    head: Officer | None = None
    principal: Officer | None = None
    treasurer: Officer | None = None
    publisher: Officer | None = None
    archivist: Officer | None = None
    clerk: Officer | None = None
    admin: Officer | None = None


class Registry:
    """Hands out invented names and certificate numbers in order."""

    def __init__(self) -> None:
        self.count = 0

    def officer(
        self,
        organ: Organ,
        department: Department,
        title: str,
        *roles: Role,
        principal: bool = False,
        certified: bool = False,
    ) -> Officer:
        """A person with one post, a certificate where the post needs one, and an account."""
        number = self.count
        self.count += 1
        name = f"{FAMILIES[number % 12]}示{ORDINALS[number // 12 % 10]}"
        person = Officer.objects.create(name=name, sex="female" if number % 3 == 0 else "male")
        post = Post.objects.create(
            organ=organ, department=department, title=title, roles=[r.value for r in roles], is_principal=principal
        )
        org.appoint(person, post, starts_on=SINCE)
        if certified:
            org.issue_certificate(
                person,
                number=f"示A-{number + 1:04}",
                issuer="示例省人民政府",
                valid_from=date(2024, 1, 1),
                valid_to=date(2028, 12, 31),
            )
        if Role.LEGAL_REVIEWER in roles:
            LegalQualification.objects.create(
                officer=person, number=f"示律{number + 1:04}", obtained_on=date(2016, 9, 1)
            )
        org.create_account(person, username=f"shi{number + 1:02}", password=None, must_change=False)
        return person


def organ(name: str, short: str, prefix: str, division: str, parent: Organ | None) -> Organ:
    """One invented organ."""
    return Organ.objects.create(
        name=name, short=short, prefix=prefix, level="county" if parent else "city", division=Division.objects.get(code=division), parent=parent,
        address="示例路100号", postcode="046000", phone="0355-0000000", reconsideration_body="示例市人民政府", court="示例区人民法院",
        bank_name="示例银行示例支行", bank_account="示000000000001", bank_account_name="示例市财政局",
    )  # fmt: skip


def build() -> list[Staff]:
    """The city first, then the twelve counties in the order of their codes."""
    names = Registry()
    city = organ(CITY, "市局", "示", "1404", None)
    law, field_work, office = (
        Department.objects.create(organ=city, name=n, order=i) for i, n in enumerate(("政策法规科", "执法科", "办公室"))
    )
    staff = Staff(city)
    staff.principal = names.officer(city, office, "局长", principal=True)
    staff.head = names.officer(city, office, "副局长", Role.AGENCY_HEAD)
    staff.reviewer = names.officer(city, field_work, "执法科科长", Role.REVIEWER)
    staff.legal = names.officer(city, law, "政策法规科科员", Role.LEGAL_REVIEWER)
    staff.officers = [
        names.officer(city, field_work, "执法科科员", Role.CASE_OFFICER, certified=True) for _ in range(3)
    ]
    staff.treasurer = names.officer(city, office, "财务人员", Role.TREASURER)
    staff.publisher = names.officer(city, law, "信息公开人员", Role.PUBLISHER)
    staff.archivist = names.officer(city, office, "档案管理员", Role.ARCHIVIST)
    staff.clerk = names.officer(city, office, "办公室科员", Role.CLERK)
    staff.admin = names.officer(city, office, "系统管理员", Role.ADMIN)
    found = [staff]
    for division in Division.objects.filter(parent="1404").order_by("code"):
        found.append(county(names, division, city))
    # last, so that the numbers of the others stay: the two who stand beside the system administrator (三员分立)
    names.officer(city, office, "安全管理员", Role.SECURITY)
    names.officer(city, office, "审计管理员", Role.AUDITOR)
    User.objects.update(password=make_password(PASSWORD))
    return found


def standing() -> list[Staff]:
    """The people of a city that has been built, in the same order, for a second process."""
    found = []
    for one in Organ.objects.order_by("pk"):
        staff = Staff(one)
        for post in Post.objects.filter(organ=one).order_by("pk"):
            person = Officer.objects.get(appointments__post=post)
            roles = post.role_set
            if Role.CASE_OFFICER in roles:
                staff.officers.append(person)
            if post.is_principal:
                staff.principal = person
                staff.head = staff.head or person
            if Role.AGENCY_HEAD in roles and not post.is_principal:
                staff.head = person
            for role, name in (
                (Role.REVIEWER, "reviewer"),
                (Role.LEGAL_REVIEWER, "legal"),
                (Role.PUBLISHER, "publisher"),
            ):
                if role in roles:
                    setattr(staff, name, person)
        found.append(staff)
    return found


def county(names: Registry, division: Division, city: Organ) -> Staff:
    """A county organ: its head, a section head who also reviews in law, and two officers."""
    one = organ(f"示例{division.name}应急管理局", f"{division.name}局", f"示{division.name[:2]}", division.code, city)
    section = Department.objects.create(organ=one, name="执法股", order=1)
    staff = Staff(one)
    staff.principal = staff.head = names.officer(one, section, "局长", principal=True)
    staff.reviewer = names.officer(one, section, "执法股股长", Role.REVIEWER, Role.PUBLISHER)
    staff.legal = staff.publisher = staff.reviewer
    staff.officers = [names.officer(one, section, "执法人员", Role.CASE_OFFICER, certified=True) for _ in range(2)]
    return staff
