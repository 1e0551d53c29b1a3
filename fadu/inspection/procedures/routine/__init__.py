"""监督检查 (安全生产法 65–68; 行政处罚法 42, 55): the declaration, its rules and the facts they read."""
