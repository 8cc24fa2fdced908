"""The error of every content file."""


class ContentError(ValueError):
    """A content file is missing or cannot be right; the message names the file."""
