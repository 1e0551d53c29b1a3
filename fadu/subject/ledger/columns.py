"""The fields of a ledger and the titles under which bureaus keep them [pure]."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from fadu.subject.ledger.cleaning import plain


class Reads(StrEnum):
    """How the cells of a field are read."""

    NAME = "name"
    CODE = "code"
    COUNTY = "county"
    TOWNSHIP = "township"
    TEXT = "text"
    COUNT = "count"
    DAY = "day"
    END = "end"
    RISK = "risk"
    DEGREES = "degrees"
    PHONE = "phone"
    CHOICE = "choice"
    SERIAL = "serial"  # 序号: read by nobody


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its key (that of the model where it has one), its Chinese name, how it is read, its titles.

    ``titles`` is a pattern that a whole title, without blanks, units and brackets, must match.
    """

    key: str
    title: str
    reads: Reads
    titles: str
    limit: int = 0
    weight: int = 1


UNIT = r"(?:企业|单位|公司|生产经营单位|经营单位|生产经营主体|市场主体|经营主体|主体|监管对象|被监管单位|商户|机构|用人单位|被检查单位)"
PERMIT = r"(?:安全生产|危险化学品|危化品|烟花爆竹|经营|生产|使用|安全使用|采矿|行政|相关)*(?:许可证|许可|证照|资质证书|资质|证书)"
PHONE = r"(?:联系)?(?:电话|手机|方式|号码|手机号码?|电话号码?|移动电话)(?:号码)?"

FIELDS = (
    Field("serial", "序号", Reads.SERIAL, r"序号?|编号|序列号?|行号|NO\.?|№", weight=0),
    Field("name", "企业名称", Reads.NAME, rf"{UNIT}(?:全称|名称|名|全名)(?:全称)?|{UNIT}|名称|全称|字号名称|受检单位|"
        r"(?!上级|主管|母公司|集团|所属|评价|监管|管理|检测|填报|报送|检查|执法).{1,10}(?:企业|单位|公司|站|店|厂|矿|商户|经营部)(?:名称|全称)", 100, 4),
    Field(
        "uscc", "统一社会信用代码", Reads.CODE,
        rf"(?:{UNIT})?(?:统一社会|社会统一|统一|社会)?(?:信用)代?码(?:证)?(?:号码?)?|统一代码|社会信用代码.*|统一社会信用代码.*|税号|纳税人识别号|"
        r"USCC|机构代码|信用代码/注册号|信用代码\(?或注册号\)?|营业执照(?:注册)?(?:号码?|编号|代码)|(?:工商)?注册号|代码", weight=4,
    ),
    Field(
        "county", "所属县区", Reads.COUNTY,
        rf"(?:{UNIT})?(?:所属|所在|所在地|属地|管辖|监管|归属|注册|注册地|隶属)?的?(?:县区?市?|区县?|县[(、/]?市?[、/]?区?\)?|县市区|区县市|市县区|行政区划?|行政区域|辖区|属地|地区|区域|县域|县别)(?:名称)?|"
        r"(?:所属|所在)(?:地|属地)|(?:所属|所在)?行政区划|属地(?:监管|管理)?", weight=2,
    ),
    Field("township", "乡镇（街道）", Reads.TOWNSHIP, r"(?:所属|所在|属地)?(?:乡镇?|镇|街道)[(、/]?(?:街道|街办|办事处|街|乡|镇)*\)?(?:名称)?"),
    Field(
        "address", "地址", Reads.TEXT,
        rf"(?:{UNIT})?(?:详细|注册|登记|住所|通讯|通信|联系|办公|所在|法定)?(?:地址|住所|地点|住址)|住所\(?地址\)?|地址\(?住所\)?", 200,
    ),
    Field("site_address", "生产经营场所", Reads.TEXT, r"(?:实际)?(?:生产|经营|生产经营)(?:场所|地址|地点)(?:地址)?|实际地址", 200),
    Field(
        "legal_representative", "法定代表人", Reads.TEXT,
        rf"(?:{UNIT})?(?:法定代表人|法人代表|法人|法人姓名|法定代表人姓名|法定代表人[(/、].*|负责人|负责人姓名)", 60,
    ),
    Field("principal", "主要负责人", Reads.TEXT, r"(?:安全)?(?:生产)?(?:主要|第一)(?:负责人|责任人)(?:姓名)?|实际控制人", 60),
    Field(
        "safety_officer", "安全管理人员", Reads.TEXT,
        r"(?:专职|专兼职)?(?:安全|安全生产|安管)(?:管理人员|管理员|负责人|员|人员|总监)(?:姓名)?|分管(?:安全)?负责人", 60,
    ),
    Field("contact", "联系人", Reads.TEXT, rf"(?:{UNIT})?(?:联系人|联络人|联系人员|联络员|联系人姓名)", 60),
    Field("legal_phone", "法定代表人电话", Reads.PHONE, rf"(?:法定代表人|法人代表|法人|负责人)(?:/负责人)?的?{PHONE}"),
    Field("principal_phone", "主要负责人电话", Reads.PHONE, rf"(?:主要|第一)(?:负责人|责任人)的?{PHONE}"),
    Field("safety_phone", "安全管理人员电话", Reads.PHONE, rf"(?:专职)?(?:安全|安全生产|安管)(?:管理人员|管理员|负责人|员|人员|总监)的?{PHONE}"),
    Field("duty_phone", "值班电话", Reads.PHONE, rf"(?:24小时)?(?:应急)?值班(?:室)?{PHONE}|固定电话|座机(?:号码)?|办公电话"),
    Field("phone", "联系电话", Reads.PHONE, rf"(?:{UNIT})?(?:联系人|联络人|联络员)?的?{PHONE}|(?:手机|电话)(?:或|/|、)(?:手机|电话|座机)"),
    Field(
        "workforce", "从业人数", Reads.COUNT,
        rf"(?:{UNIT})?(?:现有|在册|实有)?(?:从业|职工|员工|用工|在职|在岗|人员)(?:人员|职工|员工)?(?:总)?(?:人数|数|数量|总数|规模|总人数)|(?:从业|用工)人员|人数|总人数|职工",
    ),
    Field(
        "established_on", "成立日期", Reads.DAY,
        r"(?:企业|单位|公司|营业执照)?(?:成立|注册|设立|登记|注册登记|工商注册|工商登记|开业|建厂|建成|投产|建立|创办)(?:日期|时间|年月日?|年份|日)",
    ),
    Field("permit_number", "许可证编号", Reads.TEXT, rf"{PERMIT}(?:编号|号码|证号|号|书号|书编号)|证书?编号|证号", 60),
    Field(
        "permit_from", "许可证起始日期", Reads.DAY,
        rf"(?:{PERMIT})?(?:的)?(?:发证|取证|颁发|核发|颁证|领证|有效期(?:开始|起始|起|自)|起始|生效|批准|首次发证)(?:日期|时间|日)?|(?:{PERMIT})?有效期(?:自|起|从)",
    ),
    Field(
        "permit_until", "许可证有效期至", Reads.END,
        rf"(?:{PERMIT})?(?:的)?(?:有效期限?|有效期限?(?:至|到|止|截止|终止|届满)|有效(?:期)?(?:截止|终止)|到期|届满|失效|截止|终止|期满|有效)(?:日期|时间|日|至)?|"
        rf"(?:{PERMIT})(?:期限)",
    ),
    Field(
        "business_until", "营业期限至", Reads.END,
        r"(?:营业|经营|营业执照|执照)(?:的)?(?:期限|有效期限?|截止|到期)(?:至|到|止)?(?:日期|时间|日)?",
    ),
    Field("risk", "风险等级", Reads.RISK, rf"(?:{UNIT})?(?:安全|安全生产|固有|综合|整体|风险)?(?:风险)(?:管控|评估|评价)?(?:等级|级别|分级|类别|评级|评定等级|颜色|程度|定级|分级等级)?(?:评定|划分)?|分级|(?:分级)?(?:等级|级别)|(?:红橙黄蓝|四色)(?:等级|分级)?|安全等级"),
    Field("longitude", "经度", Reads.DEGREES, r"(?:地理|所在|坐标|企业|GPS)?(?:坐标|位置)?(?:东?经度?|东经|LONGITUDE|LNG|LON)(?:坐标)?|坐标X|X坐标"),
    Field("latitude", "纬度", Reads.DEGREES, r"(?:地理|所在|坐标|企业|GPS)?(?:坐标|位置)?(?:北?纬度?|北纬|LATITUDE|LAT)(?:坐标)?|坐标Y|Y坐标"),
    Field("sector", "监管行业", Reads.CHOICE, r"(?:监管|所属|主要|行业|企业)?(?:行业|行业类别|行业领域|行业类型|领域|监管类别|监管行业|行业\(?领域\)?)(?:名称)?"),
    Field("scale", "规模", Reads.CHOICE, r"(?:企业|单位|生产)?规模(?:类型|类别)?|企业划型"),
    Field("status", "状态", Reads.CHOICE, r"(?:企业|单位|经营|生产|营业|登记|存续|生产经营|运行|经营)?(?:状态|状况|经营状态)"),
)  # fmt: skip
BY_KEY = {field.key: field for field in FIELDS}
_PATTERNS = [(field, re.compile(field.titles, re.IGNORECASE)) for field in FIELDS]
NOISE = re.compile(r"[\s*※★☆#:：;；。.,，、]|必填项?|选填项?|非必填|请选择")
BRACKETS = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")
# titles that mean nothing without the one above them: 联系人 over 姓名 and 电话
GENERIC = re.compile(
    r"姓名|电话|手机|号码|手机号码?|电话号码|编号|日期|时间|名称|联系电话|联系方式|等级|级别|证号|有效期.*|发证日期|期限|代码|至|起|止"
)


def squeezed(text: str) -> str:
    """A title without blanks, marks and words such as 必填."""
    return NOISE.sub("", plain(text))


def field_of(title: str, above: str = "") -> Field | None:
    """The field a title stands for, read with the title ``above`` it where there are two rows; None when unknown."""
    title, above = squeezed(title), squeezed(above)
    if above and title and above != title:
        found = _match(above + title) or _match(_group(above) + title)
        if found is not None:
            return found
        if GENERIC.fullmatch(BRACKETS.sub("", title)) and not re.search(r"信息|情况|基本|概况|资料", above):
            return None
    return _match(title or above)


def _group(above: str) -> str:
    """A group's name as far as it belongs to the titles under it: 法定代表人信息 → 法定代表人."""
    return re.sub(r"(?:基本|主要)?(?:信息|情况|概况|资料)$", "", BRACKETS.sub("", above))


def _match(title: str) -> Field | None:
    """The field of one title, first as written, then without what stands in brackets."""
    for candidate in dict.fromkeys((title, title.replace("(", "").replace(")", ""), BRACKETS.sub("", title))):
        if candidate:
            for field, pattern in _PATTERNS:
                if pattern.fullmatch(candidate):
                    return field
    return None
