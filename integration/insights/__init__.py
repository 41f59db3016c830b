"""How the company does, over all modules. Reads; writes nothing."""
