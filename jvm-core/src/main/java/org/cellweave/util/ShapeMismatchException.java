package org.cellweave.util;

/** Two shapes that must agree do not; the message gives both. */
public final class ShapeMismatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ShapeMismatchException(String message) {
    super(message);
  }
}
