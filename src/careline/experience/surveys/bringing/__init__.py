"""Answers of other tools, brought as a file: which columns are which questions, and each row kept or refused."""
