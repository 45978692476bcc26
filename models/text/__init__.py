"""Text that people type and read: what may not be seen in it, what may not be printed."""
