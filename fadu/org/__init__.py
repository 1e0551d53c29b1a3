"""Organs, posts, officers, certificates, accounts, and who may see what (组织与人员)."""
