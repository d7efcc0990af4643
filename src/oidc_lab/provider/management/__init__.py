"""The management API: what trainers and tools see and change of a running provider, as JSON under /api."""
