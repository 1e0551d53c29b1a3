"""Papers addressed to a party or another authority: running text, remedies, organ, date and seal."""

from __future__ import annotations

from decimal import Decimal

from fadu.document.layouts.blocks import (
    Block,
    Sheet,
    articles,
    cn_date,
    copies,
    ended,
    heading,
    in_brackets,
    line,
    matter,
    officer_signs,
    para,
    paras,
    points,
    seal,
    sign,
    signs,
    table,
    unended,
    yuan,
)

TWO_COPIES = "本文书一式两份：一份送达当事人，一份存卷。"


def party_lines(sheet: Sheet, role: str) -> list[Block]:
    """Who the party is, as the head of a notice or decision."""
    name = sheet["party_name"]
    if sheet.is_person:
        return [
            line((role, name, 1.4), ("性别", sheet["party_sex"], 0.7), ("年龄", sheet["party_age"], 0.7)),
            line(("身份证号", sheet["party_id_no"], 1.2), ("联系电话", sheet["party_phone"])),
            line(("家庭住址", sheet["party_home_address"])),
            line(("所在单位", sheet["party_employer"], 1.4), ("职务", sheet["party_post"])),
            line(("单位地址", sheet["party_employer_address"])),
        ]
    return [
        line((role, name)),
        line(("统一社会信用代码", sheet["party_uscc"], 1.6), ("邮政编码", sheet["party_postcode"])),
        line(("地址", sheet["party_address"])),
        line(
            ("法定代表人（负责人）", sheet["party_legal_rep"], 1.5),
            ("职务", sheet["party_legal_rep_post"]),
            ("联系电话", sheet["party_phone"], 1.3),
        ),
    ]


def remedies(sheet: Sheet, paper: str) -> list[Block]:
    """Ways and terms of remedy: 60 days (《行政复议法》第二十条第一款) and 6 months (《行政诉讼法》第四十六条第一款)."""
    return [
        para(
            f"如不服本{paper}，可以自收到本{paper}之日起60日内向{sheet['reconsideration_body']}申请行政复议，"
            f"或者自收到本{paper}之日起6个月内向{sheet['court']}提起行政诉讼。"
            f"行政复议、行政诉讼期间，本{paper}不停止执行，法律另有规定的除外。"
        )
    ]


def sanctions(sheet: Sheet) -> list[str]:
    """Each sanction in words, amounts in capitals."""
    found = []
    for row in sheet.rows("penalties"):
        amount = row.get("amount")
        detail = (row.get("detail") or "").strip()
        sentence = row["kind"] + (yuan(amount) if amount not in (None, "") else "")
        found.append(
            f"{sentence}（{unended(detail)}）"
            if detail and amount not in (None, "")
            else sentence + (f"：{unended(detail)}" if detail else "")
        )
    return found


def fined(sheet: Sheet) -> Decimal:
    """Sum of all amounts to be paid."""
    return sum(
        (Decimal(str(row["amount"])) for row in sheet.rows("penalties") if row.get("amount") not in (None, "")),
        Decimal(0),
    )


def contact(sheet: Sheet) -> list[Block]:
    """Where the organ can be reached."""
    return [
        line(("机关地址", sheet["organ_address"], 1.6), ("邮政编码", sheet["organ_postcode"])),
        line(("联系人", sheet["contact"]), ("联系电话", sheet["contact_phone"])),
    ]


def case_against(sheet: Sheet) -> list[Block]:
    """Facts, evidence, what was violated and the basis, as a notice states them."""
    blocks = [heading("违法事实"), *paras(sheet["facts"])]
    if sheet.lines("evidence"):
        blocks += [heading("主要证据"), *points(sheet.lines("evidence"))]
    blocks += [
        heading("理由和依据"),
        para(
            f"上述行为涉嫌违反{articles(sheet.lines('violated'))}的规定。依据{articles(sheet.lines('basis'))}的规定，"
            f"本机关拟对{sheet.you}作出下列行政处罚："
        ),
        *points([ended(sanction) for sanction in sanctions(sheet)]),
    ]
    if sheet["discretion"]:
        blocks += [para(f"裁量情节及理由：{ended(sheet['discretion'])}")]
    return blocks


def advance_notice(sheet: Sheet) -> list[Block]:
    """行政处罚告知书."""
    rights = (
        f"依据《行政处罚法》第四十四条、第四十五条的规定，{sheet.you}有权进行陈述和申辩。如需陈述、申辩，请于{unended(sheet['defence_term'])}"
        f"以书面或者口头方式向本机关提出；逾期不提出的，视为放弃。本机关不因陈述、申辩而给予更重的处罚。"
    )
    blocks = [
        *party_lines(sheet, "当事人"),
        *case_against(sheet),
        heading("陈述、申辩的权利"),
        para(rights),
    ]
    if sheet.context.get("hearing_right"):
        blocks.append(
            para(f"上述拟处罚属于{sheet.you}有权要求听证的范围，听证权利见同时送达的《行政处罚听证告知书》。")
        )
    return [*blocks, *contact(sheet), seal(sheet), copies(sheet, TWO_COPIES)]


def hearing_right(sheet: Sheet) -> list[Block]:
    """行政处罚听证告知书."""
    rights = (
        f"依据《行政处罚法》第六十三条第一款、第六十四条的规定，{sheet.you}有要求听证的权利。如要求听证，"
        f"请自收到本告知书之日起5个工作日内向本机关提出；逾期不提出的，视为放弃。听证不收取费用，"
        f"{sheet.you}可以亲自参加，也可以委托一至二人代理。"
    )
    return [
        *party_lines(sheet, "当事人"),
        *case_against(sheet),
        heading("要求听证的权利"),
        para(rights),
        *contact(sheet),
        seal(sheet),
        copies(sheet, TWO_COPIES),
    ]


def payment(sheet: Sheet) -> list[Block]:
    """How and until when the decision is performed: element (四) of《行政处罚法》第五十九条第一款."""
    blocks = []
    if total := fined(sheet):
        several = sum(1 for row in sheet.rows("penalties") if row.get("amount") not in (None, "")) > 1
        sum_text = f"以上款项合计{yuan(total)}。" if several else ""
        blocks.append(
            para(
                f"{sum_text}{sheet.you}应当自收到本决定书之日起{sheet['pay_days']}日内，持本决定书到{sheet['bank_name']}缴纳"
                f"（户名：{sheet['account_name']}，账号或者缴款码：{sheet['bank_account']}），也可以通过电子支付系统缴纳。"
                f"到期不缴纳罚款的，依据《行政处罚法》第七十二条第一款第一项的规定，每日按罚款数额的百分之三加处罚款，"
                f"加处罚款的数额不超出罚款的数额。"
            )
        )
    return blocks + paras(sheet["performance"])


def penalty_decision(sheet: Sheet) -> list[Block]:
    """行政处罚决定书: the six elements of《行政处罚法》第五十九条第一款, in their order."""
    blocks = [
        *party_lines(sheet, "被处罚人" if sheet.is_person else "被处罚单位"),
        heading("一、违法事实和证据"),
        *paras(sheet["facts"]),
        para("以上事实有下列证据证明："),
        *points(sheet.lines("evidence")),
        heading("二、告知、陈述申辩和听证情况"),
        *paras(sheet["procedure_note"]),
        heading("三、处罚种类和依据"),
        para(f"上述行为违反了{articles(sheet.lines('violated'))}的规定。"),
    ]
    if sheet["discretion"]:
        blocks.append(para(f"裁量情节及理由：{ended(sheet['discretion'])}"))
    blocks += [
        para(f"依据{articles(sheet.lines('basis'))}的规定，决定对{sheet.you}作出下列行政处罚："),
        *points([ended(sanction) for sanction in sanctions(sheet)]),
    ]
    if sheet["correction"]:
        blocks.append(para(f"依据《行政处罚法》第二十八条第一款的规定，责令{sheet.you}：{ended(sheet['correction'])}"))
    return [
        *blocks,
        heading("四、履行方式和期限"),
        *payment(sheet),
        heading("五、救济途径和期限"),
        *remedies(sheet, "决定书"),
        para("逾期不申请行政复议、不提起行政诉讼，又不履行的，本机关将依法申请人民法院强制执行。"),
        seal(sheet),
        copies(sheet, TWO_COPIES),
    ]


def no_penalty(sheet: Sheet) -> list[Block]:
    """不予行政处罚决定书."""
    return [
        *party_lines(sheet, "当事人"),
        heading("一、违法事实和证据"),
        *paras(sheet["facts"]),
        para("以上事实有下列证据证明："),
        *points(sheet.lines("evidence")),
        heading("二、不予处罚的理由和依据"),
        para(f"本案属于{unended(sheet['ground'])}的情形。"),
        *paras(sheet["reason"]),
        para(f"依据{articles(sheet.lines('basis'))}的规定，本机关决定对{sheet.you}不予行政处罚。"),
        heading("三、教育"),
        *paras(sheet["education"]),
        heading("四、救济途径和期限"),
        *remedies(sheet, "决定书"),
        seal(sheet),
        copies(sheet, TWO_COPIES),
    ]


def rectification_order(sheet: Sheet) -> list[Block]:
    """责令限期整改指令书: every problem with its basis, and the terms grouped by day."""
    problems = sheet.rows("problems")
    terms: dict[str, list[int]] = {}
    for number, row in enumerate(problems, 1):
        terms.setdefault(row["due"], []).append(number)
    orders = []
    for due, numbers in sorted(terms.items()):
        which = "全部问题" if len(terms) == 1 else f"第{'、'.join(map(str, numbers))}项问题"
        orders.append(para(f"对上述{which}，于{cn_date(due)}前整改完毕。"))
    found = []
    for row in problems:
        basis = f"（依据：{row['basis']}）" if row.get("basis") else ""
        found.append(unended(row["problem"]) + basis + ("。" if row is problems[-1] else "；"))
    return [
        para(f"{sheet['party_name']}：", indent=False),
        para(f"本机关于{sheet.day('inspect_on')}对你单位进行现场检查，发现存在下列问题："),
        *points(found),
        para("依据《安全生产法》第六十五条第一款第二项的规定，现责令你单位："),
        *orders,
        para(
            "达到整改要求后，应当以书面形式报告本机关；到期未整改或者整改后仍不符合要求的，本机关将依法处理。"
            "整改期间应当采取安全防范措施，防止发生生产安全事故。"
        ),
        *remedies(sheet, "指令书"),
        signs(
            *officer_signs(sheet, "执法人员（签名）", "执法人员"),
            sign("被检查单位现场负责人（签名）", image=sheet.drawn("被检查单位现场负责人"), dated=True),
        ),
        seal(sheet),
        copies(sheet, "本文书一式两份：一份由应急管理部门存档，一份交被检查单位。"),
    ]


def onsite_measure(sheet: Sheet) -> list[Block]:
    """现场处理措施决定书: the major hazards, why they leave no safety, what must stop until consent (安全生产法 65 I 3)."""
    return [
        para(f"{sheet['party_name']}：", indent=False),
        para(f"本机关于{sheet.day('inspect_on')}对你单位进行现场检查，发现存在下列重大事故隐患："),
        *points([unended(text) + "。" for text in sheet.lines("hazards")]),
        para(f"上述隐患在排除前或者排除过程中无法保证安全：{ended(sheet['reason'])}"),
        para("依据《安全生产法》第六十五条第一款第三项的规定，现对你单位作出下列现场处理决定："),
        *points([ended(text) for text in sheet.lines("measures")]),
        para("重大事故隐患排除后，经本机关审查同意，方可恢复生产经营和使用。"),
        *remedies(sheet, "决定书"),
        signs(
            *officer_signs(sheet, "执法人员（签名）", "执法人员"),
            sign("被检查单位现场负责人（签名）", image=sheet.drawn("被检查单位现场负责人"), dated=True),
        ),
        seal(sheet),
        copies(sheet, "本文书一式两份：一份由应急管理部门存档，一份交被检查单位。"),
    ]


def extension_reply(sheet: Sheet) -> list[Block]:
    """整改延期申请答复书: the answer to each item asked for, with the reasons."""
    items = [
        (str(number), row["problem"], cn_date(row["due"]), cn_date(row["asked_until"]), row["result"])
        for number, row in enumerate(sheet.rows("items"), 1)
    ]
    return [
        para(f"{sheet['party_name']}：", indent=False),
        para(
            f"本机关于{sheet.day('original_on')}对你单位作出《责令限期整改指令书》{in_brackets(sheet['original_number'])}。你单位于"
            f"{sheet.day('asked_on')}申请延长整改期限，理由是：{ended(sheet['reason'])}经研究，答复如下："
        ),
        table((12, 54, 30, 30, 30), ("序号", "问题", "原期限", "申请延长至", "决定"), items),
        para(f"理由：{ended(sheet['decision'])}"),
        para("整改期间应当采取安全防范措施，防止发生生产安全事故；期限届满，本机关将依法复查。"),
        seal(sheet),
        copies(sheet, "本文书一式两份：一份由应急管理部门存档，一份交被检查单位。"),
    ]


def reinspection_opinion(sheet: Sheet) -> list[Block]:
    """整改复查意见书."""
    items = [
        (str(number), row["problem"], cn_date(row.get("due")), row["result"], row.get("note") or "")
        for number, row in enumerate(sheet.rows("items"), 1)
    ]
    return [
        para(f"{sheet['party_name']}：", indent=False),
        para(
            f"本机关于{sheet.day('original_on')}对你单位作出《{sheet['original_title']}》{in_brackets(sheet['original_number'])}。"
            f"{sheet.day('reinspected_on')}，本机关执法人员对整改情况进行了复查，情况如下："
        ),
        table((12, 54, 33, 22, 35), ("序号", "问题", "整改期限", "复查结果", "说明"), items),
        para("复查意见："),
        *paras(sheet["opinion"]),
        signs(
            *officer_signs(sheet, "执法人员（签名）", "执法人员"),
            sign("被复查单位现场负责人（签名）", image=sheet.drawn("被复查单位现场负责人"), dated=True),
        ),
        seal(sheet),
        copies(sheet, "本文书一式两份：一份由应急管理部门存档，一份交被复查单位。"),
    ]


def questioning_notice(sheet: Sheet) -> list[Block]:
    """询问通知书."""
    blocks = [
        para(f"{sheet['party_name']}：", indent=False),
        para(
            f"因{unended(sheet['matter'])}，依据《行政处罚法》第五十五条第二款的规定，请你（单位）于{sheet.moment('appear_at')}"
            f"到{sheet['place']}接受询问，如实回答询问并协助调查。"
        ),
    ]
    if sheet.lines("bring"):
        blocks += [para("请携带下列材料："), *points([ended(item) for item in sheet.lines("bring")])]
    return [
        *blocks,
        para("你（单位）认为执法人员与本案有直接利害关系或者有其他关系可能影响公正执法的，有权申请回避。"),
        *contact(sheet),
        seal(sheet),
        copies(sheet, "本文书一式两份：一份交被询问人（单位），一份存卷。"),
    ]


def transfer_letter(sheet: Sheet) -> list[Block]:
    """案件移送书."""
    items = [
        (str(number), row["name"], row["quantity"], row.get("note") or "")
        for number, row in enumerate(sheet.rows("attachments"), 1)
    ]
    return [
        para(f"{sheet['receiving_body']}：", indent=False),
        para(f"{matter(sheet['case_name'])}，本机关于{sheet.day('filed_on')}立案调查。经查："),
        *paras(sheet["facts"]),
        para(
            f"上述行为涉嫌违反{articles(sheet.lines('violated'))}的规定，依据《行政处罚法》第二十七条第一款、"
            f"《行政执法机关移送涉嫌犯罪案件的规定》的有关规定，现将该案移送你机关处理。"
        ),
        para("已作处理情况："),
        *paras(sheet["handling"]),
        para("移送材料如下："),
        table((0.6, 3.6, 1.2, 2), ("序号", "材料名称", "数量", "备注"), items),
        line(("联系人", sheet["contact"]), ("联系电话", sheet["contact_phone"])),
        seal(sheet),
        para(f"抄送：{sheet['copied_to']}", indent=False),
        signs(sign("接收人（签名）", dated=True)),
        copies(sheet, "本文书一式三份：一份送受移送机关，一份抄送人民检察院，一份存卷。"),
    ]


def recusal_decision(sheet: Sheet) -> list[Block]:
    """回避决定书."""
    own = sheet["origin"] == "自行回避"
    asked = (
        f"{sheet['person']}（{sheet['person_post']}）于{sheet.day('requested_on')}提出自行回避"
        if own
        else f"你（单位）于{sheet.day('requested_on')}申请{sheet['person']}（{sheet['person_post']}）回避"
    )
    return [
        para(f"{sheet['party_name']}：", indent=False),
        para(f"在{matter(sheet['case_name'])}的办理中，{asked}，理由是：{ended(sheet['reason'])}"),
        para(
            f"经审查，{ended(sheet['decision_reason'])}依据《行政处罚法》第四十三条的规定，本机关负责人决定："
            f"{sheet['decision']}。"
        ),
        para("决定作出之前，不停止调查。"),
        seal(sheet),
        copies(sheet, TWO_COPIES),
    ]
