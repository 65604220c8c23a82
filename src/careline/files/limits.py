"""What is taken and what is shown, for the doors to say before anything is sent."""

LARGEST = 25 * 1024 * 1024
# Of a file that came with a mail: it is there already, and not to be lost.
LARGEST_RECEIVED = 40 * 1024 * 1024
# Of a file the house works through and nobody is shown, such as an import: it is sealed and read in pieces.
LARGEST_IN_PIECES = 512 * 1024 * 1024
# What a browser may show inside a page: pictures that cannot carry script.
PICTURES = ("image/avif", "image/bmp", "image/gif", "image/jpeg", "image/png", "image/webp")
