"""The command line, the lessons in JupyterLab and the provider on a real port."""
