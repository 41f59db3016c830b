"""What people note on a record: in their own words, with the colleagues they call on."""
