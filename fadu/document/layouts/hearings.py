"""Papers of preserved evidence and of the hearing (行政处罚法 56, 63–65)."""

from __future__ import annotations

from fadu.document.layouts.approvals import form, officer_row, opinion_rows, party_rows, wide
from fadu.document.layouts.blocks import (
    BLANK_BELOW,
    Block,
    Sheet,
    cn_date,
    copies,
    ended,
    heading,
    in_brackets,
    joined,
    line,
    matter,
    officer_signs,
    para,
    paras,
    seal,
    sign,
    signs,
    table,
)
from fadu.document.layouts.notices import TWO_COPIES, contact, party_lines, remedies
from fadu.document.layouts.records import team


def _items(sheet: Sheet) -> Block:
    rows = [
        (str(n), r["name"], r.get("spec") or "", r["quantity"], r.get("condition") or "")
        for n, r in enumerate(sheet.rows("items"), 1)
    ]
    return table((12, 50, 36, 22, 36), ("序号", "名称", "规格型号", "数量", "品级、形态"), rows)


def _disposals(sheet: Sheet) -> Block:
    rows = [
        (str(n), r["name"], r["quantity"], r["disposal"], r.get("note") or "")
        for n, r in enumerate(sheet.rows("items"), 1)
    ]
    return table((12, 48, 20, 36, 40), ("序号", "证据物品", "数量", "处理决定", "说明"), rows)


def _listed(sheet: Sheet, *names: str) -> list[str]:
    return [joined(*(str(r.get(name) or "") for name in names)) for r in sheet.rows("items")]


def preservation_approval(sheet: Sheet) -> list[Block]:
    """先行登记保存证据审批表."""
    return form(
        wide("案件名称", sheet["case_name"]),
        *party_rows(sheet),
        wide("先行登记\n保存的理由", sheet["reason"], least=24),
        wide("证据物品", _listed(sheet, "name", "spec", "quantity", "condition"), least=24),
        wide("保存方式\n和地点", joined(sheet["manner"], sheet["place"])),
        officer_row(sheet),
        *opinion_rows(sheet),
    )


def preservation_notice(sheet: Sheet) -> list[Block]:
    """先行登记保存证据通知书, with its list."""
    return [
        *party_lines(sheet, "当事人"),
        para(
            f"因调查{matter(sheet['matter'])}，在证据可能灭失或者以后难以取得的情况下，经本机关负责人批准，依据《行政处罚法》"
            f"第五十六条的规定，自{sheet.day('from_on')}起对下列证据先行登记保存："
        ),
        _items(sheet),
        para(f"保存方式：{sheet['manner']}。保存地点：{sheet['place']}。保管人：{sheet['custodian']}。"),
        para(f"本机关将于{sheet.day('due_on')}前作出处理决定。在此期间，当事人或者有关人员不得销毁或者转移上述证据。"),
        *contact(sheet),
        signs(
            *officer_signs(sheet, "执法人员（签名）", "执法人员"),
            sign("当事人（签名）", image=sheet.drawn("当事人"), dated=True),
        ),
        seal(sheet),
        copies(sheet, TWO_COPIES),
    ]


def disposal_approval(sheet: Sheet) -> list[Block]:
    """先行登记保存证据处理审批表."""
    return form(
        wide("案件名称", sheet["case_name"]),
        *party_rows(sheet),
        wide("登记保存", joined(sheet.day("registered_on"), sheet["notice_number"])),
        wide("处理意见", _listed(sheet, "name", "quantity", "disposal", "note"), least=42),
        officer_row(sheet),
        *opinion_rows(sheet),
    )


def disposal(sheet: Sheet) -> list[Block]:
    """先行登记保存证据处理决定书: one decision on each item."""
    return [
        *party_lines(sheet, "当事人"),
        para(
            f"本机关于{sheet.day('registered_on')}以《先行登记保存证据通知书》{in_brackets(sheet['notice_number'])}对有关证据先行"
            f"登记保存。现依据《行政处罚法》第五十六条的规定，逐件作出处理决定如下："
        ),
        _disposals(sheet),
        *remedies(sheet, "决定书"),
        seal(sheet),
        copies(sheet, TWO_COPIES),
    ]


def hearing_notice(sheet: Sheet) -> list[Block]:
    """行政处罚听证会通知书."""
    closed = f"（{sheet['closed_reason']}）" if sheet["closed_reason"] else ""
    return [
        *party_lines(sheet, "当事人"),
        para(
            f"{sheet.you}就{matter(sheet['matter'])}要求听证。依据《行政处罚法》第六十三条、第六十四条的规定，本机关定于"
            f"{sheet.moment('held_at')}在{sheet['place']}{sheet['manner']}举行听证{closed}。"
        ),
        line(("听证主持人", joined(sheet["host"], sheet["host_post"]), 1.4), ("记录员", sheet["recorder"])),
        *([line(("听证员", sheet["members"]))] if sheet["members"] else []),
        para(
            f"{sheet.you}认为主持人与本案有直接利害关系的，有权申请回避。{sheet.you}可以亲自参加听证，也可以委托一至二人代理；"
            f"委托代理的，应当提交授权委托书。"
        ),
        para("无正当理由拒不出席听证或者未经许可中途退出听证的，视为放弃听证权利，本机关终止听证。听证不收取费用。"),
        *contact(sheet),
        seal(sheet),
        copies(sheet, TWO_COPIES),
    ]


def hearing_record(sheet: Sheet) -> list[Block]:
    """听证笔录: who came, what was put forward and answered, the last words, and that it was read and signed."""
    people = [(r["name"], r["status"], r.get("speakers") or "") for r in sheet.rows("attendance")]
    blocks = [
        line(("案件名称", sheet["case_name"])),
        line(("听证时间", sheet.span("started_at", "ended_at"), 2.2), ("听证方式", sheet["manner"])),
        line(("听证地点", sheet["place"])),
        line(("听证主持人", sheet["host"]), ("听证员", sheet["members"]), ("记录员", sheet["recorder"])),
        para(f"调查人员：{team(sheet)}"),
        table((58, 44, 54), ("当事人", "到场情况", "参加人、代理人"), people),
    ]
    chapters = (
        ("调查人员提出当事人违法的事实、证据和行政处罚建议", "accusation"),
        ("当事人申辩和质证", "defence"),
        ("辩论", "debate"),
        ("当事人最后陈述", "last_words"),
        ("笔录的核对和签名", "confirmation"),
    )
    for title, name in chapters:
        if sheet[name]:
            blocks += [heading(title), *paras(sheet[name])]
    return [
        *blocks,
        BLANK_BELOW,
        signs(
            sign("听证主持人（签名）", name=sheet["host"], image=sheet.drawn("听证主持人")),
            sign("记录员（签名）", name=sheet["recorder"], image=sheet.drawn("记录员")),
            sign("当事人或者代理人（签名或者盖章）", image=sheet.drawn("当事人或者代理人"), dated=True),
        ),
    ]


def hearing_report(sheet: Sheet) -> list[Block]:
    """听证会报告书: the host's opinion on which the decision rests (65)."""
    return [
        line(("案件名称", sheet["case_name"])),
        line(("听证日期", cn_date(sheet["held_on"])), ("听证主持人", sheet["host"])),
        line(("听证员", sheet["members"]), ("记录员", sheet["recorder"])),
        heading("听证会基本情况"),
        *paras(sheet["summary"]),
        heading("听证意见"),
        para(ended(sheet["opinion"])),
        signs(sign("听证主持人（签名）", name=sheet["host"], dated=True)),
    ]
