"""What is true: pure functions of values and a date.  Imports the standard library only."""
