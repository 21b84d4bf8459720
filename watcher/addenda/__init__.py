"""What addenda say in boxes and in prose: adopted, in force, withdrawn, a deadline moved."""
