"""The tutor: a graph over search, instruments and a chat model. Nothing else imports langgraph."""
