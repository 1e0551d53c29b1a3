"""The accounts of the SMS and voice channels, as the bureau's file names them; read strictly, with every fault told in Chinese."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fadu.callout.providers.aliyun import AliyunSms, AliyunVoice
from fadu.callout.providers.generic import Generic
from fadu.callout.providers.interface import Account
from fadu.callout.providers.tencent import TencentSms, TencentVoice

ADDRESSES = {
    ("aliyun", "sms"): "https://dysmsapi.aliyuncs.com/",
    ("aliyun", "voice"): "https://dyvmsapi.aliyuncs.com/",
    ("tencent", "sms"): "https://sms.tencentcloudapi.com/",
    ("tencent", "voice"): "https://vms.tencentcloudapi.com/",
}
MAKERS: dict[tuple[str, str], Callable[..., Account]] = {
    ("aliyun", "sms"): AliyunSms,
    ("aliyun", "voice"): AliyunVoice,
    ("tencent", "sms"): TencentSms,
    ("tencent", "voice"): TencentVoice,
}
NEEDED = {
    ("aliyun", "sms"): ("key_id", "secret", "template", "sign_name"),
    ("aliyun", "voice"): ("key_id", "secret", "template", "show_number"),
    ("tencent", "sms"): ("key_id", "secret", "template", "sign_name", "app_id"),
    ("tencent", "voice"): ("key_id", "secret", "template", "app_id"),
}
CLOUD = ("key_id", "template", "sign_name", "app_id", "region", "show_number", "bye", "personal")
TITLES = {"generic": "通用接口", "aliyun": "阿里云式接口", "tencent": "腾讯云式接口"}


class AccountsError(ValueError):
    """The file of accounts cannot be used; the message says why."""


class Entry(BaseModel):
    """One account of the file."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9-]{1,20}$")
    shape: Literal["generic", "aliyun", "tencent"] = "generic"
    url: str = ""
    secret: str = ""
    key_id: str = ""
    template: str = ""
    sign_name: str = ""
    app_id: str = ""
    region: str = ""
    show_number: str = ""
    bye: str = ""
    personal: bool = False
    batch: int | None = Field(None, ge=1, le=1000)
    rate: float | None = Field(None, gt=0)
    lines: int = Field(0, ge=0)


class Accounts(BaseModel):
    """The whole file: of each channel the account that is used first, and the one it shares with."""

    model_config = ConfigDict(extra="forbid")

    sms: list[Entry] = Field(default_factory=list, max_length=2)
    voice: list[Entry] = Field(default_factory=list, max_length=2)

    def of(self, channel: str) -> list[Entry]:
        """The accounts of a channel, ``sms`` or ``voice``."""
        return self.sms if channel == "sms" else self.voice


def read(path: Path) -> Accounts:
    """The accounts of a YAML file; raises AccountsError with the fields that are wrong."""
    try:
        accounts = Accounts.model_validate(yaml.safe_load(path.read_text()) or {})
    except OSError as error:
        raise AccountsError(f"读不出通道账号文件 {path}：{error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise AccountsError(f"通道账号文件 {path} 不是 YAML：{str(error)[:200]}") from error
    except ValidationError as error:
        said = "；".join(f"{'.'.join(map(str, one['loc']))}：{one['msg']}" for one in error.errors())
        raise AccountsError(f"通道账号文件 {path} 有误：{said}") from error
    names = [entry.name for channel in ("sms", "voice") for entry in accounts.of(channel)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise AccountsError(f"通道账号文件 {path} 有误：账号名称重复：{'、'.join(twice)}")
    for channel in ("sms", "voice"):
        for entry in accounts.of(channel):
            _demand_whole(channel, entry, path)
    return accounts


def _demand_whole(channel: str, entry: Entry, path: Path) -> None:
    """Refuse an account that lacks what its shape needs; raises AccountsError."""
    needed = NEEDED.get((entry.shape, channel), ("url", "secret"))
    if missing := [name for name in needed if not getattr(entry, name)]:
        raise AccountsError(
            f"通道账号文件 {path} 有误：账号{entry.name}（{TITLES[entry.shape]}）缺少 {'、'.join(missing)}"
        )


def make(channel: str, entry: Entry) -> Account:
    """The account of an entry, for its channel."""
    limits: Mapping[str, Any] = {
        name: value for name in ("batch", "rate") if (value := getattr(entry, name)) is not None
    } | {"lines": entry.lines}
    if entry.shape == "generic":
        return Generic(entry.url, secret=entry.secret, name=channel, **limits)
    if entry.shape == "tencent" and channel == "sms" and entry.personal:
        limits = {**limits, "batch": 1}
    given = {name: getattr(entry, name) for name in CLOUD}
    url = entry.url or ADDRESSES[entry.shape, channel]
    maker = MAKERS[entry.shape, channel]
    return maker(url, secret=entry.secret, name=channel, account=entry.name, **given, **limits)
