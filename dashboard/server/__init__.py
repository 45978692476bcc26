"""Between the network and the page: who is answered, and what uploads may cost.

- `alive` whether the page of this machine answers, for a container's health check
- `network` which host names the server answers to, and that it asks nobody itself
- `uploads` how many uploaded bytes a server holds at once, and that it lets go of them; what a file may hold is for
  `models.storage.zips` to say
"""
