"""The settings of a test run: a database of its own beside the city's, named before Django reads anything."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
TEST_DATABASE = f"fadu_test_{WORKER}_{os.getpid()}"
os.environ.setdefault("FADU_VAR", str(ROOT / "var"))
os.environ |= {
    "FADU_DATABASE": TEST_DATABASE,
    "DATABASE_URL": "",
    "FADU_POOL": "false",
    "FADU_DB_ROLE": "app",
    "FADU_DEMO": "false",
    # hundreds of log-ins a minute from one address; the limits' own tests set them
    **{f"FADU_LIMIT_{kind}": "0" for kind in ("PUBLIC", "LOGIN", "UPLOAD", "API")},
    # Playwright keeps an event loop in the thread of its tests; Django would then refuse every query there
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}

from fadu.config.settings import *  # noqa: E402, F403 - after the environment is set

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # hundreds of logins; the real one is slow on purpose
