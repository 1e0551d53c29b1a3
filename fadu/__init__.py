"""Fadu 法度: the platform on which a city emergency-management bureau works by law."""
