"""What is said and shown to a person who is guided, in English and Russian; the words are data."""
