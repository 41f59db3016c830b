"""Everything that happened with a customer, whichever module it happened in. Reads; writes nothing."""
