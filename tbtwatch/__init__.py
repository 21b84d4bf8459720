"""The service: storage, the pipeline, the command line, the bot."""

__version__ = "0.1.0"
