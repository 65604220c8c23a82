"""Where articles are written: the list, the editor with its preview, versions, what is missing, gaps, imports."""
