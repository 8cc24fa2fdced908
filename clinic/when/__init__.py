"""Reading days and times from what people write."""
