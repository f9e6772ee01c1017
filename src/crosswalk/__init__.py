"""Crosswalk keeps a commercetools shop and a Freshsales CRM in agreement."""
