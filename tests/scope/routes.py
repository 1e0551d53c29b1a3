"""What every route of the program opens, written down by hand: rows of an organ, a list of them, or none at all.

A route that stands in no table fails ``test_every_route_says_what_it_opens``: whoever adds a route says here what it opens,
and the matrix then tries it with everybody. The tables state what the bureau wants, and are not read from the program.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fadu.org.roles import Role

CITY, EAST, WEST = "市局", "东区局", "西区局"
PLACES = (CITY, EAST, WEST)
KEEP_THE_HOUSE = {Role.ADMIN, Role.SECURITY, Role.AUDITOR}  # 三员: they see no matter
LOOK_DOWN = {
    Role.AGENCY_HEAD,
    Role.PRINCIPAL_HEAD,
    Role.LEGAL_REVIEWER,
}  # those of the city answer for the counties too
EVERYBODY = frozenset(Role)
DRAFTERS = frozenset({Role.LEGAL_REVIEWER, Role.REVIEWER, Role.CLERK})
OPERATORS = frozenset({Role.CLERK, Role.REVIEWER, Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD})


def sees_the_east(place: str, role: Role) -> bool:
    """By the bureau's rule: each organ sees its own; of the city those who lead or review the law see the counties."""
    if role in KEEP_THE_HOUSE:
        return False
    return place == EAST or (place == CITY and role in LOOK_DOWN)


@dataclass(frozen=True)
class Opens:
    """One route on rows of an organ.

    rows: the kind of row in the world; more: further arguments; may: who may use the page at all (403 for others);
    right: who is answered with 200 (``owner``: a person who is in charge of that one row).
    posts: it is only posted to, with ``data``; shows: the page tells one of these; organ_only: no organ above sees them;
    city: everybody who works at the city sees them, as the duty desk must.
    """

    rows: str
    right: tuple[str, Role] = (EAST, Role.CASE_OFFICER)
    may: frozenset[Role] = EVERYBODY
    more: dict[str, Any] = field(default_factory=dict)
    posts: bool = False
    shows: tuple[str, ...] = ()
    organ_only: bool = False
    city: bool = False


IMPORT = {"rows": "import", "right": (EAST, Role.CLERK), "may": frozenset({Role.CLERK}), "organ_only": True}
# Routes that open a row: a foreign one is not found (404), whatever the method.
ROWS: dict[str, Opens] = {
    "procedure:matter": Opens("matter", shows=("甲山矿业", "东甲冶炼")),
    "procedure:record": Opens("matter", shows=("甲山矿业", "东甲冶炼")),
    "procedure:export": Opens("matter", (EAST, Role.ARCHIVIST), shows=("甲山矿业", "东甲冶炼")),
    "procedure:act": Opens("matter", more={"step": "reassign"}),
    "procedure:comment": Opens("matter", posts=True),
    "procedure:application": Opens("application", shows=("甲山矿业",)),
    "procedure:opinion": Opens("application", posts=True),
    "procedure:cosign": Opens("application", posts=True),
    "procedure:withdraw": Opens("application", posts=True),
    "procedure:draft": Opens("application", more={"index": 0}),
    "inspection:onsite": Opens("visit", shows=("东甲冶炼",)),
    "inspection:problems": Opens("visit", shows=("东甲冶炼",)),
    "inspection:sign": Opens("visit", shows=("东甲冶炼",)),
    "inspection:reinspect": Opens("visit", shows=("东甲冶炼",)),
    "inspection:preview": Opens("visit", more={"kind": "plan"}),
    "subject:page": Opens("subject", shows=("甲山矿业", "东甲冶炼", "赵示六")),
    "subject:edit": Opens("subject", shows=("甲山矿业", "东甲冶炼", "赵示六")),
    "subject:ledger-page": Opens(**IMPORT, shows=("示例东区台账",)),
    "subject:ledger-progress": Opens(**IMPORT),
    "subject:ledger-confirm": Opens(**IMPORT, posts=True),
    "subject:ledger-rejected": Opens(**IMPORT),
    "document:paper": Opens("paper", shows=("晋示东）",)),
    "document:pdf": Opens("paper"),
    "document:docx": Opens("paper"),
    "document:case_file": Opens("case_file"),
    "record:evidence": Opens("evidence"),
    "record:thumbnail": Opens("evidence"),
    "reminder:open": Opens("reminder", posts=True, organ_only=True),
    **{
        f"power:{name}": Opens("powers", (EAST, Role.CLERK), organ_only=True)
        for name in ("version", "edit", "new_item")
    },
    **{
        f"power:{name}": Opens("powers", (EAST, Role.CLERK), posts=True, organ_only=True)
        for name in ("review", "return", "publish")
    },
    **{f"discretion:{name}": Opens("benchmarks", (EAST, Role.CLERK)) for name in ("set", "xlsx")},
    "discretion:table": Opens("benchmarks", (EAST, Role.CLERK), more={"code": "B07"}),
    "discretion:act": Opens("benchmarks", (EAST, Role.LEGAL_REVIEWER), posts=True, more={"name": "review"}),
    "discretion:pending": Opens("pending", (EAST, Role.CLERK), may=DRAFTERS, organ_only=True),
    **{f"callout:{name}": Opens("callout", (EAST, Role.CLERK), city=True) for name in ("board", "figures", "report")},
    **{
        f"callout:{name}": Opens("callout", (EAST, Role.AGENCY_HEAD), may=OPERATORS, posts=True, city=True)
        for name in ("approve", "cancel", "close")
    },
    "callout:called": Opens("called", (EAST, Role.CLERK), shows=("王示",), city=True),
    "callout:post": Opens("post", (EAST, Role.CLERK), shows=("王示",), city=True),
    "callout:vacate": Opens("post", (EAST, Role.CLERK), posts=True, more={"slot": "A"}, city=True),
    "callout:verify": Opens("post", (EAST, Role.CLERK), posts=True, city=True),
    "callout:import-page": Opens(
        "roster", (EAST, Role.CLERK), may=frozenset({Role.CLERK, Role.REVIEWER}), organ_only=True
    ),
    "response:places-import-page": Opens(
        "guide",
        (EAST, Role.CLERK),
        may=frozenset({Role.CLERK, Role.REVIEWER}),
        shows=("示例东区台账",),
        organ_only=True,
    ),
    "org:revoke": Opens("delegation", (EAST, Role.AGENCY_HEAD), posts=True, organ_only=True),
}

# Routes that show what lies in the reader's scope: lists, exports, search, the desk. With what to ask them, and who may.
LISTS: dict[str, tuple[tuple[str, ...], frozenset[Role]]] = {
    "procedure:desk": (("",), EVERYBODY),
    "procedure:search": (("?q=矿业", "?q=91140400MA0", "?q=晋示东", "?q=赵示", "?q=培训档案", "?q=冶炼"), EVERYBODY),
    "inspection:visits": (("?tab=all", "?tab=all&q=冶炼", "?export=xlsx&tab=all"), EVERYBODY),
    "inspection:findings": (("?tab=all", "?export=xlsx&tab=all"), EVERYBODY),
    "inspection:new": (("", "?subject={subject}"), frozenset({Role.CASE_OFFICER, Role.CLERK, Role.REVIEWER})),
    "inspection:today": (("",), EVERYBODY),
    "penalty:clues": (("?tab=all", "?tab=all&q=矿业", "?export=xlsx&tab=all"), EVERYBODY),
    "penalty:ledger": (("?tab=all", "?tab=all&q=晋示东", "?export=xlsx&tab=all"), EVERYBODY),
    "penalty:new_clue": (("",), frozenset({Role.CASE_OFFICER, Role.CLERK, Role.REVIEWER})),
    "subject:list": (("", "?q=矿业", "?q=91140400MA0", "?export=xlsx"), EVERYBODY),
    "subject:new": (("",), frozenset({Role.CASE_OFFICER, Role.CLERK, Role.REVIEWER})),
    "subject:ledger": (("",), frozenset({Role.CLERK})),
    "record:readings": (("", "?export=xlsx"), frozenset({Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD, Role.AUDITOR})),
    "reminder:list": (("",), EVERYBODY),
    "procedure:of_power": (("", "?export=xlsx"), EVERYBODY),
    "penalty:consistency": (("",), EVERYBODY),
    "callout:list": (("",), EVERYBODY),
    "callout:register": (("",), EVERYBODY),
    "callout:export": (("",), frozenset({Role.CLERK, Role.REVIEWER})),
    "callout:terminals": (("",), EVERYBODY),
    "warning:list": (("",), EVERYBODY),
    "warning:refused": (("", "?tab=all"), EVERYBODY - KEEP_THE_HOUSE),
    "response:list": (("",), EVERYBODY),
    "response:places": (("",), EVERYBODY),
    "response:places-export": (("", "?tab=all"), frozenset({Role.CLERK, Role.REVIEWER})),
    "response:members": (("",), frozenset({Role.CLERK, Role.REVIEWER})),
    "org:delegations": (("",), EVERYBODY),
}

# Rows that the world does not hold, with the test of their own floor that tries them on somebody foreign.
ELSEWHERE: dict[str, str] = {
    **dict.fromkeys(("power:edit_item", "power:remove"), "fadu/power/tests/test_pages.py"),  # two keys in their address
    **dict.fromkeys(("warning:refusal", "warning:refusal-raw"), "fadu/warning/tests/test_refusals.py"),
    **dict.fromkeys(
        # a warning is no organ's
        ("warning:page", "callout:start", "callout:compare"),
        "fadu/callout/tests/test_pages.py",
    ),
    **dict.fromkeys(
        ("callout:terminal", "callout:renew-key", "callout:page-of"), "fadu/callout/tests/test_channels.py"
    ),
    **dict.fromkeys(
        (
            "inspection:checklist",
            "inspection:checklist_xlsx",
            "inspection:edit_checklist",
            "inspection:act_on_checklist",
            "inspection:draft_checklist",
            "inspection:compare_checklists",
            "inspection:new_item",
            "inspection:item",
            "inspection:edit_item",
            "inspection:remove_item",
            "inspection:move_item",
            "inspection:pending_checklist",
        ),
        "fadu/inspection/tests/test_checklist_pages.py",
    ),
    **dict.fromkeys(
        ("response:page", "response:task", "response:open", "response:place"), "fadu/response/tests/test_pages.py"
    ),
}  # fmt: skip

# Routes on no organ's rows: the law, one's own account, the directory of the bureau, and the pages of the three
# administrators. Who may use them at all; whoever may not is answered with 403.
ROWLESS: dict[str, frozenset[Role]] = {
    **dict.fromkeys(
        (
            "org:logout", "org:account", "org:password", "org:factor", "org:begin_factor", "org:confirm_factor",
            "org:renew_factor", "org:people", "org:officer", "org:organ", "reminder:read_all", "reminder:preferences",
            "power:powers", "power:versions", "power:item", "discretion:sets", "discretion:example",
            "inspection:checklists", "law:check_penalty", "law:import_discard", "response:rules", "api:openapi-json",
            "api:openapi-view",
        ),
        EVERYBODY,
    ),
    "power:new": frozenset({Role.LEGAL_REVIEWER, Role.REVIEWER, Role.CLERK}),
    "discretion:import": frozenset({Role.LEGAL_REVIEWER, Role.REVIEWER, Role.CLERK}),
    "response:place-new": frozenset({Role.CLERK, Role.REVIEWER}),
    "response:places-import": frozenset({Role.CLERK, Role.REVIEWER}),
    "inspection:import_checklist": frozenset({Role.LEGAL_REVIEWER, Role.REVIEWER, Role.CLERK}),
    "callout:import": frozenset({Role.CLERK, Role.REVIEWER}),
    "callout:new-terminal": frozenset({Role.CLERK, Role.REVIEWER}),
    "callout:channels": frozenset({Role.CLERK, Role.REVIEWER, Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD}),
    "warning:take": frozenset({Role.CLERK, Role.REVIEWER, Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD}),
    "law:import": frozenset({Role.ADMIN}),
    "law:import_confirm": frozenset({Role.ADMIN}),
    "reminder:deliveries": frozenset({Role.ADMIN}),
    "org:security": frozenset({Role.SECURITY}),
    "org:decide_grant": frozenset({Role.SECURITY}),
    "org:unlock_address": frozenset({Role.SECURITY}),
    "org:act_on_account": frozenset({Role.SECURITY}),
    "org:logins": frozenset({Role.AUDITOR}),
    "org:changes": frozenset({Role.AUDITOR}),
}  # fmt: skip

# Open to everybody, without login.
PUBLIC = {
    "healthz", "readyz", "metrics", "favicon", "admin:login", "org:login", "org:code", "org:provider", "org:callback",
    "publicity:home", "publicity:decisions", "publicity:decision", "publicity:procedures", "procedure:procedure",
    "document:lookup", "document:verify", "record:seals", "record:seals_json", "law:statutes", "law:provisions",
    "law:provision", "law:parameters", "law:holidays", "law:holidays_of", "law:search", "law:statute", "law:differences",
    "law:article", "ui:styleguide", "ui:styleguide_ledger", "ui:styleguide_phone", "ui:styleguide_public",
    "ui:styleguide_refusal", "power:public", "power:public_item", "power:print", "power:flow_svg", "power:flow_bpmn",
    "power:risk_svg", "discretion:public", "discretion:public_xlsx", "discretion:ask", "discretion:public_table",
    "callout:answer", "callout:receipts", "callout:receipts-with-key", "callout:mine", "callout:shown", "warning:push",
    "response:guide", "response:liaison",
    "inspection:public_checklists", "inspection:public_checklist",
    "inspection:public_checklist_xlsx", "inspection:public_item", "inspection:hazard_standards",
    "inspection:hazard_standard",
}  # fmt: skip
# The API: no login page but 401, and the description of what is there stays behind the login.
API = {"api:check_penalty", "api:api-root"}
# What the public pages show, for machines: without login.
OPEN_API = {"api:powers", "api:power", "api:benchmarks", "api:benchmark", "api:judge", "api:checklists", "api:checklist",
            "api:checklist_item", "api:hazard_standards", "api:hazard_standard"}  # fmt: skip
# 基础数据 (Django's admin): of organs, people and law only; for 系统管理员.
ADMIN_OF = {"org", "law"}

# How to reach a route that needs arguments and opens no row of an organ (or, on the public site, an eastern one).
ARGUMENTS: dict[str, dict[str, Any]] = {
    "org:officer": {"pk": "officer"},
    "org:organ": {"pk": "organ"},
    "org:decide_grant": {"pk": 1},
    "org:act_on_account": {"pk": "user", "what": "unlock"},
    "subject:new": {"kind": "unit"},
    "publicity:decision": {"pk": "disclosure"},
    "procedure:procedure": {"code": "penalty.ordinary"},
    "document:verify": {"code": "verify"},
    "law:provision": {"key": "wsl_97_p1_i4"},
    "law:holidays_of": {"year": 2026},
    "law:statute": {"code": "wsl"},
    "law:differences": {"code": "wsl"},
    "law:article": {"code": "wsl", "key": "97"},
    "ui:styleguide_refusal": {"status": 404},
    "power:item": {"code": "B010"},
    "procedure:of_power": {"code": "B010"},
    **{
        name: {"code": "B010"}
        for name in ("power:public_item", "power:print", "power:flow_svg", "power:flow_bpmn", "power:risk_svg")
    },
    "discretion:public_table": {"code": "B10"},
    "callout:answer": {"token": "nobody"},
    "callout:receipts": {"account": "nobody"},
    "callout:receipts-with-key": {"account": "nobody", "key": "nothing"},
    "callout:mine": {"token": "nobody"},
    "callout:shown": {"token": "nobody"},
    "response:liaison": {"token": "nobody"},
    "inspection:public_checklist": {"code": "mine"},
    "inspection:public_checklist_xlsx": {"code": "mine"},
    "inspection:public_item": {"code": "mine", "item": "N-01"},
    "inspection:hazard_standard": {"code": "KCB88"},
}
