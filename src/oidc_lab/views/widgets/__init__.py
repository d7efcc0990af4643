"""The shells that make views live: ipywidgets round pure functions to HTML; none has rules or content of its own."""
