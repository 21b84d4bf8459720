"""Standing questions of exporters: what they asked, what fits, and the receipt that says why."""
