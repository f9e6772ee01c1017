"""The store keeps what it is told, under concurrency and crashes."""
