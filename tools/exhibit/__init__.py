"""What an instrument produces, and its text form: signs made visible, columns that hold."""
