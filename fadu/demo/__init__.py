"""The invented city, built by taking real steps under a simulated clock."""
