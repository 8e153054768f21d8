"""The hash tree of what happened: events, leaves, proofs, checkpoints, bundles. Pure."""
