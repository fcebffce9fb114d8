"""Messages out: mail, bots and webhooks.  Pure of the ledger: it gets values and says whether they went."""
