"""法律: citations, the statute register, penalty provisions, dated numbers of law, holidays."""
