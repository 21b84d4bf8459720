"""Publishers that mean harm, or have had an accident: `python -m tests.journeys.hostile` prints what each costs."""
