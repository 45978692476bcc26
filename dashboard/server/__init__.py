"""Between the network and the page: who is answered, and what uploads may cost."""
