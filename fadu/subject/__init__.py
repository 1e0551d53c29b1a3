"""Enterprises and persons under supervision, one enterprise one file (监管对象)."""
