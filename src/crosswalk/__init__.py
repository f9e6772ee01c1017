"""Crosswalk keeps a commercetools shop and a Freshsales CRM in agreement."""

__version__ = "0.1.0"
