"""Those who carry calls: the interface, the simulator, and the adapter for SMS over HTTP."""
