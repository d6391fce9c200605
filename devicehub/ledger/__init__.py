"""The ledger: what each zone of each person has already received; written before it is used."""
