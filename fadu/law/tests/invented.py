"""Invented statutes for the tests of the library: no such law exists."""

import io
from collections.abc import Iterable

import docx

LIGHTHOUSES = """# 中华人民共和国示例灯塔法

2019年3月1日 示例人民代表大会常务委员会第三次会议通过

2022年6月10日 示例人民代表大会常务委员会第九次会议《关于修改〈中华人民共和国示例灯塔法〉的决定》修正

<!-- INFO END -->

## 第一章 总 则

第一条 为了加强灯塔管理，制定本法。

第二条 灯塔的设置和看守，适用本法。

渔船的灯火不适用本法。

## 第二章 看守

### 第一节 看守人

第三条 看守人应当具备下列条件：

（一）视力良好；

（二）持有看守证书，证书包括：

1.甲级证书；

2.乙级证书。

(三)没有酗酒记录。

前款规定的证书由示例部门颁发。

第三条之一 看守人可以带一名助手。

### 第二节 灯油

第四条 灯油应当按照本法第三条第一款第二项的规定保管，违反的依照《中华人民共和国行政处罚法》第五十八条审核。

## 第三章 附 则

第五条 本法自2019年7月1日起施行。

附件一

灯油品种

鲸油
"""
LIGHTHOUSES_2019 = """# 中华人民共和国示例灯塔法

2019年3月1日 示例人民代表大会常务委员会第三次会议通过

<!-- INFO END -->

第一条 为了加强灯塔管理，制定本法。

第二条 灯塔的设置、改建和看守，适用本法。

第三条 灯塔应当整夜点亮。

第四条 本法自2019年7月1日起施行。
"""
# As the national database prints it: no marks, full-width blanks, a table of contents, the notes in brackets.
BUOYS = (
    "示例浮标管理条例",
    "（2020年1月2日示例国务院令第9号公布　根据2023年5月6日《关于修改部分示例法规的决定》修订）",
    "目　　录",
    "第一章　总　　则",
    "第二章　浮标",
    "第三章　附　　则",
    "第一章　总　　则",
    "第一条　为了管理浮标，制定本条例。",
    "第二章　浮标",
    "第二条　浮标分为下列各类：",
    "（一）红色浮标；",
    "（二）绿色浮标。",
    "前款所称红色浮标，包括橙色浮标。",
    "第三条　擅自移动浮标的，由示例部门责令改正，处一千元以下的罚款。",
    "第三章　附　　则",
    "第四条　本条例自2023年9月1日起施行。",
)


def word(lines: Iterable[str]) -> bytes:
    """A real Word file with these paragraphs."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
