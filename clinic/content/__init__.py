"""What the assistant knows: answers, conditions and red flags, read from `data/content`."""
