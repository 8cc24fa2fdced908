"""Custom actions: thin glue between the dialogue and `clinic/`, one module a subject."""
