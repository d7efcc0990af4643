"""How long many users stay signed in under a policy: the rules of domain/refresh_policy, repeated in arrays."""
