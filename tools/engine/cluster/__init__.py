"""A server that speaks the OpenAI API, as an engine. Only importer of openai among the engines."""
