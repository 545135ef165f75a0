"""What comes in, cleaned and read in one place: texts, numbers, days, amounts."""
