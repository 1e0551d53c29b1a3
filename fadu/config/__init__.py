"""The roof: settings, routes, the embedded database and the servers; it may import every floor."""
