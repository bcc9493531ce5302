package org.cellweave.util;

/** An iteration ended without any usable answer. */
public final class ConvergenceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConvergenceException(String message) {
    super(message);
  }
}
