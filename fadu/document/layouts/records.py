"""Records and reports: what was seen, said, found and discussed, signed by those who were there."""

from __future__ import annotations

from fadu.document.layouts.blocks import (
    BLANK_BELOW,
    Block,
    Sheet,
    articles,
    cn_date,
    cn_moment,
    ended,
    heading,
    images,
    in_brackets,
    joined,
    line,
    officer_signs,
    para,
    paras,
    points,
    questions,
    sign,
    signs,
    table,
)


def team(sheet: Sheet) -> str:
    """Officers with certificate numbers within a sentence."""
    return "、".join(f"{row['name']}（执法证号：{row['certificate']}）" for row in sheet.rows("officers"))


def site_record(sheet: Sheet) -> list[Block]:
    """现场检查记录."""
    blocks = [
        line(("被检查单位", sheet["inspected_name"])),
        line(("地址", sheet["inspected_address"])),
        line(
            ("法定代表人（负责人）", sheet["legal_rep"], 1.5),
            ("职务", sheet["legal_rep_post"]),
            ("联系电话", sheet["phone"], 1.3),
        ),
        line(("检查场所", sheet["place"])),
        line(("检查时间", sheet.span("started_at", "ended_at"))),
        para(
            f"我们是{sheet.organ}行政执法人员{team(sheet)}，于{sheet.moment('certificates_shown_at')}向你单位出示执法证件，"
            f"现依法对你单位进行现场检查，请予以配合。"
        ),
        heading("检查情况"),
        *points([ended(item) for item in sheet.lines("findings")]),
        BLANK_BELOW,
    ]
    if sheet["accompanied_by"]:
        blocks.append(line(("现场陪同人员", sheet["accompanied_by"])))
    if sheet["site_opinion"]:
        blocks.append(para(f"被检查单位现场负责人意见：{ended(sheet['site_opinion'])}"))
    if sheet["refusal"]:
        blocks.append(para(f"拒绝签名的情况：{ended(sheet['refusal'])}"))
    return [
        *blocks,
        signs(
            *officer_signs(sheet, "检查人员（签名）", "检查人员"),
            sign("被检查单位现场负责人（签名）", image=sheet.drawn("被检查单位现场负责人"), dated=True),
        ),
    ]


def questioning_record(sheet: Sheet) -> list[Block]:
    """询问笔录: identity shown, truth demanded, rights told and recusal offered before the first question."""
    opening = (
        f"我们是{sheet.organ}行政执法人员{team(sheet)}，这是我们的执法证件（出示执法证件）。现依法向你询问有关问题，你应当如实回答，"
        f"不得拒绝或者阻挠。你是否清楚？"
    )
    recusal = "你认为我们与本案有直接利害关系或者有其他关系可能影响公正执法的，有权申请我们回避，并有权进行陈述和申辩。你是否申请回避？"
    asked = [(opening, sheet["identity_answer"]), (recusal, sheet["recusal_answer"])]
    return [
        line(
            ("询问时间", sheet.span("started_at", "ended_at"), 3.2),
            ("第几次询问", f"第{sheet['nth']}次"),
        ),
        line(("询问地点", sheet["place"])),
        line(("被询问人", sheet["asked_name"]), ("性别", sheet["asked_sex"], 0.6), ("年龄", sheet["asked_age"], 0.6)),
        line(("身份证号", sheet["asked_id_no"], 1.3), ("联系电话", sheet["asked_phone"])),
        line(("家庭住址", sheet["asked_home_address"])),
        line(("所在单位", sheet["asked_employer"], 1.6), ("职务", sheet["asked_post"])),
        line(("单位地址", sheet["asked_employer_address"])),
        line(("询问人", "、".join(row["name"] for row in sheet.rows("officers")), 1.4), ("记录人", sheet["recorder"])),
        line(("在场人", sheet["others_present"] or "无")),
        line(("事由", sheet["matter"])),
        questions([*asked, *((row["q"], row["a"]) for row in sheet.rows("qa"))]),
        BLANK_BELOW,
        para("以上笔录我已看过（已向我宣读），与我所述一致。"),
        line(("由被询问人书写“以上笔录看过无误”", "")),
        signs(
            sign("被询问人（签名）", image=sheet.drawn("被询问人"), dated=True),
            *officer_signs(sheet, "询问人（签名）", "询问人"),
            sign("记录人（签名）", name=sheet["recorder"], image=sheet.drawn("记录人")),
        ),
    ]


def defence_record(sheet: Sheet) -> list[Block]:
    """当事人陈述申辩笔录."""
    blocks = [
        line(("案件名称", sheet["case_name"])),
        line(("时间", sheet.span("started_at", "ended_at"))),
        line(("地点", sheet["place"])),
        line(("当事人", sheet["party_name"])),
        line(
            ("陈述申辩人", sheet["speaker_name"], 1.2),
            ("性别", sheet["speaker_sex"], 0.6),
            ("与当事人的关系", sheet["speaker_capacity"], 1.4),
        ),
        line(("所在单位", sheet["speaker_employer"], 1.5), ("联系电话", sheet["speaker_phone"])),
        line(("地址", sheet["speaker_address"])),
        para(
            f"我们是{sheet.organ}行政执法人员{team(sheet)}，这是我们的执法证件（出示执法证件）。针对《行政处罚告知书》"
            f"{in_brackets(sheet['notice_number'])}告知的内容，现听取你（单位）的陈述和申辩，并予以记录。"
        ),
        heading("陈述申辩内容"),
        *paras(sheet["statement"]),
    ]
    if sheet.lines("materials"):
        blocks += [heading("提交的证据材料"), *points([ended(item) for item in sheet.lines("materials")])]
    return [
        *blocks,
        BLANK_BELOW,
        para("以上笔录我已看过（已向我宣读），与我所述一致。"),
        line(("由陈述申辩人书写“以上笔录看过无误”", "")),
        signs(
            sign("陈述申辩人（签名）", name="", image=sheet.drawn("陈述申辩人"), dated=True),
            *officer_signs(sheet, "执法人员（签名）", "执法人员"),
            sign("记录人（签名）", name=sheet["recorder"], image=sheet.drawn("记录人")),
        ),
    ]


def consideration(sheet: Sheet) -> list[Block]:
    """陈述申辩复核意见书."""
    rows = [
        (str(number), row["claim"], row["finding"], row["adopted"])
        for number, row in enumerate(sheet.rows("points"), 1)
    ]
    blocks = [
        line(("案件名称", sheet["case_name"])),
        line(("当事人", sheet["party_name"])),
        line(("告知书文号", sheet["notice_number"], 1.3), ("陈述申辩日期", sheet.day("defence_on"))),
        para("依据《行政处罚法》第四十五条第一款的规定，本机关对当事人提出的事实、理由和证据逐条复核如下："),
        table((12, 58, 62, 24), ("序号", "当事人的意见、理由和证据", "复核情况", "是否采纳"), rows),
        heading("复核结论"),
        *paras(sheet["conclusion"]),
        signs(*officer_signs(sheet, "复核人员（签名）", "复核人员")),
    ]
    for opinion in sheet.rows("opinions"):
        blocks.append(para(f"{opinion['title']}：{ended(opinion['text'])}"))
        signed = joined(opinion.get("post") or "", opinion["name"], cn_date(opinion["on"]))
        blocks.append({"t": "right", "text": signed})
    return blocks


def report(sheet: Sheet) -> list[Block]:
    """行政处罚案件调查报告."""
    people = []
    for row in sheet.rows("parties"):
        facts = (row.get("identity"), row.get("representative"), row.get("address"), row.get("phone"))
        labels = ("统一社会信用代码（身份证号）：", "法定代表人（负责人）：", "地址：", "联系电话：")
        said = [text + str(fact) for text, fact in zip(labels, facts, strict=True) if fact]
        people.append("，".join([row["name"], *said]) + "。")
    evidence = [(str(number), row["name"], row["proves"]) for number, row in enumerate(sheet.rows("evidence"), 1)]
    return [
        line(("案件名称", sheet["case_name"])),
        line(("案件来源", sheet["source"], 1.5), ("立案日期", sheet.day("filed_on"))),
        heading("一、当事人基本情况"),
        *points(people),
        heading("二、调查经过"),
        *paras(sheet["course"]),
        heading("三、查明的事实"),
        *paras(sheet["facts"]),
        heading("四、证据"),
        table((12, 60, 84), ("序号", "证据名称", "证明内容"), evidence),
        heading("五、案件性质和责任认定"),
        para(f"上述行为涉嫌违反{articles(sheet.lines('violated'))}的规定。"),
        *paras(sheet["nature"]),
        heading("六、裁量情节及理由"),
        *paras(sheet["discretion"]),
        heading("七、处理建议"),
        *paras(sheet["proposal"]),
        BLANK_BELOW,
        signs(*officer_signs(sheet, "调查人员（签名）", "调查人员"), {}),
        {"t": "right", "text": cn_date(sheet.issued_on) or "年　月　日"},
    ]


def minutes(sheet: Sheet) -> list[Block]:
    """行政处罚集体讨论记录: every opinion by name."""
    present = "、".join(joined(row["name"], f"（{row['post']}）", by="") for row in sheet.rows("present"))
    blocks = [
        line(("案件名称", sheet["case_name"])),
        line(("讨论时间", sheet.span("started_at", "ended_at"))),
        line(("地点", sheet["place"])),
        line(("主持人", sheet["chair"]), ("汇报人", sheet["reporter"]), ("记录人", sheet["recorder"])),
        para(f"出席人员：{present}。"),
    ]
    if sheet.lines("observers"):
        blocks.append(para(f"列席人员：{'、'.join(sheet.lines('observers'))}。"))
    if sheet.lines("recused"):
        blocks.append(para(f"回避人员及理由：{'；'.join(sheet.lines('recused'))}。"))
    blocks += [heading("一、案情和处理建议"), *paras(sheet["content"]), heading("二、讨论意见")]
    for row in sheet.rows("statements"):
        blocks.append(para(f"{row['name']}：{ended(row['opinion'])}"))
    return [
        *blocks,
        heading("三、结论性意见"),
        *paras(sheet["conclusion"]),
        BLANK_BELOW,
        heading("出席人员签名"),
        signs(
            *(
                sign(row["post"], name=row["name"], image=sheet.drawn("出席人员", index))
                for index, row in enumerate(sheet.rows("present"))
            )
        ),
    ]


def photos(sheet: Sheet) -> list[Block]:
    """证据照片页: each photograph with what it proves, when, where, by whom."""
    items = []
    for row in sheet.rows("photos"):
        pairs = [
            ("证明内容", row["shows"]),
            ("拍摄时间", cn_moment(row["taken_at"])),
            ("拍摄地点", row["place"]),
            ("拍摄人", row["taken_by"]),
        ]
        if row.get("device"):
            pairs.append(("设备", row["device"]))
        items.append(
            {
                "path": sheet.images.get(row["sha256"], ""),
                "pairs": [{"label": name, "value": value} for name, value in pairs],
                "sha256": row["sha256"],
            }
        )
    return [
        line(("案件名称", sheet["case_name"])),
        images(items),
        signs(
            *officer_signs(sheet, "执法人员（签名）", "执法人员"),
            sign("当事人（签名）", image=sheet.drawn("当事人"), dated=True),
        ),
    ]
