"""行政处罚普通程序 (行政处罚法 54–65): the declaration, its rules and the facts they read."""
