"""Every knob of the program, once, typed; ``manage.py settings`` prints this table as documentation."""

from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]


class Environment(BaseSettings):
    """The environment variables that Fadu reads; each field's alias is the variable's name."""

    model_config = SettingsConfigDict(env_prefix="", extra="ignore", populate_by_name=True)

    database_url: str = Field("", alias="DATABASE_URL", description="应用账号的 PostgreSQL 地址；空则用内嵌数据库")
    owner_url: str = Field(
        "", alias="FADU_OWNER_URL", description="表的属主的 PostgreSQL 地址，只用于迁移；空则用内嵌数据库"
    )
    database: str = Field("fadu", alias="FADU_DATABASE", description="内嵌数据库的库名")
    var: Path = Field(ROOT / "var", alias="FADU_VAR", description="数据、口令、证据库、字体所在的文件夹")
    secret_key: str = Field("", alias="FADU_SECRET_KEY", description="签名密钥；空则在 var/secrets 下生成")
    hash_key: str = Field(
        "", alias="FADU_HASH_KEY", description="证件号、电话入记录时的散列密钥；空则生成，换了就对不上旧记录"
    )
    debug: bool = Field(False, alias="FADU_DEBUG", description="开发模式：详细错误页、部件样张页")
    demo: bool = Field(False, alias="FADU_DEMO", description="示例城市：登录页列出示例账号，文书加“示例”字样")
    hosts: str = Field("127.0.0.1,localhost", alias="FADU_HOSTS", description="允许的主机名，逗号分隔")
    address: str = Field("127.0.0.1", alias="FADU_ADDRESS", description="监听地址")
    port: int = Field(8000, alias="PORT", description="监听端口")
    public_url: str = Field("", alias="FADU_PUBLIC_URL", description="对外网址，印在文书二维码里；空则为监听地址")
    workers: int = Field(2, alias="FADU_WORKERS", ge=1, le=16, description="网页进程数")
    threads: int = Field(
        4, alias="FADU_THREADS", ge=1, le=32, description="每个网页进程的线程数，也是其数据库连接数上限"
    )
    pool: bool = Field(False, alias="FADU_POOL", description="使用数据库连接池（由 manage.py serve 打开）")
    secure: bool = Field(False, alias="FADU_SECURE", description="只走 HTTPS：安全 Cookie 与 HSTS")
    session_hours: int = Field(8, alias="FADU_SESSION_HOURS", ge=1, le=24, description="登录多少小时后须重新登录")
    session_idle: int = Field(
        120,
        alias="FADU_SESSION_IDLE",
        ge=5,
        le=1440,
        description="多少分钟没有操作须重新登录；现场检查常有一个多小时不碰手机",
    )
    password_length: int = Field(10, alias="FADU_PASSWORD_LENGTH", ge=8, le=64, description="密码最短长度")
    password_history: int = Field(
        5, alias="FADU_PASSWORD_HISTORY", ge=0, le=24, description="不得重复最近几次用过的密码"
    )
    password_days: int = Field(
        0, alias="FADU_PASSWORD_DAYS", ge=0, le=730, description="密码用满多少天须更换；0 为不限，等级保护一般要求 90"
    )
    totp_roles: str = Field(
        "",
        alias="FADU_TOTP_ROLES",
        description="哪些职责必须用验证器登录，逗号分隔，如 admin,security,auditor；* 为全部；空为自愿",
    )
    factor_key: str = Field(
        "", alias="FADU_FACTOR_KEY", description="加密验证器密钥的密钥；空则在 var/secrets 下生成，几台主机须相同"
    )
    proxies: str = Field(
        "", alias="FADU_PROXIES", description="可信的反向代理地址或者网段，逗号分隔；只采信它们转来的 X-Forwarded-For"
    )
    oidc_issuer: str = Field(
        "", alias="FADU_OIDC_ISSUER", description="统一身份认证（OpenID Connect）的签发者网址；空则不用"
    )
    oidc_client_id: str = Field("", alias="FADU_OIDC_CLIENT_ID", description="在统一身份认证登记的客户端标识")
    oidc_client_secret: str = Field("", alias="FADU_OIDC_CLIENT_SECRET", description="客户端密钥")
    oidc_claim: str = Field(
        "preferred_username",
        alias="FADU_OIDC_CLAIM",
        description="身份令牌中哪一项等于本系统的用户名（只在第一次登录时用）",
    )
    oidc_title: str = Field("统一身份认证", alias="FADU_OIDC_TITLE", description="登录页上的名称")
    limit_public: int = Field(
        120, alias="FADU_LIMIT_PUBLIC", ge=0, description="未登录的查询，每个地址每分钟次数；0 为不限"
    )
    limit_login: int = Field(30, alias="FADU_LIMIT_LOGIN", ge=0, description="登录，每个地址每分钟次数；0 为不限")
    limit_upload: int = Field(60, alias="FADU_LIMIT_UPLOAD", ge=0, description="上传，每个账号每分钟次数；0 为不限")
    limit_api: int = Field(
        120, alias="FADU_LIMIT_API", ge=0, description="接口和导出，每个账号或者地址每分钟次数；0 为不限"
    )
    smtp: str = Field(
        "",
        alias="FADU_SMTP",
        description="邮件服务器，如 smtp://用户:口令@主机:587?tls=start 或 smtps://主机:465；空则不发邮件",
    )
    mail_from: str = Field("fadu@localhost", alias="FADU_MAIL_FROM", description="发件人地址")
    sms_url: str = Field("", alias="FADU_SMS_URL", description="短信接口地址；空则不发短信")
    sms_body: str = Field(
        '{"mobile": "{mobile}", "content": "{text}", "id": "{id}"}',
        alias="FADU_SMS_BODY",
        description="短信接口的请求正文模板，可用 {mobile} {text} {id} {time} {sign}",
    )
    sms_headers: str = Field("", alias="FADU_SMS_HEADERS", description="另加的请求头，每行一个，如 X-Sign: {sign}")
    sms_secret: str = Field(
        "", alias="FADU_SMS_SECRET", description="签名密钥：{sign} 是 HMAC-SHA256(密钥, 手机号+内容+时间)"
    )
    sms_success: str = Field(
        "code=0",
        alias="FADU_SMS_SUCCESS",
        description="回执中表示成功的一项，如 code=0、data.status=ok；空则只看 HTTP 状态",
    )
    sms_message: str = Field("message", alias="FADU_SMS_MESSAGE", description="回执中说明失败原因的一项")
    anchors: str = Field(
        "",
        alias="FADU_WARNING_ANCHORS",
        description="预警报文签名的信任证书（PEM）所在的文件夹；空则任何签名者都只标为待核对",
    )
    warning_feeds: str = Field(
        "", alias="FADU_WARNING_FEEDS", description="轮询的预警列表（Atom，每条一份 CAP 报文）的网址，逗号分隔"
    )
    warning_feed_seconds: int = Field(60, alias="FADU_WARNING_FEED_SECONDS", ge=5, description="预警列表多少秒问一次")
    warning_heartbeat: int = Field(
        0,
        alias="FADU_WARNING_HEARTBEAT",
        ge=0,
        description="发布单位承诺多少分钟内更新一次列表（没有预警也更新）；超过就算中断；0 为没有承诺",
    )
    warning_silence: int = Field(
        30, alias="FADU_WARNING_SILENCE", ge=1, description="预警来源多少分钟没有回应算中断：页面上告警并提醒"
    )
    warning_folder: str = Field(
        "", alias="FADU_WARNING_FOLDER", description="监视的文件夹；收存的报文移到其下 done，不收的移到 refused"
    )
    warning_push_secret: str = Field(
        "", alias="FADU_WARNING_PUSH_SECRET", description="发布单位推送预警到 /warning/push/ 的签名密钥；空则不接受推送"
    )
    callout_sms_url: str = Field(
        "", alias="FADU_CALLOUT_SMS_URL", description="叫应短信的批量接口地址；空则没有真实的短信通道"
    )
    callout_sms_secret: str = Field("", alias="FADU_CALLOUT_SMS_SECRET", description="叫应短信接口和回执的签名密钥")
    callout_sms_batch: int = Field(
        200, alias="FADU_CALLOUT_SMS_BATCH", ge=1, le=1000, description="一次请求最多几个号码"
    )
    callout_sms_rate: int = Field(
        1000, alias="FADU_CALLOUT_SMS_RATE", ge=1, description="短信通道每秒最多几条；超过的排队并在看板上显示，不丢弃"
    )
    callout_accounts: str = Field(
        "",
        alias="FADU_CALLOUT_ACCOUNTS",
        description="叫应短信、语音通道账号的文件（YAML，见 docs/callout.md）；其中有短信账号时，不用上面几项",
    )
    callout_mqtt_url: str = Field(
        "",
        alias="FADU_CALLOUT_MQTT_URL",
        description="广播终端的 MQTT 服务器，如 mqtts://用户:口令@主机:8883；空则没有广播通道",
    )
    callout_mqtt_topic: str = Field("fadu/broadcast", alias="FADU_CALLOUT_MQTT_TOPIC", description="广播终端的主题前缀")
    callout_keep_days: int = Field(
        0,
        alias="FADU_CALLOUT_KEEP_DAYS",
        ge=0,
        description="叫应结束后，呼叫、回执和逐条记录保存多少天，满期由 callout-reduce 压缩为结果；0 为一直保存",
    )
    callout_keep_reason: str = Field(
        "", alias="FADU_CALLOUT_KEEP_REASON", description="保存天数的理由，写明何日由谁规定；设了天数就必须写"
    )
    live_port: int = Field(
        0, alias="FADU_LIVE_PORT", ge=0, le=65535, description="看板实时更新的监听端口；0 为 PORT 加 1"
    )
    live_url: str = Field(
        "", alias="FADU_LIVE_URL", description="看板实时更新的对外网址（反向代理之后用）；空则为监听地址"
    )
    fonts: str = Field("", alias="FADU_FONTS", description="另加字体的文件夹")
    upload_megabytes: int = Field(200, alias="FADU_UPLOAD_MB", ge=1, description="单个证据文件的上限（MB）")
    vault: str = Field(
        "",
        alias="FADU_VAULT",
        description="证据库的文件夹；空则为 FADU_VAR/vault。多台主机又不用对象存储的，须是各台都挂载的同一个共享文件夹",
    )
    web_hosts: int = Field(1, alias="FADU_WEB_HOSTS", ge=1, le=64, description="网页主机共几台，用于核对连接数")
    worker_hosts: int = Field(
        1, alias="FADU_WORKER_HOSTS", ge=1, le=64, description="后台任务主机共几台，用于核对连接数"
    )
    metrics_token: str = Field(
        "", alias="FADU_METRICS_TOKEN", description="读取 /metrics 的口令（Authorization: Bearer …）"
    )
    metrics_from: str = Field(
        "",
        alias="FADU_METRICS_FROM",
        description="可以直接读取 /metrics 的地址或者网段，逗号分隔；与口令都不设则不开放，都设则都须满足",
    )
    backups: str = Field(
        "", alias="FADU_BACKUPS", description="manage.py backup 把备份放在哪个文件夹之下；空则为 FADU_VAR/backups"
    )
    pg_bin: str = Field(
        "", alias="FADU_PG_BIN", description="备份用的 pg_dump、pg_restore 所在的文件夹；空则用内嵌的 PostgreSQL 18"
    )
    s3_bucket: str = Field(
        "", alias="FADU_S3_BUCKET", description="证据库放在对象存储的哪个桶；空则用文件夹 FADU_VAR/vault"
    )
    s3_endpoint: str = Field("", alias="FADU_S3_ENDPOINT", description="对象存储（S3 兼容）的网址")
    s3_region: str = Field("cn-north-1", alias="FADU_S3_REGION", description="对象存储的区域名")
    s3_key_id: str = Field("", alias="FADU_S3_KEY_ID", description="对象存储的访问账号")
    s3_secret: str = Field("", alias="FADU_S3_SECRET", description="对象存储的访问密钥")
    s3_prefix: str = Field("vault/", alias="FADU_S3_PREFIX", description="对象名的前缀，几套系统共用一个桶时区分")
    log_format: Literal["text", "json"] = Field("text", alias="FADU_LOG", description="日志格式")
    role: Literal["app", "owner"] = Field(
        "app", alias="FADU_DB_ROLE", description="以谁登录数据库；manage.py migrate 自行取 owner"
    )

    @field_validator("metrics_from")
    @classmethod
    def _networks(cls, value: str) -> str:
        """Each part must be an address or a network."""
        for part in value.split(","):
            if part.strip():
                ip_network(part.strip())
        return value


@cache
def environment() -> Environment:
    """The environment of this process, read once; raises pydantic's ValidationError on a malformed value."""
    return Environment()  # type: ignore[call-arg]
