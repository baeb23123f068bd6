"""How much text fits: Discord's limits, and what a phone shows without scrolling."""

SLUG = 24  # goes into a button's custom_id, which holds 100 characters in all
LINE = 300
PROSE = 900
REPLY = 320  # eight lines on a phone
OPTION = 120
PAIRS = 4  # both sides stand above the buttons
SIDE = 60  # of a pair
OPTIONS = 5  # Discord draws at most five buttons in a row
HINTS = 2
UNIT = 30
STOP = 16
TERM = 60
MEANING = 400
COMMAND = 400  # to run on a cluster of one's own

CARD = 4000  # Discord: characters of text in one message, all components together
FRAME = 500  # header, confidence, class line, buttons: what the bot adds around a lesson's text
EXHIBIT = 1400  # what an instrument may draw on the same card
TABLE_ROW = 60  # one bar with its label and percent

PHONE_WIDTH = 40  # characters on a line at 360 points
OPTION_WIDTH = PHONE_WIDTH - 4  # less the letter before it
LINES_BEFORE_BUTTON = 10
LINES_IN_SIGHT = 12  # of an answer and the passage that comes along on its card
HEADER_LINES = 1
