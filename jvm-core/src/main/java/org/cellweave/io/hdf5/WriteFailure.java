package org.cellweave.io.hdf5;

import static org.bytedeco.hdf5.global.hdf5.*;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.bytedeco.hdf5.H5E_error2_t;
import org.bytedeco.hdf5.H5E_walk2_t;
import org.bytedeco.javacpp.Pointer;
import org.cellweave.io.file.FileMessages;

/** What a failed call of the library, or of the disk below it, means in words for the user. */
final class WriteFailure {
  private WriteFailure() {}

  /**
   * @param cause what the disk said, or null when the library itself refused
   */
  static UncheckedIOException of(Path path, String doing, IOException cause) {
    var reasons = new StringBuilder();
    if (cause != null) {
      reasons.append(FileMessages.whyNotWritten(cause));
    } else {
      try (var walk = new ErrorWalk(reasons)) {
        H5Ewalk2(H5E_DEFAULT(), H5E_WALK_DOWNWARD, walk, null);
      }
    }
    H5Eclear2(H5E_DEFAULT());
    String text = reasons.toString();
    String reason =
        text.contains("No space left")
            ? "no space left on the disk"
            : text.contains("File too large")
                ? "the file grew beyond the allowed size"
                : text.contains("Permission denied") ? "permission denied" : text;
    String message =
        "writing " + FileMessages.shown(path) + " failed while " + doing + ": " + reason;
    return new UncheckedIOException(message, cause == null ? new IOException(reason) : cause);
  }

  /** Collects the innermost messages of the library's error stack. */
  private static final class ErrorWalk extends H5E_walk2_t {
    private final StringBuilder out;

    ErrorWalk(StringBuilder out) {
      this.out = out;
    }

    @Override
    public int call(int n, H5E_error2_t error, Pointer data) {
      if (out.length() < 500 && error.desc() != null) {
        out.append(out.length() == 0 ? "" : "; ").append(error.desc().getString());
      }
      return 0;
    }
  }
}
