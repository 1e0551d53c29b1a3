"""全过程记录: the append-only, hash-chained journal and the evidence vault; it has no foreign keys out."""
