"""Long tests: run by ``make soak``, each stops by itself within five minutes."""
