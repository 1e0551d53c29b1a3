"""Finding subjects: what a scope shows, search by name or code, and who may see or change what."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from fadu.kernel import clock
from fadu.kernel.grams import folded, needed
from fadu.org.models import Officer, Organ
from fadu.org.queries import Scope, organs_of, roles_of
from fadu.org.roles import Role
from fadu.subject import uscc as code
from fadu.subject.models import LedgerImport, Subject

# Who enters and corrects subjects of the own organ, and who telephones them.
KEEPERS = frozenset({Role.CLERK, Role.CASE_OFFICER, Role.REVIEWER})
# A whole ledger is desk work: 内勤 imports it, case officers keep single subjects.
IMPORTERS = frozenset({Role.CLERK})
CALLERS = KEEPERS | {Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD}


def visible(scope: Scope) -> QuerySet[Subject]:
    """The subjects a scope shows; everything on pages, in exports and in choices starts here."""
    return scope.filter(Subject.objects.all())


def containing(wanted: str) -> Q:
    """The rows, of any table that keeps ``search_text`` and ``grams``, whose text contains the folded ``wanted``."""
    # position() and not LIKE: for LIKE the planner expects next to no rows and joins 60,000 one by one
    return Q(GreaterThan(StrIndex(F("search_text"), Value(wanted)), 0), grams__contains=needed(wanted))


def search(rows: QuerySet[Subject], text: str) -> QuerySet[Subject]:
    """Those of `rows` whose name or unified social credit code contains `text` (blanks, case and width do not matter)."""
    wanted = folded(text).replace("-", "") if code.is_valid(code.normalised(text)) else folded(text)
    if not wanted:
        return rows
    return rows.filter(containing(wanted))


def within(rows: QuerySet[Subject], division: str) -> QuerySet[Subject]:
    """Those of `rows` in a division or in any below it."""
    return rows.filter(division__code__startswith=division)


def by_uscc(text: str) -> Subject | None:
    """The subject with this code, in any organ; None when there is none."""
    normal = code.normalised(text)
    return Subject.objects.filter(uscc=normal).select_related("organ").first() if normal else None


def may_keep(officer: Officer | None, subject: Subject) -> bool:
    """Whether the officer may change the subject: a keeper's post in the organ that supervises it."""
    return bool(roles_of(officer, clock.today(), subject.organ) & KEEPERS)


def may_call(officer: Officer | None, subject: Subject) -> bool:
    """Whether telephone numbers are shown in full: to those of the supervising organ who work on the subject."""
    return bool(roles_of(officer, clock.today(), subject.organ) & CALLERS)


def importing_organs(officer: Officer, on: date) -> list[Organ]:
    """The organs for whose area the officer may import a ledger: where the post of the day is that of 内勤."""
    return [organ for organ in organs_of(officer, on) if roles_of(officer, on, organ) & IMPORTERS]


def ledger_imports(officer: Officer, on: date) -> QuerySet[LedgerImport]:
    """The imports the officer sees: those of the organs for which they may import; nobody else's telephone numbers."""
    return LedgerImport.objects.filter(organ__in=importing_organs(officer, on)).select_related("organ")
