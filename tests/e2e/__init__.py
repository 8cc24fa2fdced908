"""End-to-end tests: the real servers, talked to over REST as a patient's browser would."""
