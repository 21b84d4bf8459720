"""What anybody may look at: measures found, filtered, counted and shown. It changes nothing."""
