"""Every word and number on the page, by subject. Pure; nothing here draws."""
