"""The operator's pages: what happened, who still has to react to it, and what is stuck."""
