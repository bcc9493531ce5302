package org.cellweave.internal;

/**
 * Sends what JavaCPP has to say to SLF4J instead of the terminal: it warns whenever two native
 * libraries were packaged by different releases of it, which here is on purpose.
 */
public final class NativeLog {
  private static final String PROPERTY = "org.bytedeco.javacpp.logger";

  private NativeLog() {}

  /** To be called before any class of JavaCPP is loaded; a setting of the user's stays. */
  public static void useSlf4j() {
    if (System.getProperty(PROPERTY) == null) {
      System.setProperty(PROPERTY, "slf4j");
    }
  }
}
