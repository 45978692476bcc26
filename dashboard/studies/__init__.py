"""The archived studies as the page reads them. Pure."""
