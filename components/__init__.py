"""What config.yml and endpoints.yml name: the parts of the language understanding."""
