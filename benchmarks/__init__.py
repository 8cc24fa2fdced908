"""Our pipeline beside the one that Rasa recommends, on the same questions."""
