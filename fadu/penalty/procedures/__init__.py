"""The penalty procedures, one folder each; pure, so that a jurist's page depends on no framework."""
