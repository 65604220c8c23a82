"""The channel other programs write through: signed JSON in, signed JSON out."""
