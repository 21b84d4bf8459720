"""The chat bot: answers from records alone, and says from how many."""
