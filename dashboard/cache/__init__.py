"""What is read once a server and what is answered by digest."""
