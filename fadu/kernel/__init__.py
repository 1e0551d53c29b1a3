"""The ground floor: errors, the clock, money, hashing and masking; it imports nothing of ours."""
