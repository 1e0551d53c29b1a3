"""A small town for tests: a city bureau, two county bureaus and an officer in every role."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from fadu.org import services
from fadu.org.models import Department, Division, Officer, Organ, Post, User
from fadu.org.roles import Role

PASSWORD = "shili-2026-baoding"
SINCE = date(2020, 1, 1)


def organ(name: str, short: str, prefix: str, division: str, parent: Organ | None = None) -> Organ:
    """An organ with everything its papers print."""
    return Organ.objects.create(
        name=name,
        short=short,
        prefix=prefix,
        level="city" if parent is None else "county",
        division=Division.objects.get(code=division),
        parent=parent,
        address="示例市示例路1号",
        postcode="046000",
        phone="0355-2000000",
        reconsideration_body="示例市人民政府",
        court="示例区人民法院",
    )


def officer(
    organ: Organ,
    name: str,
    *roles: Role,
    title: str = "",
    principal: bool = False,
    department: Department | None = None,
) -> Officer:
    """An officer appointed since 2020 to a post of their own."""
    person = Officer.objects.create(name=name, sex="male")
    post = Post.objects.create(
        organ=organ,
        department=department,
        title=title or (roles[0].title if roles else "科员"),
        roles=[role.value for role in roles],
        is_principal=principal,
    )
    services.appoint(person, post, starts_on=SINCE)
    return person


def account(person: Officer, username: str) -> User:
    """An account with `PASSWORD` that need not be changed."""
    return services.create_account(person, username=username, password=PASSWORD, must_change=False)


@dataclass
class Town:
    """示例市应急管理局 and two counties below it; `officers[organ short][role]`."""

    city: Organ
    east: Organ
    west: Organ
    officers: dict[str, dict[Role, Officer]] = field(default_factory=dict)

    def of(self, organ: Organ, role: Role) -> Officer:
        """The officer who holds `role` (and nothing else) in `organ`."""
        return self.officers[organ.short][role]


def build() -> Town:
    """Three organs with ten officers each, one a role."""
    city = organ("示例市应急管理局", "市局", "晋示", "1404")
    east = organ("示例东区应急管理局", "东区局", "晋示东", "140403", city)
    west = organ("示例西区应急管理局", "西区局", "晋示西", "140404", city)
    town = Town(city, east, west)
    for place, one in enumerate((city, east, west)):
        town.officers[one.short] = {
            role: officer(one, f"{'李王张'[place]}示{number}", role, principal=role is Role.PRINCIPAL_HEAD)
            for number, role in enumerate(Role, start=1)
        }
    return town
