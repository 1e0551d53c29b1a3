#!/usr/bin/env python
"""Fadu's command line: starts the embedded database where one is needed, then hands over to Django."""

import os
import sys
from pathlib import Path

from pydantic import ValidationError

from fadu.config.embedded import BackupError, EmbeddedDatabaseError

# they change tables, or what may only be appended to, so they log in as the owner
OWNERS_COMMANDS = {"migrate", "setup", "squashmigrations", "restore", "callout-reduce"}
OFFLINE_COMMANDS = {
    "makemigrations", "help", "settings", "collectstatic", "findstatic", "version", "cap-validate", "check-penalty",
}  # fmt: skip
OFFLINE_COMMANDS |= {"--version", "--help"}


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fadu.config.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in OWNERS_COMMANDS:
        os.environ["FADU_DB_ROLE"] = "owner"
    try:
        if command not in OFFLINE_COMMANDS:
            from fadu.config.database import prepare

            prepare()
        if command == "restore" and (folders := [word for word in sys.argv[2:] if not word.startswith("-")]):
            from fadu.config.backup import make_ready

            make_ready(Path(folders[0]))
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except (EmbeddedDatabaseError, BackupError) as error:
        sys.exit(f"[fadu] {error}")
    except ValidationError as error:
        if error.title != "Environment":  # not about settings
            raise
        wrong = "；".join(f"{problem['loc'][0]}={problem['input']}（{problem['msg']}）" for problem in error.errors())
        sys.exit(f"[fadu] 设置有误：{wrong}。全部设置见 docs/settings.md。")


if __name__ == "__main__":
    main()
