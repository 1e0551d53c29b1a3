"""No tables; Django tells an app of the end of migrations only when it has this module."""
