"""Procedures: the declaration, the one door, periods and approvals that run every matter."""
