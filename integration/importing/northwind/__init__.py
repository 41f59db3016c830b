"""Northwind: the sample company of 1996 to 1998, its master data imported and its 830 orders lived through again.

The replay calls the real operations with the real dates and drains the deliveries, so every invoice, ledger entry and stock move
comes about as it would have. It can be repeated and resumed: what is there already is left alone.
"""
