"""What things are and which rules decide, in plain Python.

Nothing here sends, stores, reads a clock or draws a random number: time and chance are arguments.
"""
