"""One callable for each thing a person does. Each noun reaches the outside through its ports.py."""
