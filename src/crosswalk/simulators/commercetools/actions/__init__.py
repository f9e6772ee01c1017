"""Update actions and drafts, one file a resource."""
