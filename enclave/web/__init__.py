"""The portal's ground floor: sessions, pages, refusals, the audit and adoption rooms."""
