"""The tables, a file for each noun.  The drawing of them is in docs/model.md."""
