"""The Common Alerting Protocol 1.2, pure: bytes in, a verdict and immutable values out; see docs/cap.md and ADR 40."""
