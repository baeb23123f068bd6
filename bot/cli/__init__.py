"""The command line, one file a command. Each is imported when it is typed; `__main__` assembles."""
