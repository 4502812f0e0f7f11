"""Pages for school boards."""
