"""The pages' words in languages beside English and Chinese; what stands in none of them is said in English."""
