"""matchmaker: brings the schools and companies of a region together for technology activities."""

__version__ = "0.1.0"
