"""What the application role may do in the database: read and write rows, but own nothing and only append to the record."""

from django.db import connections
from psycopg import sql

from fadu.callout.grants import APPEND_ONLY as CALL_EVENTS
from fadu.config.database import application_role
from fadu.config.embedded import EmbeddedDatabaseError
from fadu.org.grants import APPEND_ONLY as LOG_INS
from fadu.record.grants import APPEND_ONLY as RECORD
from fadu.warning.grants import APPEND_ONLY as REFUSALS


def grant(using: str = "default") -> None:
    """Grant the application role its rights on every table; must run as the owner.

    Raises EmbeddedDatabaseError when owner and application are one login: the record would be protected from nobody.
    """
    role = application_role()
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == role:
            raise EmbeddedDatabaseError(
                f"表的属主和应用用了同一个账号 {role}，过程记录得不到保护：FADU_OWNER_URL 和 DATABASE_URL 必须是两个账号。"
            )
        app = sql.Identifier(role)
        for statement in (
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            "GRANT USAGE ON SCHEMA public TO {}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
            # a restored dump brings no privileges, and a new function is everybody's until this is said
            "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC",
            "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}",
            "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}",
        ):
            cursor.execute(sql.SQL(statement).format(app))
        for table, rights in (RECORD | LOG_INS | CALL_EVENTS | REFUSALS).items():
            name = sql.Identifier(table)
            cursor.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(name, app))
            cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(", ").join(map(sql.SQL, rights)), name, app))
