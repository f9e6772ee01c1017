"""What Crosswalk can do in a second: measured, and checked while it is measured."""
