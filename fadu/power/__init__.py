"""权责清单: what the bureau may and must do, dated and published; every matter stands on one item of it."""
