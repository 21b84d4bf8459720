"""What those look at who answer for the service: sources day by day, messages one by one, what one enterprise knew."""
