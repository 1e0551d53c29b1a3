"""verify-record and record-heads."""
