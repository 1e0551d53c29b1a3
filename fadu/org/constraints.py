"""Conditions that several tables share on the persons who make what stands in them."""

from __future__ import annotations

from django.db.models import CheckConstraint, F, Q


def three_persons(name: str) -> list[CheckConstraint]:
    """Who drafts, who examines and who publishes are three persons; the constraints are named after ``name``.

    The table keeps them as ``drafted_by``, ``reviewed_by`` and ``published_by``, each empty until it is done.
    """
    return [
        CheckConstraint(
            name=f"{name}_reviewer_is_another",
            condition=Q(reviewed_by=None) | Q(drafted_by=None) | ~Q(reviewed_by=F("drafted_by")),
        ),
        CheckConstraint(
            name=f"{name}_publisher_is_another",
            condition=Q(published_by=None)
            | (
                (Q(reviewed_by=None) | ~Q(published_by=F("reviewed_by")))
                & (Q(drafted_by=None) | ~Q(published_by=F("drafted_by")))
            ),
        ),
    ]
