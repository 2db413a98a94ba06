"""The editor's page over HTTP: doors, pages and answers; the work is done in the room above it."""
