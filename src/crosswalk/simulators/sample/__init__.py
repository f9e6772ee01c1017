"""A sample shop and its CRM, invented from a seed at any size."""
