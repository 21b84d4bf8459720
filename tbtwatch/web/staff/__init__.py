"""The staff's pages: each asks who is signed in and by which role; what they do is the pipeline's."""
