"""What a button stands for, and how its id says so. The ground floor: cards link to any area."""
