"""Paper out: figures become DOCX and PDF in the official layout.  Pure: figures in, bytes out."""
