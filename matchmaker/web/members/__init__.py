"""Who works where: the same pages for a school, a host and a region."""
