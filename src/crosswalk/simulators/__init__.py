"""Both APIs as real HTTP servers, sharing no code with the clients they test."""
