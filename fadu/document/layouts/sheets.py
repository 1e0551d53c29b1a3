"""Receipts, confirmations, and the cover and catalogue of a case file."""

from __future__ import annotations

from fadu.document.layouts.blocks import (
    Block,
    Sheet,
    cell,
    grid,
    label,
    line,
    para,
    points,
    sign,
    signs,
    table,
)


def receipt(sheet: Sheet) -> list[Block]:
    """文书送达回执: printed for signing by hand, or filled in after service."""
    papers = [
        (
            row["title"],
            row.get("number") or "",
            row.get("method") or "",
            row.get("received_on") or "",
            row.get("receiver") or "",
        )
        for row in sheet.rows("papers")
    ]
    rows = [
        [label("案件名称"), cell(sheet["case_name"], cols=3)],
        [label("受送达人"), cell(sheet["addressee"]), label("送达地点"), cell(sheet["place"])],
    ]
    blank = "　　签名：　　　　　　　　"
    servers = [f"{row['name']}　执法证号：{row['certificate']}{blank}" for row in sheet.rows("servers")]
    witnesses = [f"{name}{blank}" for name in sheet.lines("witnesses")]
    foot = [
        [label("送达人"), cell(servers, cols=3)],
        [label("见证人"), cell(witnesses or ["（留置送达时由见证人签名）"], cols=3)],
        [label("代收、拒收\n事由或者备注"), cell(sheet["remarks"], cols=3, least=24)],
    ]
    return [
        grid((28, 55, 22, 51), *rows),
        table(
            (33, 50, 19, 30, 24),
            ("送达文书名称", "文书字号", "送达方式", "收到时间", "收件人签名"),
            papers,
            least=4,
        ),
        grid((28, 55, 22, 51), *foot),
        para(
            "注：受送达人在本回执上签收的日期为送达日期。代收的，由代收人签名并注明与受送达人的关系；拒收的，写明拒收事由和日期。",
            kind="small",
        ),
    ]


def service_address(sheet: Sheet) -> list[Block]:
    """送达地址及电子送达确认书."""
    consent = bool(sheet.context.get("electronic_consent"))
    rows = [
        [label("案件名称"), cell(sheet["case_name"], cols=3)],
        [label("当事人"), cell(sheet["party_name"]), label("证件号码"), cell(sheet["party_identity"])],
        [label("送达地址"), cell(sheet["address"], cols=3)],
        [label("收件人"), cell(sheet["recipient"]), label("联系电话"), cell(sheet["phone"])],
        [label("邮政编码"), cell(sheet["postcode"]), label("指定代收人"), cell(sheet["agent"] or "无")],
        [label("是否同意\n电子送达"), cell("■ 同意　□ 不同意" if consent else "□ 同意　■ 不同意", cols=3)],
        [
            label("电子送达方式"),
            cell(sheet["electronic_channel"] or "／"),
            label("电子送达地址\n（号码）"),
            cell(sheet["electronic_address"] or "／"),
        ],
    ]
    told = [
        "当事人应当提供准确的送达地址；地址变更的，应当及时书面告知本机关。",
        "提供的地址不准确、变更后未告知，致使文书未能被实际接收的，由当事人承担相应后果。",
        "同意电子送达的，行政处罚决定书等文书可以传真、电子邮件等确认的方式送达，以到达确认的电子地址的日期为送达日期；当事人需要纸质文书的，本机关应当提供。",
    ]
    return [
        grid((29, 50, 28, 49), *rows),
        para("告知事项：", indent=False),
        *points(told),
        para("我（单位）已阅读（已听清）以上告知事项，保证所填内容准确、有效，并确认上述送达地址和送达方式。"),
        signs(sign("当事人（签名或者盖章）", image=sheet.drawn("当事人"))),
        {"t": "right", "text": sheet.day("confirmed_on")},
    ]


def cover(sheet: Sheet) -> list[Block]:
    """案卷（首页）."""
    team = "、".join(f"{row['name']}（{row['certificate']}）" for row in sheet.rows("officers"))
    return [
        {"t": "space", "mm": 14},
        grid(
            (1.2, 2.2, 1.2, 2.2),
            [label("案件名称"), cell(sheet["case_name"], cols=3, least=22, middle=True)],
            [label("案由"), cell(sheet["cause"], cols=3, least=16, middle=True)],
            [label("当事人"), cell(sheet["party_names"], cols=3, least=16, middle=True)],
            [label("处理结果"), cell(sheet["result"], cols=3, least=40, middle=True)],
            [label("立案日期"), cell(sheet.day("filed_on")), label("结案日期"), cell(sheet.day("closed_on"))],
            [label("承办人"), cell(team, cols=3)],
            [label("归档日期"), cell(sheet.day("archived_on")), label("归档号"), cell(sheet["archive_number"])],
            [label("保存期限"), cell(sheet["retention"]), label("立卷人"), cell(sheet["filed_by"])],
        ),
        {"t": "space", "mm": 22},
        {"t": "centre", "text": sheet.organ},
    ]


def catalogue(sheet: Sheet) -> list[Block]:
    """卷内目录."""
    rows = [
        (str(number), row["title"], row.get("number") or "", row.get("on") or "", row["page"], row.get("remarks") or "")
        for number, row in enumerate(sheet.rows("entries"), 1)
    ]
    return [
        line(("案件名称", sheet["case_name"])),
        table((12, 34, 50, 31, 13, 16), ("序号", "文书名称", "文书字号", "日期", "页号", "备注"), rows, least=18),
    ]
