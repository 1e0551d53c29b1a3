"""裁量基准: tables of tiers by violation, judged exactly and published only when nothing is left open."""
