"""The embedded model's file: fetched, checked, unpacked and converted, once."""
