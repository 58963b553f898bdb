"""The use cases that every front end shares: an open library, and what a request about it means."""
