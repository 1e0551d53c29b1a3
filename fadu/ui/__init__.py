"""The interface floor: shell, parts, forms, lists and the registries by which upper floors add to its pages."""
