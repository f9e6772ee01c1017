"""What both sides need of HTTP: requests and answers as values, one way to send."""
