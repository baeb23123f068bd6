"""The only place where adapters meet use cases, each made from what the settings name."""
