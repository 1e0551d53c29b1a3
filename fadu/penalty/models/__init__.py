"""The rows of a penalty case: the case and its parties, the hearing and preserved evidence, what follows the decision."""

from fadu.penalty.models.case import (
    PARTY_KINDS,
    CaseParty,
    CrimeReport,
    DecisionChange,
    Defence,
    Disclosure,
    Discussion,
    Evidence,
    LegalReview,
    Notice,
    Payment,
    PenaltyCase,
)
from fadu.penalty.models.discretion import CaseDiscretion
from fadu.penalty.models.enforcing import CourtRuling, Deferral, Remedy
from fadu.penalty.models.hearing import Hearing, Preservation, PreservedItem
from fadu.penalty.models.history import ClosureProposal, FineElsewhere

__all__ = [
    "PARTY_KINDS",
    "CaseDiscretion",
    "CaseParty",
    "ClosureProposal",
    "CourtRuling",
    "CrimeReport",
    "DecisionChange",
    "Defence",
    "Deferral",
    "Disclosure",
    "Discussion",
    "Evidence",
    "FineElsewhere",
    "Hearing",
    "LegalReview",
    "Notice",
    "Payment",
    "PenaltyCase",
    "Preservation",
    "PreservedItem",
    "Remedy",
]
