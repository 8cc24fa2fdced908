"""What `make` calls: train, serve, chat, check. Developers' tools, not part of the product."""
