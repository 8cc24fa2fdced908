"""The clinic's core in plain Python: it knows neither Rasa nor a web framework."""
