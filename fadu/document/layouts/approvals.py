"""Internal approval forms: a ruled form, the facts above, the opinions of officers, reviewer and head below."""

from __future__ import annotations

from fadu.document.layouts.blocks import Block, Sheet, cell, cn_date, grid, joined, label, numbered

COLUMNS = (28, 38, 14, 28, 20, 28)  # mm of the 156 mm between the margins
WIDE = 5


def wide(name: str, value: str | list[str], *, least: int = 0) -> list[Block]:
    """A row whose value takes the whole width."""
    return [label(name), cell(value, cols=WIDE, least=least)]


def two(first: tuple[str, str], second: tuple[str, str]) -> list[Block]:
    """A row of two labelled values."""
    return [label(first[0]), cell(first[1], cols=2), label(second[0]), cell(second[1], cols=2)]


def party_rows(sheet: Sheet) -> list[list[Block]]:
    """All parties of a matter, one under the other."""
    rows = []
    parties = sheet.rows("parties")
    for index, party in enumerate(parties, 1):
        name = "当事人" if len(parties) == 1 else f"当事人{index}"
        rows.append(
            [label(name), cell(party["name"], cols=2), label("证件号码"), cell(party.get("identity") or "", cols=2)]
        )
        rows.append(
            two(("法定代表人\n（负责人）", party.get("representative") or ""), ("联系电话", party.get("phone") or ""))
        )
        rows.append(wide("地址", party.get("address") or ""))
    return rows


def officer_row(sheet: Sheet, name: str = "承办人意见") -> list[Block]:
    """Opinion of the two officers in charge."""
    foot = [f"承办人：{row['name']}　执法证号：{row['certificate']}" for row in sheet.rows("officers")]
    foot.append(sheet.day("officers_on") or "年　月　日")
    return [label(name), cell(sheet["officer_opinion"], cols=WIDE, least=30, foot=foot)]


def opinion_rows(sheet: Sheet) -> list[list[Block]]:
    """Opinions of the chain; blanks for hand and pen while nobody has given one."""
    given = sheet.rows("opinions")
    if not given:
        blank = ("签名：　　　　　　　", "年　月　日")
        return [[label(name), cell("", cols=WIDE, least=26, foot=blank)] for name in ("审核意见", "审批意见")]
    return [
        [
            label(opinion["title"]),
            cell(
                opinion["text"],
                cols=WIDE,
                least=26,
                foot=(joined(opinion.get("post") or "", opinion["name"]), cn_date(opinion["on"])),
            ),
        ]
        for opinion in given
    ]


def form(*rows: list[Block]) -> list[Block]:
    """The whole form as one grid."""
    return [grid(COLUMNS, *rows)]


def filing(sheet: Sheet) -> list[Block]:
    """立案审批表."""
    return form(
        wide("案件名称", sheet["case_name"]),
        wide("案由", sheet["cause"]),
        two(("案件来源", sheet["source"]), ("线索取得时间", sheet.day("received_on"))),
        *party_rows(sheet),
        wide("案件基本情况", sheet["facts"], least=42),
        wide("立案依据", numbered(sheet.lines("basis"))),
        officer_row(sheet),
        *opinion_rows(sheet),
    )


def refusal(sheet: Sheet) -> list[Block]:
    """不予立案审批表."""
    rows = [
        wide("线索名称", sheet["case_name"]),
        two(("线索来源", sheet["source"]), ("取得时间", sheet.day("received_on"))),
        *party_rows(sheet),
        wide("核查情况", sheet["facts"], least=26),
        wide("不予立案\n的理由", sheet["reason"], least=18),
        wide("依据", numbered(sheet.lines("basis"))),
    ]
    if sheet["informing"]:
        rows.append(wide("告知情况", sheet["informing"]))
    return form(*rows, officer_row(sheet), *opinion_rows(sheet))


def plan(sheet: Sheet) -> list[Block]:
    """现场检查方案."""
    start, end = sheet.day("inspect_from"), sheet.day("inspect_to")
    team = [f"{row['name']}（执法证号：{row['certificate']}）" for row in sheet.rows("officers")]
    return form(
        wide("被检查单位", sheet["inspected_name"]),
        wide("地址", sheet["inspected_address"]),
        two(("联系人", joined(sheet["contact"], sheet["contact_phone"])), ("所属行业", sheet["industry"])),
        two(("检查时间", start if start == end else f"{start}至{end}"), ("任务来源", sheet["plan_source"])),
        wide("行政执法人员", "、".join(team)),
        wide("检查内容", numbered(sheet.lines("content")), least=60),
        wide("检查方式", sheet["method"]),
        *opinion_rows(sheet),
        wide("备注", sheet["remarks"], least=12),
    )


def extension(sheet: Sheet) -> list[Block]:
    """整改延期申请审批表: what was asked, what keeps people safe meanwhile, what is decided of each item."""
    decided = [
        f"{row['problem']}：原期限{cn_date(row['due'])}，申请延长至{cn_date(row['asked_until'])}，{row['result']}"
        for row in sheet.rows("items")
    ]
    return form(
        wide("被检查单位", sheet["party_name"]),
        wide("原文书字号", sheet["original_number"]),
        two(("原文书日期", sheet.day("original_on")), ("申请日期", sheet.day("asked_on"))),
        wide("申请的理由", sheet["reason"], least=20),
        wide("整改期间的\n安全防范措施", sheet["safeguards"], least=20),
        wide("逐项决定", numbered(decided), least=40),
        officer_row(sheet),
        *opinion_rows(sheet),
    )


def submission(sheet: Sheet) -> list[Block]:
    """案件处理呈批表."""
    rows = [
        wide("案件名称", sheet["case_name"]),
        *party_rows(sheet),
        wide("违法事实", sheet["facts"], least=32),
        wide("证据", numbered(sheet.lines("evidence"))),
        wide("违反的规定", numbered(sheet.lines("violated"))),
        wide("处罚依据", numbered(sheet.lines("basis"))),
    ]
    if sheet["discretion"]:
        rows.append(wide("裁量情节\n及理由", sheet["discretion"]))
    rows.append(wide("陈述申辩、\n听证及复核\n情况", sheet["defence"], least=14))
    if sheet["review"]:
        rows.append(wide("法制审核情况", sheet["review"]))
    if sheet["discussion"]:
        rows.append(wide("集体讨论情况", sheet["discussion"]))
    rows.append(wide("拟处理意见", sheet["proposal"], least=20))
    return form(*rows, officer_row(sheet), *opinion_rows(sheet))


def transfer(sheet: Sheet) -> list[Block]:
    """案件移送审批表."""
    return form(
        wide("案件名称", sheet["case_name"]),
        wide("受移送机关", sheet["receiving_body"]),
        *party_rows(sheet),
        wide("案情摘要", sheet["facts"], least=30),
        wide("移送理由", sheet["reason"], least=16),
        wide("移送依据", numbered(sheet.lines("basis"))),
        officer_row(sheet, "专案组意见"),
        *opinion_rows(sheet),
    )


def closing(sheet: Sheet) -> list[Block]:
    """结案审批表."""
    return form(
        wide("案件名称", sheet["case_name"]),
        two(("案由", sheet["cause"]), ("立案日期", sheet.day("filed_on"))),
        *party_rows(sheet),
        wide("处理决定文号", sheet["decision_number"] or "无"),
        wide("处理结果", sheet["result"], least=20),
        wide("执行情况", sheet["execution"], least=20),
        officer_row(sheet),
        *opinion_rows(sheet),
    )


def disclosure(sheet: Sheet) -> list[Block]:
    """行政处罚信息公开（撤回）表."""
    rows = [
        wide("案件名称", sheet["case_name"]),
        two(("事项", sheet["act"]), ("办理期限", sheet.day("due_on"))),
        two(("当事人", sheet["party_name"]), ("决定日期", sheet.day("decision_on"))),
        two(("决定书文号", sheet["decision_number"]), ("公开渠道", sheet["channel"])),
        wide("公开内容摘要", sheet["summary"], least=40),
        wide("隐去的信息", sheet["masking"], least=14),
    ]
    if sheet["act"] == "撤回":
        rows.append(wide("撤回理由", sheet["reason"], least=20))
    signed = "　".join(filter(None, (sheet["publisher_post"], sheet["publisher"])))
    checked = cell(sheet["checked"].splitlines(), cols=WIDE, least=24, foot=[signed, sheet.day("signed_on")])
    return form(*rows, [label("核对情况"), checked])


def legal_opinion(sheet: Sheet) -> list[Block]:
    """行政处罚法制审核意见书."""
    checks = []
    for number, row in enumerate(sheet.rows("items"), 1):
        note = f"：{row['note']}" if row.get("note") else ""
        checks.append([label(f"{number}. {row['item']}", cols=2), cell(f"{row['conclusion']}{note}", cols=4)])
    qualification = sheet["reviewer_qualification"]
    foot = [
        f"法制审核人员：{sheet['reviewer']}",
        f"法律职业资格证书号：{qualification}" if qualification else "",
        sheet.day("reviewed_on"),
    ]
    rows = [
        wide("案件名称", sheet["case_name"]),
        *party_rows(sheet),
        two(("送审机构", sheet["submitted_by"]), ("送审日期", sheet.day("submitted_on"))),
        wide("应当审核的情形", numbered(sheet.lines("grounds"))),
        *checks,
        [
            label("法制审核意见"),
            cell(
                ["审核意见：" + sheet["opinion"] + "。", *sheet["opinion_text"].splitlines()],
                cols=WIDE,
                least=40,
                foot=foot,
            ),
        ],
    ]
    return form(*rows, *(opinion_rows(sheet) if sheet.rows("opinions") else []))
