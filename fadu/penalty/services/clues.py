"""The one register of clues: visit, complaint, transfer, accident, assignment; each ends filed or not filed."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from fadu.inspection.models import Visit
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent
from fadu.kernel.memory import remembering
from fadu.org import queries as org
from fadu.org.models import Officer, Organ
from fadu.org.roles import Role
from fadu.penalty.models import CaseParty, PenaltyCase
from fadu.procedure.services.matters import open_matter
from fadu.subject.models import Subject

MAY_REGISTER = frozenset({Role.CASE_OFFICER, Role.CLERK, Role.REVIEWER})


@remembering()
@transaction.atomic
def register_clue(
    *,
    organ: Organ,
    by: Officer | None,
    source: str,
    cause: str,
    clue: str,
    subject: Subject | None,
    received_on: date,
    found_on: date,
    source_detail: str = "",
    informant: str = "",
    visit: Visit | None = None,
    on: date | None = None,
) -> PenaltyCase:
    """Register a clue (线索登记) and start the period in which it is decided whether to file (行政处罚法 54 II).

    ``by`` None means that a step below led to it (移交立案). Raises NotCompetent or Invalid.
    """
    on = on or clock.today()
    if by is not None and not org.roles_of(by, on, organ) & MAY_REGISTER:
        raise NotCompetent("登记线索须是本机关的承办、内勤或者审核岗位。")
    if received_on > on:
        raise Invalid({"received_on": "线索取得日期不能晚于今天。"})
    if found_on > received_on:
        raise Invalid({"found_on": "发现之日不能晚于线索取得日期。"})
    title = f"{subject.name}{cause}" if subject else cause
    case = open_matter(
        PenaltyCase, "penalty.ordinary", organ=organ, title=title[:200], by=by, on=on, series="penalty", act="登记线索",
        note=dict(PenaltyCase.Source.choices)[source], after={"source": source, "visit": visit.pk if visit else None}, runs_from=received_on,
        source=source, source_detail=source_detail, informant=informant, visit=visit, cause=cause, clue=clue,
        received_on=received_on, found_on=found_on, party_names=subject.name if subject else "",
        division=subject.division if subject else None, place=(subject.site_address or subject.address) if subject else "",
    )  # fmt: skip
    if subject is not None:
        add_subject(case, subject, ordinal=1)
    return case


def add_subject(case: PenaltyCase, subject: Subject, *, ordinal: int = 0) -> CaseParty:
    """Make an enterprise a party of the case, with its particulars as they are today; the next one, or of that number."""
    return CaseParty.objects.create(
        case=case, ordinal=ordinal or case.parties.count() + 1, subject=subject,
        kind="individual_business" if subject.kind == "individual_business" else ("person" if subject.kind == "person" else "unit"),
        name=subject.name, identity=subject.uscc or subject.id_number, representative=subject.legal_representative,
        representative_post="法定代表人" if subject.kind == "unit" else "经营者", sex=subject.get_sex_display() if subject.sex else "", born_on=subject.born_on,
        employer=subject.employer, address=subject.site_address or subject.address,
    )  # fmt: skip
