// The floor plan is in ARCHITECTURE.md.
