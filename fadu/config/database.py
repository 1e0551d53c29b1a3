"""Which database this process talks to, as whom, and the roles of the embedded one."""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from psycopg import sql

from fadu.config import embedded
from fadu.config.environment import environment


def cluster() -> embedded.Cluster:
    """The embedded cluster of this installation."""
    return embedded.Cluster(environment().var.resolve())


def is_embedded() -> bool:
    """Does this process use the embedded database (no ``DATABASE_URL``)?"""
    return not environment().database_url


def url_for(role: str, database: str | None = None) -> str:
    """The libpq URL for ``role`` (``app`` or ``owner``); raises EmbeddedDatabaseError when production lacks an owner."""
    env = environment()
    if is_embedded():
        login = embedded.OWNER if role == "owner" else embedded.APP
        return cluster().url(login, database or env.database)
    if role == "owner":
        if not env.owner_url:
            raise embedded.EmbeddedDatabaseError("迁移须以表的属主登录：请设置 FADU_OWNER_URL。")
        if urlsplit(env.owner_url).username == urlsplit(env.database_url).username:
            raise embedded.EmbeddedDatabaseError(
                "FADU_OWNER_URL 和 DATABASE_URL 用了同一个账号，过程记录得不到保护：表的属主和应用必须是两个账号。"
            )
        return env.owner_url
    return env.database_url


def django_settings(role: str) -> dict[str, Any]:
    """The ``DATABASES["default"]`` entry for ``role``."""
    env = environment()
    parts = urlsplit(url_for(role))
    query = dict(parse_qsl(parts.query))
    options: dict[str, Any] = {k: v for k, v in query.items() if k not in ("host", "port")}
    if env.pool:
        # web and worker each keep a bounded pool: workers × threads + worker + listener stay under max_connections
        options["pool"] = {"min_size": 1, "max_size": env.threads, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": query.get("port") or (str(parts.port) if parts.port else ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": env.pool,  # the pool hands out no connection that a restart of the database has broken
        "OPTIONS": options,
        "TEST": {"MIGRATE": False},
    }


def superuser(database: str = "postgres") -> psycopg.Connection[Any]:
    """A connection as the embedded cluster's superuser, autocommit; for making roles and databases only."""
    return psycopg.connect(cluster().url(embedded.SUPERUSER, database), autocommit=True)


def ensure_roles() -> None:
    """Make the two logins of the embedded cluster: the owner of all tables and the application, which owns nothing."""
    with superuser() as connection:
        for role in (embedded.OWNER, embedded.APP):
            exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            if not exists:
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
                        sql.Identifier(role), sql.Literal(cluster().password(role))
                    )
                )


def ensure_database(name: str, template: str | None = None) -> None:
    """Make the database ``name`` (a copy of ``template`` if given), owned by the owner role, if it does not exist."""
    with superuser() as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(embedded.OWNER), sql.Identifier(template or "template0")
            )
        )
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(name), sql.Identifier(embedded.APP))
        )


def drop_database(name: str) -> None:
    """Drop the database ``name``, ending its sessions."""
    with superuser() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def renew_database(name: str) -> None:
    """Make the database ``name`` of the embedded cluster anew, empty; for generated pages and measurements."""
    drop_database(name)
    ensure_roles()
    ensure_database(name)


def prepare() -> None:
    """Start the embedded server when this process is to use it, and see that roles and database exist."""
    if not is_embedded():
        return
    embedded.use(cluster())
    marker = cluster().var / "pg" / f"made-{environment().database}"
    if not marker.exists():
        ensure_roles()
        ensure_database(environment().database)
        marker.touch()


def application_role() -> str:
    """The name of the role with which the application logs in."""
    return embedded.APP if is_embedded() else unquote(urlsplit(os.environ["DATABASE_URL"]).username or "")
