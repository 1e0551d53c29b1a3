"""The pages of inspection beside the shared matter page: ledgers, planning, and the work on site."""
