"""Reading what publishers write for people: web pages and PDF files, within bounds that no stranger can break."""
