"""What happens: changes come in, drains bring both sides of each pair to agreement."""
