"""A bureau's own ledger of enterprises (台账) read from xlsx as it comes, and judged row by row [pure]."""
