"""What is kept: consultation requests, check results, marks for the staff, feedback, erasures."""
