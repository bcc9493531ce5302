package org.cellweave.io.store;

import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.cellweave.util.FormatException;

/** Turns whatever goes wrong inside a store into an error that names the element. */
public final class ReadGuard {
  private static final int DEEPEST = 20;
  private static final double GIB = 1L << 30;

  private ReadGuard() {}

  /**
   * @param reason what an exception says of the store, in words for the user
   */
  public static <T> T run(
      StoreReader source, String key, Supplier<T> body, Function<Throwable, String> reason) {
    try {
      return body.get();
    } catch (FormatException | CancellationException e) {
      throw e;
    } catch (RuntimeException
        | StackOverflowError
        | OutOfMemoryError
        | AssertionError
        | InternalError e) {
      requireNotInterrupted(e, source.path());
      throw new FormatException(source.at(key) + " cannot be read: " + reason.apply(e), e);
    }
  }

  /** An interrupt closes the channel it hits; that is no fault of the file. */
  public static void requireNotInterrupted(Throwable e, Path path) {
    Throwable at = e;
    for (int depth = 0; depth < DEEPEST && at != null; depth++) {
      if (at instanceof ClosedByInterruptException) {
        Thread.interrupted();
        throw new CancellationException(
            "reading " + OneLine.of(path.toString()) + " was interrupted");
      }
      at = at.getCause();
    }
  }

  /** What is wrong where no format knows more. */
  public static String reason(Throwable e) {
    if (e instanceof OutOfMemoryError) {
      return String.format(
          Locale.ROOT,
          "it does not fit the heap, which may grow to %.1f GiB; leave X and layers in the file"
              + " (backed = \"r\"), or give more memory (./cellweave --heap 16g, java -Xmx16g)",
          Runtime.getRuntime().maxMemory() / GIB);
    }
    if (e instanceof StackOverflowError) {
      return "its structure refers to itself";
    }
    return null;
  }
}
