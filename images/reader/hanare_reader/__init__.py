"""What was uploaded, turned into the one form in which it may be reviewed and leave.

One file comes in; canonical bytes and a short account of what was changed come out. The
package runs alone in a container without network, key or data, so that a file made to
attack its reader attacks nothing. It imports only the standard library, decides by the
bytes alone, and says the same thing every time. No value of the file is ever written into
a sentence, a log or a traceback: an answer names rows and columns by number.
"""
