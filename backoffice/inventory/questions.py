"""What the warehouse asks other modules: nothing so far. It answers ``core.catalog.questions.AvailableToPromise``."""
