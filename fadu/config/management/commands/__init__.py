"""``serve``, ``setup``, ``load-content``, ``settings``."""
