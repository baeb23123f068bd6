"""SQL. Rows stay in here; domain objects come out. Only this package imports sqlalchemy."""
