"""What a discretion benchmark is and how a case falls into it; pure, so that a jurist's table depends on no framework."""
