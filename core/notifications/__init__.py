"""What a person is told: the bell in the top bar and the page behind it. See ``operations.notify``."""
