"""The database's history, one numbered file a change. `hunch db upgrade` walks it."""
