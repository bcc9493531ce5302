package org.cellweave.util;

/**
 * A file is not what it claims to be; the message names file, key, what was found and expected. It
 * is one line, whatever the file holds: see {@link Quoted#line}.
 */
public final class FormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public FormatException(String message) {
    super(Quoted.line(message));
  }

  public FormatException(String message, Throwable cause) {
    super(Quoted.line(message), cause);
  }
}
