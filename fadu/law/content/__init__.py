"""The content of this floor, read from its YAML files; what is malformed is refused, naming file and key. Pure."""
