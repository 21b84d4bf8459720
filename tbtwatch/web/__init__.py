"""What is reached by a browser, a calendar program or a feed reader."""
