"""The tables of organs, people, accounts and authority."""

from fadu.org.models.accounts import LoginRecord, PasswordRecord, RateCount, RecoveryCode, SecondFactor
from fadu.org.models.authority import Delegation, Grant
from fadu.org.models.people import (
    CODE_LENGTHS,
    PHONE,
    Appointment,
    Certificate,
    Department,
    Division,
    LegalQualification,
    Level,
    Officer,
    Organ,
    Post,
    User,
    UserManager,
)

__all__ = [
    "CODE_LENGTHS",
    "PHONE",
    "Appointment",
    "Certificate",
    "Delegation",
    "Department",
    "Division",
    "Grant",
    "LegalQualification",
    "Level",
    "LoginRecord",
    "Officer",
    "Organ",
    "PasswordRecord",
    "Post",
    "RateCount",
    "RecoveryCode",
    "SecondFactor",
    "User",
    "UserManager",
]
