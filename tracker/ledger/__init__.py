"""What is kept: tables, the verbs that change them, the queries that read them."""
