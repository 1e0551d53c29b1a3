"""Papers after the decision: deferral, surcharge, demand, application to the court, correction; and of a case's end."""

from __future__ import annotations

from fadu.document.layouts.approvals import form, officer_row, opinion_rows, party_rows, two, wide
from fadu.document.layouts.blocks import (
    Block,
    Sheet,
    cn_date,
    copies,
    ended,
    heading,
    in_brackets,
    joined,
    line,
    para,
    paras,
    points,
    seal,
    sign,
    signs,
    table,
    yuan,
)
from fadu.document.layouts.notices import TWO_COPIES, contact, party_lines, remedies


def _plan(sheet: Sheet) -> list[tuple[str, str, str]]:
    return [(f"第{r['nth']}期", cn_date(r["due"]), yuan(r["amount"])) for r in sheet.rows("instalments")]


def _sum(sheet: Sheet, name: str) -> str:
    """An amount in capitals; a blank while it is not filled in."""
    return yuan(sheet[name]) if sheet[name] else "　　　　元"


def _decision(sheet: Sheet) -> str:
    return f"本机关于{sheet.day('decision_on')}作出的《行政处罚决定书》{in_brackets(sheet['decision_number'])}"


def _paying(sheet: Sheet) -> str:
    return f"{sheet['bank_name']}（户名：{sheet['account_name']}，账号或者缴款码：{sheet['bank_account']}）"


def deferral_approval(sheet: Sheet) -> list[Block]:
    """延期（分期）缴纳罚款审批表."""
    return form(
        wide("案件名称", sheet["case_name"]),
        wide("决定书字号", sheet["decision_number"]),
        two(("当事人", sheet["party_name"]), ("地址", sheet["party_address"])),
        wide("违法事实及\n处罚决定", sheet["facts"], least=24),
        wide("申请延期\n（分期）的理由", sheet["reason"], least=20),
        wide("缴纳安排", [joined(*row) for row in _plan(sheet)]),
        officer_row(sheet),
        *opinion_rows(sheet),
    )


def deferral_consent(sheet: Sheet) -> list[Block]:
    """延期（分期）缴纳罚款批准书."""
    return [
        *party_lines(sheet, "当事人"),
        para(
            f"{_decision(sheet)}对{sheet.you}罚款{_sum(sheet, 'amount')}，尚未缴纳{_sum(sheet, 'outstanding')}。根据{sheet.you}的申请，"
            f"依据《行政处罚法》第六十六条第二款的规定，本机关批准{sheet.you}{sheet['manner']}缴纳罚款，安排如下："
        ),
        table((26, 50, 80), ("期次", "缴纳期限", "金额"), _plan(sheet)),
        para(
            "到期不缴纳的，本机关将依法加处罚款，并可以申请人民法院强制执行；申请的期限自暂缓或者分期缴纳罚款期限结束之日起计算"
            "（《行政处罚法》第七十二条）。"
        ),
        seal(sheet),
        copies(sheet, TWO_COPIES),
    ]


def surcharge(sheet: Sheet) -> list[Block]:
    """加处罚款决定书: the standard was told in the decision; the sum never exceeds the fine (行政强制法 45)."""
    spared = f"其中{sheet['not_counted']}不予计算（《行政处罚法》第七十三条第三款）。" if sheet["not_counted"] else ""
    return [
        *party_lines(sheet, "当事人"),
        para(
            f"{_decision(sheet)}对{sheet.you}罚款{_sum(sheet, 'fine')}，缴纳期限至{sheet.day('due_on')}。{sheet.you}逾期尚未缴纳"
            f"{_sum(sheet, 'outstanding')}。"
        ),
        para(
            f"依据《行政处罚法》第七十二条第一款第一项和《行政强制法》第四十五条的规定，本机关决定：自{sheet.day('from_on')}起，"
            f"每日按未缴纳罚款数额的百分之三加处罚款，至缴清之日止，加处罚款的数额不超出罚款的数额。至本决定作出之日，已加处"
            f"{_sum(sheet, 'accrued')}。{spared}"
        ),
        para(f"请将罚款和加处的罚款一并到{_paying(sheet)}缴纳。"),
        *remedies(sheet, "决定书"),
        seal(sheet),
        copies(sheet, TWO_COPIES),
    ]


def demand(sheet: Sheet) -> list[Block]:
    """行政强制执行事先催告书 (行政强制法 54)."""
    owed = [f"缴纳罚款、没收款项{_sum(sheet, 'outstanding')}"]
    if sheet["accrued"]:
        owed.append(f"缴纳加处的罚款{_sum(sheet, 'accrued')}（计算至本催告书之日）")
    return [
        *party_lines(sheet, "当事人"),
        para(
            f"{_decision(sheet)}已经送达{sheet.you}。{sheet.you}没有在规定的期限内履行。依据《行政强制法》第五十四条的规定，现催告{sheet.you}："
        ),
        *points([ended(item) for item in (*owed, *sheet.lines("obligations"))]),
        para(f"款项请到{_paying(sheet)}缴纳。"),
        para(
            f"自本催告书送达之日起十个工作日内仍未履行的，本机关将依法申请人民法院强制执行。{sheet.you}收到本催告书后，有权进行陈述和申辩。"
        ),
        *contact(sheet),
        seal(sheet),
        copies(sheet, TWO_COPIES),
    ]


def court_application(sheet: Sheet) -> list[Block]:
    """强制执行申请书: signed by the head, with its file (行政强制法 55)."""
    return [
        para(f"{sheet['court']}：", indent=False),
        para(f"申请人：{sheet.organ}"),
        *party_lines(sheet, "被申请人"),
        heading("一、申请执行的内容"),
        *points([ended(item) for item in sheet.lines("request")]),
        heading("二、行政处罚决定及其事实、理由和依据"),
        para(f"{_decision(sheet)}已经发生法律效力。"),
        *paras(sheet["facts"]),
        heading("三、复议、诉讼情况"),
        *paras(sheet["remedies_used"]),
        heading("四、催告情况和当事人的意见"),
        *paras(sheet["demanded"]),
        para("依据《行政强制法》第五十三条、第五十四条、第五十五条的规定，特申请贵院强制执行。"),
        heading("附件"),
        *points(sheet.lines("attachments")),
        signs(sign(f"行政机关负责人（签名）{sheet['head_post']}", name=sheet["head"], dated=True)),
        *contact(sheet),
        seal(sheet),
        copies(sheet, "本文书一式两份：一份送人民法院，一份存卷。"),
    ]


def term_extension(sheet: Sheet) -> list[Block]:
    """案件延期审批表."""
    return form(
        wide("案件名称", sheet["case_name"]),
        *party_rows(sheet),
        two(("立案日期", sheet.day("filed_on")), ("原办理期限", sheet.day("due_on"))),
        wide("拟延长至", sheet.day("extended_to")),
        wide("延期的理由", sheet["reason"], least=60),
        officer_row(sheet),
        *opinion_rows(sheet),
    )


def ending_approval(sheet: Sheet) -> list[Block]:
    """案件撤销（终止、中止）审批表."""
    return form(
        wide("案件名称", sheet["case_name"]),
        *party_rows(sheet),
        two(("立案日期", sheet.day("filed_on")), ("拟作处理", sheet["act"])),
        wide("情形", sheet["ground"]),
        wide("事实和理由", sheet["reason"], least=60),
        officer_row(sheet),
        *opinion_rows(sheet),
    )


def correction(sheet: Sheet) -> list[Block]:
    """行政处罚决定变更（撤销）决定书: the organ mends its own error (行政处罚法 75 II)."""
    blocks = [
        *party_lines(sheet, "当事人"),
        para(f"{_decision(sheet)}对{sheet.you}作出下列行政处罚："),
        *points([ended(item) for item in sheet.lines("former")]),
        para(
            f"经审查，{ended(sheet['reason'])}依据《行政处罚法》第七十五条第二款的规定，本机关决定{sheet['effect']}上述决定。"
        ),
    ]
    if sheet.lines("now"):
        blocks += [para("变更后的行政处罚为："), *points([ended(item) for item in sheet.lines("now")])]
    return [*blocks, *remedies(sheet, "决定书"), seal(sheet), copies(sheet, TWO_COPIES)]


def closure_proposal(sheet: Sheet) -> list[Block]:
    """提请关闭生产经营单位的请示: the bureau asks, the government decides (安全生产法 113, 115)."""
    return [
        para(f"{sheet['government']}：", indent=False),
        *party_lines(sheet, "生产经营单位"),
        para("经检查，该单位存在下列重大事故隐患，尚未消除："),
        *points([ended(item) for item in sheet.lines("hazards")]),
        para(f"该单位因违反《安全生产法》，{sheet['window']}受到行政处罚："),
        *points([ended(item) for item in sheet.lines("counted")]),
        *paras(sheet["reason"]),
        para(
            "依据《安全生产法》第一百一十三条第一项、第一百一十五条的规定，提请予以关闭；决定关闭的，由有关部门依法吊销其有关证照。"
            "妥否，请决定。"
        ),
        line(("联系人", sheet["contact"]), ("联系电话", sheet["contact_phone"])),
        seal(sheet),
        copies(sheet, "本文书一式两份：一份报人民政府，一份存卷。"),
    ]
