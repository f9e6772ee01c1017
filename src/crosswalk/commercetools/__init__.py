"""The shop's side: the HTTP API of one commercetools project."""
