"""Query predicates: parsed, checked against the fields of a resource, compiled."""
