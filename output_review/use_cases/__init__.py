"""What people ask for, one module a verb; they know ports, never adapters."""
