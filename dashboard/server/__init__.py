"""Between the network and the page: who is answered, and what uploads may cost.

- `network` what stands between a network and the page
- `uploads` uploaded files
"""
