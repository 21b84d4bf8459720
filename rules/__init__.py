"""Classification that staff own: which products a measure is about, with the evidence."""
