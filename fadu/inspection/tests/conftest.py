"""Fixtures: one small bureau a test."""

from __future__ import annotations

import pytest

from fadu.inspection.tests import universe


@pytest.fixture
def bureau(db: None) -> universe.Bureau:
    """示例市应急管理局 with its people and one enterprise."""
    return universe.build()
