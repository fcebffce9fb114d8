"""Sample data for a demonstration: real plans, and units, people and reports that are plainly marked as samples."""
