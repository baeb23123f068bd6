"""The course as plain files: schema, loader, checker, lessons. Knows no Discord, SQL or model."""
