"""The foundation: who may do what, the policy, and the ledger that proves it (the auditor's room)."""
