"""Messages and the ways they go out: what people read, and what became of it."""
