"""The help center and the customers' own pages: for anybody, without script, and quick."""
