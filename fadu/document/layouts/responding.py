"""Papers of a response to a warning: minutes of a consultation, decisions on the level, and the report at the end."""

from __future__ import annotations

from fadu.document.layouts.blocks import (
    BLANK_BELOW,
    Block,
    Sheet,
    ended,
    heading,
    joined,
    line,
    para,
    paras,
    points,
    seal,
    sign,
    signs,
    table,
    unended,
)


def consultation(sheet: Sheet) -> list[Block]:
    """会商纪要: who was there, what each said, and what came of it."""
    present = "、".join(joined(row["name"], f"（{row['post']}）", by="") for row in sheet.rows("present"))
    return [
        line(("会商事项", sheet["event"])),
        line(("会商时间", sheet.span("started_at", "ended_at"))),
        line(("地点", sheet["place"])),
        line(("主持人", sheet["chair"]), ("记录人", sheet["recorder"])),
        para(f"参加会商的单位和人员：{present}。"),
        heading("一、情况"),
        *paras(sheet["situation"]),
        heading("二、意见"),
        *(para(f"{row['name']}：{ended(row['opinion'])}") for row in sheet.rows("opinions")),
        heading("三、结论"),
        *paras(sheet["conclusion"]),
        BLANK_BELOW,
        heading("参加会商的人员签名"),
        signs(*(sign(row["post"], name=row["name"]) for row in sheet.rows("present"))),
    ]


def decision(sheet: Sheet) -> list[Block]:
    """应急响应决定书: event, level, expected duration and measures (突发事件应对法 72 II), who decided, and why."""
    what = {
        "启动": f"启动{sheet['level']}响应",
        "提升": f"将{sheet['former']}响应提升为{sheet['level']}响应",
        "降低": f"将{sheet['former']}响应降低为{sheet['level']}响应",
        "结束": f"结束{sheet['level']}响应",
    }.get(sheet["act"], "")
    return [
        para(f"针对{unended(sheet['event'])}，经{sheet['decided_by']}于{sheet.moment('decided_at')}决定，{what}。"),
        line(("预计期限", sheet["expected"])),
        heading("一、理由"),
        *paras(sheet["reasons"]),
        heading("二、应急处置措施"),
        *points(sheet.lines("measures")),
        heading("三、按规则提出的建议"),
        *paras(sheet["suggestion"]),
        para(f"所依据的预案或者规则：{ended(sheet['plan'])}", kind="small"),
        signs(sign("决定人", name=sheet["decided_by"])),
        seal(sheet),
    ]


def report(sheet: Sheet) -> list[Block]:
    """预警响应情况报告: what was to be done, by whom, how much of it in time, who was moved, and what is to be learnt."""
    blocks = [
        line(("响应事项", sheet["event"])),
        line(("起止时间", sheet.span("started_at", "ended_at"))),
        heading("一、预警"),
        *paras(sheet["warning"]),
        heading("二、响应级别"),
    ]
    levels = [(row["at"], row["act"], row["by"]) for row in sheet.rows("levels")]
    blocks.append(table((40, 60, 56), ("时间", "决定", "决定人"), levels) if levels else para("没有启动应急响应。"))
    blocks += [
        heading("三、任务完成情况"),
        table(
            (56, 25, 25, 25, 25),
            ("成员单位", "任务", "按时完成", "逾期完成", "不适用"),
            [(row["member"], row["tasks"], row["done"], row["late"], row["waived"]) for row in sheet.rows("members")],
        ),
    ]
    if sheet.lines("waived"):
        blocks += [para("不适用的任务及理由："), *points(sheet.lines("waived"))]
    moved = [(row["from"], row["to"], row["people"], row["arrived"]) for row in sheet.rows("evacuations")]
    blocks.append(heading("四、避险转移"))
    blocks.append(
        table((56, 50, 25, 25), ("重点部位", "避险点", "应转移", "到达"), moved)
        if moved
        else para("没有安排避险转移。")
    )
    blocks.append(heading("五、会商"))
    blocks += points(sheet.lines("consultations")) if sheet.lines("consultations") else [para("没有会商。")]
    return [*blocks, heading("六、小结"), *paras(sheet["summary"]), seal(sheet)]
