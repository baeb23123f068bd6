"""What a button stands for, and how its id says so. The ground floor: cards link to any area.

Each noun unites its presses in a type, such as `LessonPress`. Those that lead to a card, once a
choice or a text has completed them, are `HandledLessonPress`: its handler takes them all.
"""
