"""The roles a post may carry, each explained for the manager who hands it out [pure]."""

from __future__ import annotations

from enum import Enum


class Role(Enum):
    """One kind of lawful act within the bureau; a post carries any number of them.

    The value is the key kept in the database, `title` the Chinese name and `meaning` a paragraph for managers.
    """

    CASE_OFFICER = "case_officer"
    REVIEWER = "reviewer"
    LEGAL_REVIEWER = "legal_reviewer"
    AGENCY_HEAD = "agency_head"
    PRINCIPAL_HEAD = "principal_head"
    TREASURER = "treasurer"
    PUBLISHER = "publisher"
    ARCHIVIST = "archivist"
    CLERK = "clerk"
    ADMIN = "admin"
    SECURITY = "security"
    AUDITOR = "auditor"

    @property
    def title(self) -> str:
        """The Chinese name of the role, as shown on pages and in the record."""
        return _TITLES[self]

    @property
    def meaning(self) -> str:
        """What a holder of the role may do and must not do, in a paragraph a manager can read."""
        return _MEANINGS[self]

    def __str__(self) -> str:
        return self.title


_TITLES: dict[Role, str] = {
    Role.CASE_OFFICER: "承办执法人员",
    Role.REVIEWER: "审核人",
    Role.LEGAL_REVIEWER: "法制审核人员",
    Role.AGENCY_HEAD: "行政机关负责人",
    Role.PRINCIPAL_HEAD: "主要负责人（正职）",
    Role.TREASURER: "收款登记人员",
    Role.PUBLISHER: "公开人员",
    Role.ARCHIVIST: "档案管理人员",
    Role.CLERK: "内勤",
    Role.ADMIN: "系统管理员",
    Role.SECURITY: "安全管理员",
    Role.AUDITOR: "审计管理员",
}

_MEANINGS: dict[Role, str] = {
    Role.CASE_OFFICER: (
        "检查、调查取证、告知和送达的人。每次执法不少于两人，当天都要持有有效的执法证件"
        "（《行政处罚法》第四十二条第一款）。承办人提出处理建议，但不能审核、也不能批准自己承办的案件。"
    ),
    Role.REVIEWER: (
        "承办机构的负责人，一般是执法科（队）长。对承办人报来的立案、延期、结案等事项先作审核，"
        "同意的报机关负责人，不同意的写明理由退回。不审核自己承办的案件。"
    ),
    Role.LEGAL_REVIEWER: (
        "法制机构的审核人员。法律规定和本机关目录内的案件，未经法制审核或者审核未通过，不得作出决定；"
        "初次从事这项工作的，应当通过国家统一法律职业资格考试（《行政处罚法》第五十八条）。不审核自己承办的案件。"
    ),
    Role.AGENCY_HEAD: (
        "行政机关的负责人，包括正职和分管副职。批准立案、采取措施和结案，决定处罚或者不予处罚，决定执法人员是否回避，"
        "参加集体讨论（《行政处罚法》第四十三条、第五十七条）。不批准自己承办的案件。"
    ),
    Role.PRINCIPAL_HEAD: (
        "行政机关的正职负责人；正职空缺时，是依法主持工作的负责人。向公安机关移送涉嫌犯罪案件只能由其批准，"
        "不批准的也要写明理由（《行政执法机关移送涉嫌犯罪案件的规定》第五条）。一个机关在同一天只应有一人。"
    ),
    Role.TREASURER: (
        "根据银行或者财政票据登记罚款收缴情况的人。作出处罚决定的机关与收缴罚款的机构分离"
        "（《行政处罚法》第六十七条），所以案件的承办人不登记本案的收款。"
    ),
    Role.PUBLISHER: (
        "把应当公开的检查结果和处罚决定隐去个人信息后公开的人；决定被变更、撤销、确认违法或者无效的，负责按期撤回"
        "（《行政处罚法》第四十八条）。只处理公开内容，不能改动案件。"
    ),
    Role.ARCHIVIST: (
        "接收已经结案的案卷，检查材料是否齐全，编目、归档并提供查阅的人（《行政处罚法》第四十七条）。"
        "归档以后，任何人都不能再改动案卷。"
    ),
    Role.CLERK: (
        "办理登记、收发和台账的内勤人员：登记线索和监管对象，录入送达回执，导出台账。没有执法证件时不能作为执法人员签字。"
    ),
    Role.ADMIN: (
        "维护机构、岗位、人员、账号和系统配置的人。为了把管系统的人和办案子的人分开，系统管理员看不到任何案件、检查和监管对象；"
        "其登记的任职、岗位职责和账号，经安全管理员确认才生效。"
    ),
    Role.SECURITY: (
        "确认任职、岗位职责和账号授权的人，并负责解除锁定、强制退出和重置双因素验证。自己不登记授权，只确认或者不确认；"
        "看不到任何案件、检查和监管对象，也不能查看审计日志。"
    ),
    Role.AUDITOR: (
        "查看登录日志、管理员操作日志和查阅记录的人，只看不改；查阅记录只看得到谁在何时查阅了哪一件，看不到内容。与系统管理员、安全管理员由不同的人担任（三员分立），"
        "看不到任何案件、检查和监管对象。"
    ),
}

# 三员: they keep the house and see no matter; one person is never two of them (GB/T 22239, from memory).
ADMINISTRATORS = frozenset({Role.ADMIN, Role.SECURITY, Role.AUDITOR})
