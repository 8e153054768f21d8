"""The output checker's room: what a researcher asks to take out is checked, voted on by two, released."""
