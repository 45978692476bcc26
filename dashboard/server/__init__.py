"""Between the network and the page: who is answered, and what uploads may cost.

- `alive` whether the page of this machine answers, for a container's health check
- `allowances` how often something may be done, by one visitor and by all
- `messages` what a browser may say to a session, and how many sessions there are at once
- `network` which host names the server answers to, and that it asks nobody itself
- `origins` from which pages a browser may open a session or change something
- `policy` what a browser is told of every answer: whose scripts run, who may frame it
- `reach` who can reach the server: this machine alone, or others too
- `uploads` how many uploaded bytes a server holds at once, and that it lets go of them; what a file may hold is for
  `models.storage.zips` to say
"""
