"""The live line as granian starts it."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fadu.config.settings")

import django

django.setup()

from fadu.callout.live import application  # noqa: E402 - after Django is ready

__all__ = ["application"]
