"""Whether the sanctions of a case are lawful: one pure function over penalty provisions, each reason with its article."""
