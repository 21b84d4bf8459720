"""Which encoding bytes are in: what they are declared to be is tried, and doubted where it cannot be.

`declared` reads declarations, `likely` weighs what the bytes become, `signs` knows which signs a language writes.
"""
