"""The books as the API reads and takes them."""
