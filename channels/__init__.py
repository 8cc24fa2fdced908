"""What credentials.yml names: the ways by which messages come in."""
