"""What people see in their browser: sign-in, consent, signed out, error — OIDCC-3.1.2.3.

A page is a pure function: keyword arguments in, an HTML document out. It reads no request, no store and no
clock, decides nothing, and gives the same bytes for the same arguments.
"""
