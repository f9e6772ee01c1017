"""The CRM's side: the HTTP API of one Freshsales account."""
