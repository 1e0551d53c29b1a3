"""Inspection: visits, checklists, findings, rectification orders and re-inspection."""
