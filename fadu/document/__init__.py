"""执法文书: kinds, numbering, rendering, service and case files."""
