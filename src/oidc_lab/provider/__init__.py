"""The OpenID Provider: Authlib's authorization server with the lab's application model behind it."""
