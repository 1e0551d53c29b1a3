"""The kinds of enforcement papers: word, seal, signatures, fields and what the law demands of each. Pure: no Django.

The national set is that of 2017 (D01–D48); D49–D65 are added by living systems and by the laws of 2021. A word marked
``memory`` was not seen in a public source and is shown so; a bureau changes it here, dated by its own release.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from fadu.document.fields import (
    Context,
    Errors,
    Field,
    FieldType,
    choice,
    day,
    flag,
    integer,
    is_empty,
    lines,
    long,
    moment,
    money,
    officers,
    problem,
    rows,
    text,
)


class Series(Enum):
    """Which matters share one counter per organ and year; ``mark`` keeps the words of two series apart."""

    INSPECTION = ("inspection", "检查", "检")
    PENALTY = ("penalty", "案件", "案")
    RESPONSE = ("response", "响应", "响")

    def __init__(self, key: str, title: str, mark: str) -> None:
        self.key = key
        self.title = title
        self.mark = mark

    @classmethod
    def of(cls, key: str | Series) -> Series:
        """The series of a key such as ``penalty``; raises ValueError for an unknown one."""
        if isinstance(key, cls):
            return key
        for series in cls:
            if series.key == key:
                return series
        raise ValueError(f"unknown series: {key}")


class Seal(Enum):
    """Which seal goes on the paper."""

    NONE = ""
    OFFICIAL = "公章"
    ENFORCEMENT = "执法专用章"


@dataclass(frozen=True)
class Kind:
    """What is true of every paper of a kind; read through ``Document``."""

    code: str
    title: str
    word: str | None
    confidence: str
    fields: tuple[Field, ...]
    basis: tuple[str, ...]
    seal: Seal = Seal.NONE
    served: bool = False
    copies: int = 1
    series: Series = Series.PENALTY
    signatures: tuple[str, ...] = ()
    page_signatures: tuple[str, ...] = ()
    remedies: bool = False


APL = "《行政处罚法》"
WSL = "《安全生产法》"
ACL = "《行政强制法》"
EMERGENCY = "《突发事件应对法》"
CONTENTS = APL + "第五十九条第一款第{}项"


def party(*, element_name: str = "", kind: str | None = None) -> tuple[Field, ...]:
    """The party of a paper: a unit (also a household business) or a person; ``kind`` fixes which."""
    unit = {"only_for": "unit"} if kind is None else {}
    person = {"only_for": "person"} if kind is None else {}
    name = text("party_name", "当事人名称（姓名）", element=element_name)
    of_unit = (
        text("party_uscc", "统一社会信用代码", required=False, **unit),
        text("party_address", "地址", element=element_name, **unit),
        text("party_legal_rep", "法定代表人（负责人）", **unit),
        text("party_legal_rep_post", "职务", required=False, **unit),
        text("party_phone", "联系电话", required=False, **unit),
        text("party_postcode", "邮政编码", required=False, **unit),
    )
    of_person = (
        text("party_sex", "性别", **person),
        text("party_age", "年龄", required=False, **person),
        text("party_id_no", "身份证号", **person),
        text("party_home_address", "家庭住址", element=element_name, **person),
        text("party_employer", "所在单位", required=False, **person),
        text("party_post", "职务", required=False, **person),
        text("party_employer_address", "单位地址", required=False, **person),
        text("party_phone", "联系电话", required=False, **person),
    )
    if kind == "unit":
        return (name, *of_unit)
    if kind == "person":
        return (name, *of_person)
    return (choice("party_kind", "当事人类型", "unit", "person"), name, *of_unit, *of_person)


PARTIES = rows(
    "parties",
    "当事人",
    text("name", "名称（姓名）"),
    text("identity", "统一社会信用代码（身份证号）", required=False),
    text("representative", "法定代表人（负责人）、职务", required=False),
    text("address", "地址", required=False),
    text("phone", "电话", required=False),
)
PENALTIES = rows(
    "penalties",
    "处罚种类和数额",
    text("kind", "种类"),
    money("amount", "数额（元）", required=False),
    text("detail", "说明", required=False),
    element=CONTENTS.format("三"),
)
PROPOSED = rows("penalties", "拟处罚内容", *PENALTIES.columns)
CASE_NAME = text("case_name", "案件名称")
FACTS = long("facts", "违法事实")
EVIDENCE = lines("evidence", "证据")
VIOLATED = lines("violated", "违反的规定")
BASIS = lines("basis", "依据")
OFFICERS = officers()
REMEDIES = (
    text("reconsideration_body", "行政复议机关", element=CONTENTS.format("五")),
    text("court", "人民法院", element=CONTENTS.format("五")),
)
ORDER_REMEDIES = (text("reconsideration_body", "行政复议机关"), text("court", "人民法院"))
CONTACT = (
    text("organ_address", "机关地址"),
    text("contact", "联系人"),
    text("contact_phone", "联系电话"),
    text("organ_postcode", "邮政编码", required=False),
)
# 承办人×2 → 审核 → 审批; how many opinions and whose is dated data of the organ, so the chain is a table here
OPINIONS = (
    long("officer_opinion", "承办人意见"),
    OFFICERS,
    day("officers_on", "承办人签署日期", required=False),
    rows(
        "opinions",
        "审核、审批意见",
        text("title", "意见名称"),
        long("text", "意见"),
        text("name", "姓名"),
        text("post", "职务", required=False),
        day("on", "日期"),
        late=True,
    ),
)
LATE_OPINIONS = (rows("opinions", "审核、审批意见", *OPINIONS[3].columns, required=False, late=True),)
PRESERVED = rows(
    "items",
    "证据物品",
    text("name", "名称"),
    text("spec", "规格型号", required=False),
    text("quantity", "数量"),
    text("condition", "品级、形态", required=False),
)
DISPOSED = rows(
    "items",
    "处理",
    text("name", "证据物品"),
    text("quantity", "数量"),
    text("disposal", "处理决定"),
    text("note", "说明", required=False),
)
INSTALMENTS = rows(
    "instalments", "缴纳安排", integer("nth", "期次"), day("due", "缴纳期限"), money("amount", "金额（元）")
)
EXTENSION = (
    text("party_name", "被检查单位"),
    day("original_on", "原文书日期"),
    text("original_number", "原文书字号"),
    day("asked_on", "申请日期"),
    long("reason", "申请的理由"),
    rows(
        "items",
        "逐项决定",
        long("problem", "问题"),
        day("due", "原期限"),
        day("asked_until", "申请延长至"),
        text("result", "决定"),
    ),
)
TALK = (moment("started_at", "开始时间"), moment("ended_at", "结束时间"), text("place", "地点"))


def decision_fields(kind: str) -> tuple[Field, ...]:
    """Fields of a penalty decision: the six elements of《行政处罚法》第五十九条 and what the form adds."""
    return (
        *party(element_name=CONTENTS.format("一"), kind=kind),
        long("facts", "违法事实", element=CONTENTS.format("二")),
        lines("evidence", "证据", element=CONTENTS.format("二")),
        lines("violated", "违反的规定", element=CONTENTS.format("三")),
        lines("basis", "处罚依据", element=CONTENTS.format("三")),
        long("discretion", "裁量情节及理由", required=False),
        long("procedure_note", "告知、陈述申辩和听证情况"),
        PENALTIES,
        long("performance", "履行方式和期限", required=False, element=CONTENTS.format("四")),
        text("bank_name", "罚款缴纳银行", required=False, element=CONTENTS.format("四")),
        text("bank_account", "缴款账号（缴款码）", required=False, element=CONTENTS.format("四")),
        text("account_name", "收款户名", required=False, element=CONTENTS.format("四")),
        integer("pay_days", "缴款期限（日）", required=False, element=CONTENTS.format("四")),
        long("correction", "责令改正", required=False),
        *REMEDIES,
    )


class Document(Enum):
    """执法文书种类: one member per kind; the member's name is its code everywhere."""

    CASE_FILING_APPROVAL = Kind(
        "D01",
        "立案审批表",
        "应急立",
        "source",
        (
            CASE_NAME,
            text("cause", "案由"),
            text("source", "案件来源"),
            day("received_on", "线索取得时间"),
            PARTIES,
            long("facts", "案件基本情况"),
            lines("basis", "立案依据"),
            *OPINIONS,
        ),
        (APL + "第五十四条第二款",),
        signatures=("承办人", "审核人", "审批人"),
    )
    FILING_REFUSAL = Kind(
        "",
        "不予立案审批表",
        None,  # no serial is drawn for a matter that is not filed
        "model",
        (
            text("case_name", "线索名称"),
            text("source", "线索来源"),
            day("received_on", "线索取得时间"),
            PARTIES,
            long("facts", "核查情况"),
            long("reason", "不予立案的理由"),
            lines("basis", "依据"),
            long("informing", "告知举报人或者移送机关的情况", required=False),
            *OPINIONS,
        ),
        (APL + "第五十四条",),
        signatures=("承办人", "审核人", "审批人"),
    )
    INSPECTION_PLAN = Kind(
        "D02",
        "现场检查方案",
        "应急检查",
        "memory",
        (
            text("inspected_name", "被检查单位"),
            text("inspected_address", "地址"),
            text("contact", "联系人", required=False),
            text("contact_phone", "联系电话", required=False),
            text("industry", "所属行业"),
            text("plan_source", "任务来源"),
            day("inspect_from", "检查开始日期"),
            day("inspect_to", "检查结束日期"),
            OFFICERS,
            lines("content", "检查内容"),
            text("method", "检查方式"),
            long("remarks", "备注", required=False),
            rows("opinions", "审核、审批意见", *OPINIONS[3].columns, late=True),
        ),
        (WSL + "第六十二条第二款",),
        series=Series.INSPECTION,
        signatures=("审核人", "审批人"),
    )
    SITE_RECORD = Kind(
        "D03",
        "现场检查记录",
        "应急检记",
        "source",
        (
            text("inspected_name", "被检查单位"),
            text("inspected_address", "地址"),
            text("legal_rep", "法定代表人（负责人）"),
            text("legal_rep_post", "职务", required=False),
            text("phone", "联系电话", required=False),
            text("place", "检查场所"),
            moment("started_at", "检查开始时间"),
            moment("ended_at", "检查结束时间"),
            OFFICERS,
            moment("certificates_shown_at", "出示执法证件时间"),
            text("accompanied_by", "现场陪同人员", required=False),
            lines("findings", "检查情况"),
            long("site_opinion", "被检查单位现场负责人意见", required=False),
            long("refusal", "拒绝签名的情况", required=False),
        ),
        (APL + "第五十五条第一款", WSL + "第六十七条", WSL + "第六十八条"),
        series=Series.INSPECTION,
        signatures=("检查人员", "被检查单位现场负责人"),
        page_signatures=("检查人员", "被检查单位现场负责人"),
    )
    RECTIFICATION_ORDER = Kind(
        "D05",
        "责令限期整改指令书",
        "应急责改",
        "source",
        (
            text("party_name", "被检查单位"),
            day("inspect_on", "检查日期"),
            rows(
                "problems",
                "问题",
                long("problem", "问题"),
                text("basis", "依据", required=False),
                day("due", "整改期限"),
            ),
            OFFICERS,
            *ORDER_REMEDIES,
        ),
        (WSL + "第六十五条第一款第二项", APL + "第二十八条第一款"),
        seal=Seal.ENFORCEMENT,
        served=True,
        copies=2,
        series=Series.INSPECTION,
        signatures=("执法人员", "被检查单位现场负责人"),
        remedies=True,
    )
    ONSITE_MEASURE_DECISION = Kind(
        "D04",
        "现场处理措施决定书",
        "应急现决",
        "source",
        (
            text("party_name", "被检查单位"),
            day("inspect_on", "检查日期"),
            lines("hazards", "重大事故隐患"),
            long("reason", "无法保证安全的情况"),
            lines("measures", "现场处理决定"),
            OFFICERS,
            *ORDER_REMEDIES,
        ),
        (WSL + "第六十五条第一款第三项",),
        seal=Seal.ENFORCEMENT,
        served=True,
        copies=2,
        series=Series.INSPECTION,
        signatures=("执法人员", "被检查单位现场负责人"),
        remedies=True,
    )
    EXTENSION_APPROVAL = Kind(
        "D56",
        "整改延期申请审批表",
        "应急延审改",
        "model",
        (
            *EXTENSION,
            long("safeguards", "整改期间的安全防范措施", required=False),
            long("officer_opinion", "承办人意见", required=False),
            OFFICERS,
            day("officers_on", "承办人签署日期", required=False),
            OPINIONS[3],
        ),
        (WSL + "第六十五条第一款第二项",),
        series=Series.INSPECTION,
        signatures=("承办人", "审批人"),
    )
    EXTENSION_REPLY = Kind(
        "D55",
        "整改延期申请答复书",
        "应急延复",
        "model",
        (*EXTENSION, long("decision", "理由")),
        (WSL + "第六十五条第一款第二项",),
        seal=Seal.ENFORCEMENT,
        served=True,
        copies=2,
        series=Series.INSPECTION,
    )
    REINSPECTION_OPINION = Kind(
        "D06",
        "整改复查意见书",
        "应急复查",
        "source",
        (
            text("party_name", "被检查单位"),
            day("original_on", "原文书日期"),
            text("original_title", "原文书名称"),
            text("original_number", "原文书字号"),
            day("reinspected_on", "复查日期"),
            rows(
                "items",
                "逐项复查情况",
                long("problem", "问题"),
                day("due", "整改期限", required=False),
                text("result", "复查结果"),
                text("note", "说明", required=False),
            ),
            long("opinion", "复查意见"),
            OFFICERS,
        ),
        (WSL + "第六十五条第一款第二项",),
        seal=Seal.ENFORCEMENT,
        served=True,
        copies=2,
        series=Series.INSPECTION,
        signatures=("执法人员", "被复查单位现场负责人"),
    )
    QUESTIONING_NOTICE = Kind(
        "D15",
        "询问通知书",
        "应急询",
        "source",
        (
            text("party_name", "被询问人（单位）"),
            text("matter", "事由"),
            moment("appear_at", "接受询问时间"),
            text("place", "接受询问地点"),
            lines("bring", "应携带的材料", required=False),
            *CONTACT,
        ),
        (APL + "第五十五条第二款",),
        seal=Seal.ENFORCEMENT,
        served=True,
        copies=2,
    )
    QUESTIONING_RECORD = Kind(
        "D16",
        "询问笔录",
        None,
        "source",
        (
            integer("nth", "第几次询问"),
            *TALK,
            text("asked_name", "被询问人"),
            text("asked_sex", "性别"),
            text("asked_age", "年龄", required=False),
            text("asked_id_no", "身份证号"),
            text("asked_home_address", "家庭住址", required=False),
            text("asked_employer", "所在单位", required=False),
            text("asked_post", "职务", required=False),
            text("asked_employer_address", "单位地址", required=False),
            text("asked_phone", "联系电话", required=False),
            officers(label="询问人"),
            text("recorder", "记录人"),
            text("others_present", "在场人", required=False),
            text("matter", "事由"),
            # identity shown, rights told, recusal offered: the answers are part of the record (55, 43)
            text("identity_answer", "对执法身份的答复"),
            text("recusal_answer", "是否申请回避的答复"),
            rows("qa", "问答", long("q", "问"), long("a", "答")),
        ),
        (APL + "第四十三条", APL + "第五十五条", APL + "第四十六条第一款"),
        signatures=("被询问人", "询问人", "记录人"),
        page_signatures=("被询问人",),
    )
    PHOTO_EVIDENCE = Kind(
        "D57",
        "证据照片页",
        None,
        "source",
        (
            CASE_NAME,
            rows(
                "photos",
                "照片",
                text("sha256", "证据文件"),
                text("shows", "证明内容"),
                moment("taken_at", "拍摄时间"),
                text("place", "拍摄地点"),
                text("taken_by", "拍摄人"),
                text("device", "设备", required=False),
            ),
            OFFICERS,
        ),
        (APL + "第四十六条第一款第三项",),
        signatures=("执法人员", "当事人"),
    )
    INVESTIGATION_REPORT = Kind(
        "D53",
        "行政处罚案件调查报告",
        "应急终报",
        "source",
        (
            CASE_NAME,
            text("source", "案件来源"),
            day("filed_on", "立案日期"),
            PARTIES,
            long("course", "调查经过"),
            long("facts", "查明的事实"),
            rows("evidence", "证据", text("name", "证据名称"), text("proves", "证明内容")),
            VIOLATED,
            long("nature", "案件性质和责任认定"),
            long("discretion", "裁量情节及理由"),
            long("proposal", "处理建议"),
            OFFICERS,
        ),
        (APL + "第五十四条第一款", APL + "第五十七条第一款"),
        signatures=("调查人员",),
    )
    ADVANCE_NOTICE = Kind(
        "D24",
        "行政处罚告知书",
        "应急罚告",
        "source",
        (
            *party(),
            FACTS,
            EVIDENCE,
            VIOLATED,
            BASIS,
            long("discretion", "裁量情节及理由", required=False),
            PROPOSED,
            text("defence_term", "陈述申辩期限"),
            flag("hearing_right", "同时告知听证权利"),
            *CONTACT,
        ),
        (APL + "第四十四条", APL + "第四十五条", APL + "第六十二条"),
        seal=Seal.OFFICIAL,
        served=True,
        copies=2,
    )
    HEARING_RIGHT_NOTICE = Kind(
        "D26",
        "行政处罚听证告知书",
        "应急听告",
        "source",
        (*party(), FACTS, VIOLATED, BASIS, PROPOSED, *CONTACT),
        (APL + "第六十三条第一款", APL + "第六十四条第一项"),
        seal=Seal.OFFICIAL,
        served=True,
        copies=2,
    )
    DEFENCE_RECORD = Kind(
        "D25",
        "当事人陈述申辩笔录",
        None,
        "source",
        (
            CASE_NAME,
            *TALK,
            text("party_name", "当事人"),
            text("speaker_name", "陈述申辩人"),
            text("speaker_sex", "性别", required=False),
            text("speaker_capacity", "与当事人的关系（职务）"),
            text("speaker_employer", "所在单位", required=False),
            text("speaker_address", "地址", required=False),
            text("speaker_phone", "联系电话", required=False),
            officers(label="执法人员"),
            text("recorder", "记录人"),
            text("notice_number", "告知书文号"),
            long("statement", "陈述申辩内容"),
            lines("materials", "提交的证据材料", required=False),
        ),
        (APL + "第四十五条",),
        signatures=("陈述申辩人", "执法人员", "记录人"),
        page_signatures=("陈述申辩人",),
    )
    DEFENCE_CONSIDERATION = Kind(
        "",
        "陈述申辩复核意见书",
        "应急申复",
        "model",
        (
            CASE_NAME,
            text("party_name", "当事人"),
            text("notice_number", "告知书文号"),
            day("defence_on", "陈述申辩日期"),
            rows(
                "points",
                "逐条复核",
                long("claim", "当事人的意见、理由和证据"),
                long("finding", "复核情况"),
                choice("adopted", "是否采纳", "采纳", "部分采纳", "不予采纳"),
            ),
            long("conclusion", "复核结论"),
            OFFICERS,
            *LATE_OPINIONS,
        ),
        (APL + "第四十五条",),
        signatures=("复核人员",),
    )
    LEGAL_OPINION = Kind(
        "D51",
        "行政处罚法制审核意见书",
        "应急法审",
        "memory",
        (
            CASE_NAME,
            PARTIES,
            text("submitted_by", "送审机构"),
            day("submitted_on", "送审日期"),
            lines("grounds", "应当法制审核的情形"),
            rows(
                "items",
                "审核内容",
                text("item", "审核事项"),
                text("conclusion", "审核结论"),
                long("note", "说明", required=False),
            ),
            choice("opinion", "审核意见", "同意", "纠正", "补充调查", "变更", "撤销", "移送"),
            long("opinion_text", "审核意见的理由"),
            text("reviewer", "法制审核人员"),
            text("reviewer_qualification", "法律职业资格证书号", required=False),
            day("reviewed_on", "审核日期"),
            *LATE_OPINIONS,
        ),
        (APL + "第五十八条",),
        signatures=("法制审核人员",),
    )
    DISCUSSION_MINUTES = Kind(
        "D31",
        "行政处罚集体讨论记录",
        "应急罚集",
        "source",
        (
            CASE_NAME,
            *TALK,
            text("chair", "主持人"),
            text("reporter", "汇报人"),
            text("recorder", "记录人"),
            rows("present", "出席人员", text("name", "姓名"), text("post", "职务"), minimum=2),
            lines("observers", "列席人员", required=False),
            lines("recused", "回避人员及理由", required=False),
            long("content", "案情和处理建议"),
            rows("statements", "讨论意见", text("name", "姓名"), long("opinion", "意见"), minimum=2),
            long("conclusion", "结论性意见"),
        ),
        (APL + "第五十七条第二款",),
        signatures=("出席人员",),
    )
    DISPOSAL_SUBMISSION = Kind(
        "D30",
        "案件处理呈批表",
        "应急处呈",
        "source",
        (
            CASE_NAME,
            PARTIES,
            long("facts", "违法事实"),
            EVIDENCE,
            VIOLATED,
            BASIS,
            long("discretion", "裁量情节及理由", required=False),
            long("defence", "当事人陈述申辩、听证及复核情况"),
            long("review", "法制审核情况", required=False),
            long("discussion", "集体讨论情况", required=False),
            long("proposal", "拟处理意见"),
            *OPINIONS,
        ),
        (APL + "第五十七条第一款",),
        signatures=("承办人", "审核人", "审批人"),
    )
    PENALTY_DECISION_UNIT = Kind(
        "D34",
        "行政处罚决定书（单位）",
        "应急罚",
        "source",
        decision_fields("unit"),
        (APL + "第五十七条第一款第一项", APL + "第五十九条"),
        seal=Seal.OFFICIAL,
        served=True,
        copies=2,
        remedies=True,
    )
    PENALTY_DECISION_PERSON = Kind(
        "D35",
        "行政处罚决定书（个人）",
        "应急罚",
        "source",
        decision_fields("person"),
        (APL + "第五十七条第一款第一项", APL + "第五十九条"),
        seal=Seal.OFFICIAL,
        served=True,
        copies=2,
        remedies=True,
    )
    NO_PENALTY_DECISION = Kind(
        "D50",
        "不予行政处罚决定书",
        "应急不罚",
        "memory",
        (
            *party(),
            FACTS,
            EVIDENCE,
            text("ground", "不予处罚的情形"),
            long("reason", "不予处罚的理由"),
            BASIS,
            long("education", "教育措施"),
            *ORDER_REMEDIES,
        ),
        (APL + "第三十三条", APL + "第五十七条第一款"),
        seal=Seal.OFFICIAL,
        served=True,
        copies=2,
        remedies=True,
    )
    PRESERVATION_APPROVAL = Kind(
        "D19",
        "先行登记保存证据审批表",
        "应急先登审",
        "memory",
        (
            CASE_NAME,
            PARTIES,
            long("reason", "先行登记保存的理由"),
            PRESERVED,
            text("manner", "保存方式"),
            text("place", "保存地点"),
            *OPINIONS,
        ),
        (APL + "第五十六条",),
        signatures=("承办人", "审核人", "审批人"),
    )
    PRESERVATION_NOTICE = Kind(
        "D20",
        "先行登记保存证据通知书",
        "应急先登",
        "memory",
        (
            *party(),
            text("matter", "案由"),
            PRESERVED,
            text("manner", "保存方式"),
            text("place", "保存地点"),
            text("custodian", "保管人"),
            day("from_on", "保存开始日期"),
            day("due_on", "作出处理决定的最后日期"),
            OFFICERS,
            *CONTACT,
        ),
        (APL + "第五十六条",),
        seal=Seal.ENFORCEMENT,
        served=True,
        copies=2,
        signatures=("执法人员", "当事人"),
    )
    PRESERVATION_DISPOSAL_APPROVAL = Kind(
        "D21",
        "先行登记保存证据处理审批表",
        "应急先登处审",
        "memory",
        (
            CASE_NAME,
            PARTIES,
            text("notice_number", "通知书字号"),
            day("registered_on", "登记保存日期"),
            DISPOSED,
            *OPINIONS,
        ),
        (APL + "第五十六条",),
        signatures=("承办人", "审核人", "审批人"),
    )
    PRESERVATION_DISPOSAL = Kind(
        "D22",
        "先行登记保存证据处理决定书",
        "应急先登处",
        "memory",
        (
            *party(),
            text("notice_number", "通知书字号"),
            day("registered_on", "登记保存日期"),
            DISPOSED,
            *ORDER_REMEDIES,
        ),
        (APL + "第五十六条",),
        seal=Seal.ENFORCEMENT,
        served=True,
        copies=2,
        remedies=True,
    )
    HEARING_NOTICE = Kind(
        "D27",
        "行政处罚听证会通知书",
        "应急听通",
        "memory",
        (
            *party(),
            text("matter", "案由"),
            moment("held_at", "举行听证的时间"),
            text("place", "举行听证的地点"),
            text("manner", "听证方式"),
            text("closed_reason", "不公开的理由", required=False),
            text("host", "听证主持人"),
            text("host_post", "主持人职务", required=False),
            text("members", "听证员", required=False),
            text("recorder", "记录员"),
            *CONTACT,
        ),
        (APL + "第六十四条第二项",),
        seal=Seal.ENFORCEMENT,
        served=True,
        copies=2,
    )
    HEARING_RECORD = Kind(
        "D28",
        "听证笔录",
        None,
        "source",
        (
            CASE_NAME,
            *TALK,
            text("manner", "听证方式"),
            text("host", "听证主持人"),
            text("members", "听证员", required=False),
            text("recorder", "记录员"),
            OFFICERS,
            rows(
                "attendance",
                "当事人到场情况",
                text("name", "当事人"),
                text("status", "到场情况"),
                text("speakers", "参加人、代理人", required=False),
            ),
            long("accusation", "调查人员提出的违法事实、证据和处罚建议", required=False),
            long("defence", "当事人的申辩和质证", required=False),
            long("debate", "辩论情况", required=False),
            long("last_words", "当事人的最后陈述", required=False),
            long("confirmation", "笔录核对和签名的情况"),
        ),
        (APL + "第六十四条第八项",),
        signatures=("听证主持人", "记录员", "当事人或者代理人"),
        page_signatures=("当事人或者代理人",),
    )
    HEARING_REPORT = Kind(
        "D29",
        "听证会报告书",
        None,
        "source",
        (
            CASE_NAME,
            day("held_on", "听证日期"),
            text("host", "听证主持人"),
            text("members", "听证员", required=False),
            text("recorder", "记录员"),
            long("summary", "听证会基本情况"),
            long("opinion", "听证意见"),
        ),
        (APL + "第六十五条",),
        signatures=("听证主持人",),
    )
    DEFERRAL_APPROVAL = Kind(
        "D38",
        "延期（分期）缴纳罚款审批表",
        "应急缴审",
        "source",
        (
            CASE_NAME,
            text("decision_number", "处罚决定书字号"),
            text("party_name", "当事人"),
            text("party_address", "地址"),
            long("facts", "违法事实及处罚决定"),
            long("reason", "申请延期（分期）的理由"),
            INSTALMENTS,
            *OPINIONS,
        ),
        (APL + "第六十六条第二款",),
        signatures=("承办人", "审核人", "审批人"),
    )
    DEFERRAL_CONSENT = Kind(
        "D39",
        "延期（分期）缴纳罚款批准书",
        "应急缴批",
        "source",
        (
            *party(),
            day("decision_on", "决定日期"),
            text("decision_number", "处罚决定书字号"),
            money("amount", "罚款数额（元）"),
            money("outstanding", "尚未缴纳（元）"),
            choice("manner", "方式", "延期", "分期"),
            INSTALMENTS,
        ),
        (APL + "第六十六条第二款", APL + "第七十二条第二款"),
        seal=Seal.ENFORCEMENT,
        served=True,
        copies=2,
    )
    SURCHARGE_DECISION = Kind(
        "D37",
        "加处罚款决定书",
        "应急加罚",
        "memory",
        (
            *party(),
            day("decision_on", "决定日期"),
            text("decision_number", "处罚决定书字号"),
            money("fine", "罚款数额（元）"),
            money("outstanding", "尚未缴纳（元）"),
            day("due_on", "缴款期限"),
            day("from_on", "加处起算日期"),
            money("accrued", "至本决定之日已加处（元）"),
            text("not_counted", "不计算加处罚款的期间", required=False),
            text("bank_name", "缴纳银行"),
            text("bank_account", "缴款账号（缴款码）"),
            text("account_name", "收款户名"),
            *ORDER_REMEDIES,
        ),
        (APL + "第七十二条第一款第一项", ACL + "第四十五条"),
        seal=Seal.OFFICIAL,
        served=True,
        copies=2,
        remedies=True,
    )
    DEMAND = Kind(
        "D41",
        "行政强制执行事先催告书",
        "应急执行催告",
        "source",
        (
            *party(),
            day("decision_on", "决定日期"),
            text("decision_number", "处罚决定书字号"),
            money("outstanding", "尚未缴纳的罚款、没收款项（元）"),
            money("accrued", "加处罚款（元）", required=False),
            lines("obligations", "其他未履行的义务", required=False),
            text("bank_name", "缴纳银行"),
            text("bank_account", "缴款账号（缴款码）"),
            text("account_name", "收款户名"),
            *CONTACT,
        ),
        (ACL + "第五十四条",),
        seal=Seal.ENFORCEMENT,
        served=True,
        copies=2,
    )
    COURT_APPLICATION = Kind(
        "D42",
        "强制执行申请书",
        "应急强执",
        "source",
        (
            text("court", "人民法院"),
            *party(),
            day("decision_on", "决定日期"),
            text("decision_number", "处罚决定书字号"),
            lines("request", "申请执行的内容"),
            long("facts", "处罚决定及其事实、理由和依据"),
            long("remedies_used", "复议、诉讼情况"),
            long("demanded", "催告情况和当事人的意见"),
            lines("attachments", "附件"),
            text("head", "行政机关负责人"),
            text("head_post", "职务", required=False),
            *CONTACT,
        ),
        (ACL + "第五十三条", ACL + "第五十五条"),
        seal=Seal.OFFICIAL,
        copies=2,
        signatures=("行政机关负责人",),
    )
    TERM_EXTENSION = Kind(
        "D45",
        "案件延期审批表",
        "应急案延",
        "memory",
        (
            CASE_NAME,
            PARTIES,
            day("filed_on", "立案日期"),
            day("due_on", "原办理期限"),
            day("extended_to", "拟延长至"),
            long("reason", "延期的理由"),
            *OPINIONS,
        ),
        (APL + "第六十条",),
        signatures=("承办人", "审核人", "审批人"),
    )
    ENDING_APPROVAL = Kind(
        "D52",
        "案件撤销（终止、中止）审批表",
        "应急案终",
        "memory",
        (
            CASE_NAME,
            PARTIES,
            day("filed_on", "立案日期"),
            text("act", "拟作处理"),
            text("ground", "情形"),
            long("reason", "事实和理由"),
            *OPINIONS,
        ),
        (APL + "第五十七条第一款",),
        signatures=("承办人", "审核人", "审批人"),
    )
    CORRECTION_DECISION = Kind(
        "",
        "行政处罚决定变更（撤销）决定书",
        "应急罚更",
        "model",
        (
            *party(),
            day("decision_on", "原决定日期"),
            text("decision_number", "原决定书字号"),
            choice("effect", "处理", "变更", "撤销"),
            long("reason", "理由"),
            lines("former", "原处罚内容"),
            lines("now", "变更后的处罚内容", required=False),
            *ORDER_REMEDIES,
        ),
        (APL + "第七十五条第二款",),
        seal=Seal.OFFICIAL,
        served=True,
        copies=2,
        remedies=True,
    )
    SERVICE_RECEIPT = Kind(
        "D40",
        "文书送达回执",
        "应急回",
        "source",
        (
            CASE_NAME,
            text("addressee", "受送达人"),
            text("place", "送达地点", required=False),
            rows(
                "papers",
                "送达文书",
                text("title", "文书名称"),
                text("number", "文书字号", required=False),
                text("method", "送达方式", required=False),
                text("received_on", "收到时间", required=False),
                text("receiver", "收件人", required=False),
            ),
            officers(name="servers", label="送达人"),
            lines("witnesses", "见证人", required=False),
            long("remarks", "代收、拒收事由或者备注", required=False),
        ),
        (APL + "第六十一条", "《民事诉讼法》第八十七条"),
        signatures=("收件人", "送达人"),
    )
    TRANSFER_APPROVAL = Kind(
        "D43",
        "案件移送审批表",
        "应急移审",
        "memory",
        (
            CASE_NAME,
            PARTIES,
            text("receiving_body", "受移送机关"),
            long("facts", "案情摘要"),
            long("reason", "移送理由"),
            lines("basis", "移送依据"),
            *OPINIONS,
        ),
        (APL + "第二十七条第一款", "《行政执法机关移送涉嫌犯罪案件的规定》第五条"),
        signatures=("专案组人员", "审核人", "正职负责人或者主持工作的负责人"),
    )
    TRANSFER_LETTER = Kind(
        "D44",
        "案件移送书",
        "应急移",
        "memory",
        (
            CASE_NAME,
            text("receiving_body", "受移送机关"),
            day("filed_on", "立案日期"),
            long("facts", "案件事实"),
            VIOLATED,
            long("handling", "已作处理情况"),
            rows(
                "attachments",
                "移送材料",
                text("name", "材料名称"),
                text("quantity", "数量"),
                text("note", "备注", required=False),
            ),
            text("contact", "联系人"),
            text("contact_phone", "联系电话"),
            text("copied_to", "抄送人民检察院"),
        ),
        (APL + "第二十七条第一款", "《行政执法机关移送涉嫌犯罪案件的规定》第六条"),
        seal=Seal.OFFICIAL,
        copies=3,
        signatures=("接收人",),
    )
    CLOSURE_PROPOSAL = Kind(
        "",
        "提请关闭生产经营单位的请示",
        "应急请闭",
        "model",
        (
            *party(kind="unit"),
            text("government", "人民政府"),
            lines("hazards", "尚未消除的重大事故隐患"),
            lines("counted", "计入的行政处罚"),
            text("window", "次数和期间"),
            long("reason", "理由"),
            text("contact", "联系人"),
            text("contact_phone", "联系电话"),
        ),
        (WSL + "第一百一十三条第一项", WSL + "第一百一十五条"),
        seal=Seal.OFFICIAL,
        copies=2,
    )
    CLOSING_APPROVAL = Kind(
        "D46",
        "结案审批表",
        "应急结",
        "source",
        (
            CASE_NAME,
            text("cause", "案由"),
            PARTIES,
            day("filed_on", "立案日期"),
            text("decision_number", "处理决定文号", required=False),
            long("result", "处理结果"),
            long("execution", "执行情况"),
            *OPINIONS,
        ),
        (APL + "第四十七条",),
        signatures=("承办人", "审核人", "审批人"),
    )
    CASE_FILE_COVER = Kind(
        "D47",
        "案卷（首页）",
        "应急案卷",
        "memory",
        (
            CASE_NAME,
            text("cause", "案由"),
            text("party_names", "当事人"),
            long("result", "处理结果"),
            day("filed_on", "立案日期"),
            day("closed_on", "结案日期"),
            OFFICERS,
            day("archived_on", "归档日期"),
            text("archive_number", "归档号"),
            choice("retention", "保存期限", "永久", "30年", "10年"),
            text("filed_by", "立卷人", required=False),
        ),
        (APL + "第四十七条",),
    )
    CASE_FILE_CATALOGUE = Kind(
        "D48",
        "卷内目录",
        None,
        "source",
        (
            CASE_NAME,
            rows(
                "entries",
                "卷内文书",
                text("title", "文书名称"),
                text("number", "文书字号", required=False),
                text("on", "日期", required=False),
                text("page", "页号"),
                text("remarks", "备注", required=False),
            ),
        ),
        (APL + "第四十七条",),
    )
    RECUSAL_DECISION = Kind(
        "D61",
        "回避决定书",
        "应急避",
        "memory",
        (
            CASE_NAME,
            choice("origin", "提出方式", "自行回避", "申请回避"),
            text("party_name", "申请人"),
            day("requested_on", "提出日期"),
            text("person", "被申请回避的人员"),
            text("person_post", "职务"),
            long("reason", "回避理由"),
            choice("decision", "决定", "予以回避", "驳回申请"),
            long("decision_reason", "决定的理由"),
        ),
        (APL + "第四十三条",),
        seal=Seal.OFFICIAL,
        served=True,
        copies=2,
    )
    DISCLOSURE_SHEET = Kind(
        "D65",
        "行政处罚信息公开（撤回）表",
        None,
        "memory",
        (
            CASE_NAME,
            choice("act", "事项", "公开", "撤回"),
            text("party_name", "当事人"),
            text("decision_number", "决定书文号"),
            day("decision_on", "决定日期"),
            text("channel", "公开渠道"),
            day("due_on", "办理期限"),
            long("summary", "公开内容摘要"),
            long("masking", "隐去的信息"),
            long("reason", "撤回理由", required=False),
            # nobody but the publisher acts here: the sheet bears that person's own statement and no opinion of others
            long("checked", "核对情况"),
            text("publisher", "公开人员"),
            text("publisher_post", "职务", required=False),
            day("signed_on", "日期"),
        ),
        (WSL + "第七十八条第二款", APL + "第四十八条"),
        signatures=("公开人员",),
    )
    CONSULTATION_MINUTES = Kind(
        "",
        "会商纪要",
        None,
        "model",
        (
            text("event", "会商事项"),
            *TALK,
            text("chair", "主持人"),
            text("recorder", "记录人"),
            rows("present", "参加会商的单位和人员", text("name", "姓名"), text("post", "单位、职务"), minimum=2),
            long("situation", "会商时的情况"),
            rows("opinions", "意见", text("name", "姓名"), long("opinion", "意见")),
            long("conclusion", "结论"),
        ),
        (EMERGENCY + "第六十二条",),
        series=Series.RESPONSE,
        signatures=("参加会商的人员",),
    )
    RESPONSE_DECISION = Kind(
        "",
        "应急响应决定书",
        "应急响",
        "model",
        (
            text("event", "响应事项", element=EMERGENCY + "第七十二条第二款"),
            choice("act", "决定", "启动", "提升", "降低", "结束"),
            text("level", "响应级别", element=EMERGENCY + "第七十二条第二款"),
            text("former", "原响应级别", required=False),
            text("expected", "预计期限", element=EMERGENCY + "第七十二条第二款"),
            lines("measures", "应急处置措施", element=EMERGENCY + "第七十二条第二款"),
            long("suggestion", "按规则提出的建议及理由"),
            long("reasons", "决定的理由"),
            text("decided_by", "决定人及职务"),
            moment("decided_at", "决定时间"),
            text("plan", "所依据的预案或者规则"),
        ),
        (EMERGENCY + "第七十一条", EMERGENCY + "第七十二条第二款"),
        seal=Seal.OFFICIAL,
        series=Series.RESPONSE,
        signatures=("决定人",),
    )
    RESPONSE_REPORT = Kind(
        "",
        "预警响应情况报告",
        None,
        "model",
        (
            text("event", "响应事项"),
            long("warning", "预警"),
            moment("started_at", "开始时间"),
            moment("ended_at", "结束时间"),
            rows(
                "levels",
                "响应级别的决定",
                text("at", "时间"),
                text("act", "决定"),
                text("by", "决定人"),
                required=False,
            ),
            rows(
                "members",
                "任务完成情况",
                text("member", "成员单位"),
                text("tasks", "任务"),
                text("done", "按时完成"),
                text("late", "逾期完成"),
                text("waived", "不适用"),
            ),
            lines("waived", "不适用的任务及理由", required=False),
            rows(
                "evacuations",
                "避险转移",
                text("from", "重点部位"),
                text("to", "避险点"),
                text("people", "应转移人数"),
                text("arrived", "到达人数"),
                required=False,
            ),
            lines("consultations", "会商", required=False),
            long("summary", "小结"),
        ),
        (EMERGENCY + "第六十六条", EMERGENCY + "第七十条第二款"),
        seal=Seal.OFFICIAL,
        series=Series.RESPONSE,
    )
    SERVICE_ADDRESS = Kind(
        "D59",
        "送达地址及电子送达确认书",
        None,
        "memory",
        (
            CASE_NAME,
            text("party_name", "当事人"),
            text("party_identity", "统一社会信用代码（身份证号）"),
            text("address", "送达地址"),
            text("recipient", "收件人"),
            text("phone", "联系电话"),
            text("postcode", "邮政编码", required=False),
            text("agent", "指定代收人", required=False),
            flag("electronic_consent", "同意电子送达"),
            text("electronic_channel", "电子送达方式", required=False),
            text("electronic_address", "电子送达地址（号码）", required=False),
            day("confirmed_on", "确认日期"),
        ),
        (APL + "第六十一条第二款", "《民事诉讼法》第九十条"),
        signatures=("当事人",),
    )

    @property
    def kind(self) -> Kind:
        """The facts of this kind."""
        return self.value

    @property
    def code(self) -> str:
        """The identifier stored with each paper, e.g. ``ADVANCE_NOTICE``."""
        return self.name

    @property
    def form_code(self) -> str:
        """Code of the printed form, e.g. D24; empty for forms of our own."""
        return self.value.code

    @property
    def title(self) -> str:
        """Chinese title."""
        return self.value.title

    @property
    def word(self) -> str | None:
        """字 of the number, e.g. 应急罚; None for unnumbered papers."""
        return self.value.word

    @property
    def confidence(self) -> str:
        """How sure we are of the word: source, memory or model."""
        return self.value.confidence

    @property
    def numbered(self) -> bool:
        """Whether the paper bears the serial of its matter."""
        return self.value.word is not None

    @property
    def served(self) -> bool:
        """Whether the paper is served on a party."""
        return self.value.served

    @property
    def seal(self) -> Seal:
        """Which seal it bears."""
        return self.value.seal

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its fields, in the order of the form."""
        return self.value.fields

    @property
    def basis(self) -> tuple[str, ...]:
        """Articles the paper rests on, in Chinese."""
        return self.value.basis

    def word_in(self, series: Series | str) -> str | None:
        """The word in matters of ``series``.

        Inspections and cases count apart; a form that both use (送达回执) is therefore marked in the series where it is
        a guest (应急检回), or one organ could issue the same number twice.
        """
        word, series = self.word, Series.of(series)
        if word is None or series is self.value.series:
            return word
        return word.replace("应急", "应急" + series.mark, 1)

    def check(self, context: Context, *, issue: bool = True) -> Errors:
        """Field → Chinese sentence for everything wrong with ``context``; ``issue=False`` forgives late fields."""
        return check(self, context, issue=issue)

    def defaults(self) -> dict[str, Any]:
        """An empty context: every field with an empty value of its type."""
        empty = {FieldType.LINES: list, FieldType.ROWS: list, FieldType.OFFICERS: list, FieldType.FLAG: bool}
        return {field.name: empty.get(field.type, str)() for field in self.fields}


# not typed by hand: the issuing organ (element (六) of 59), the demo mark, and signatures drawn on a screen
# ({"执法人员": [sha256 of the picture, …]}, keyed by the words of ``Kind.signatures``)
SUPPLIED = frozenset({"organ", "demo", "signatures"})


def check(document: Document, context: Context, *, issue: bool) -> Errors:
    """Everything wrong with ``context`` for this kind, field by field; empty when the paper can be made."""
    errors: Errors = {}
    known = {field.name for field in document.fields} | SUPPLIED
    for name in context:
        if name not in known:
            errors[name] = f"《{document.title}》没有“{name}”这一项"
    for field in document.fields:
        if not field.applies_to(context):
            continue
        value = context.get(field.name)
        if field.type is not FieldType.FLAG and is_empty(value):
            if field.required and (issue or not field.late):
                errors[field.name] = field.missing_message(document.title)
        elif value is not None and (wrong := problem(field, value)):
            errors[field.name] = wrong
    for name, message in _cross_checks(document, context, errors).items():
        errors.setdefault(name, message)
    return errors


def _cross_checks(document: Document, context: Context, errors: Errors) -> Errors:
    """Checks over several fields; a field already known to be wrong is left out."""
    found: Errors = {}
    for start, end in (("started_at", "ended_at"), ("inspect_from", "inspect_to")):
        if start in context and end in context and not {start, end} & errors.keys() and context[end] < context[start]:
            found[end] = "结束时间不得早于开始时间"
    if document in (Document.PENALTY_DECISION_UNIT, Document.PENALTY_DECISION_PERSON) and "penalties" not in errors:
        found |= _performance_errors(document, context)
    if document is Document.DISCUSSION_MINUTES and not {"present", "statements"} & errors.keys():
        silent = {row["name"] for row in context["present"]} - {row["name"] for row in context["statements"]}
        if silent:
            found["statements"] = f"缺少出席人员的意见：{'、'.join(sorted(silent))}（{APL}第五十七条第二款）"
    if document is Document.SERVICE_ADDRESS and context.get("electronic_consent"):
        for name, label in (("electronic_channel", "电子送达方式"), ("electronic_address", "电子送达地址（号码）")):
            if is_empty(context.get(name)):
                found[name] = f"同意电子送达的，请填写“{label}”（{APL}第六十一条第二款）"
    if document is Document.DISCLOSURE_SHEET and context.get("act") == "撤回" and is_empty(context.get("reason")):
        found["reason"] = f"撤回公开的决定信息应当说明理由（{APL}第四十八条第二款）"
    if document is Document.SITE_RECORD and not {"ended_at", "certificates_shown_at"} & errors.keys():
        late = context["certificates_shown_at"] > context["ended_at"]
        if late:
            found["certificates_shown_at"] = f"执法证件应当在检查时出示（{APL}第五十五条第一款）"
    return found


def _performance_errors(document: Document, context: Context) -> Errors:
    """Element (四) of 59: a fine needs the bank and the days, anything else its manner and term in words."""
    found: Errors = {}
    fined = [row for row in context["penalties"] if not is_empty(row.get("amount"))]
    for row in context["penalties"]:
        if row["kind"].startswith("罚款") and is_empty(row.get("amount")):
            found["penalties"] = f"罚款应当写明数额（{CONTENTS.format('三')}）"
    if fined:
        for field in document.fields:
            to_pay = field.name in ("bank_name", "bank_account", "account_name", "pay_days")
            if to_pay and is_empty(context.get(field.name)):
                found[field.name] = field.missing_message(document.title)
    unfined = len(fined) < len(context["penalties"])
    if unfined and is_empty(context.get("performance")):
        field = next(field for field in document.fields if field.name == "performance")
        found["performance"] = field.missing_message(document.title)
    return found
