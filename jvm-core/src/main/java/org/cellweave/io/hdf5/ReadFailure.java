package org.cellweave.io.hdf5;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cellweave.io.store.OneLine;
import org.cellweave.io.store.ReadGuard;

/** What an exception of the parser says of the file, in words for the user. */
final class ReadFailure {
  private static final int DEEPEST = 20;
  private static final Pattern MEMBER = Pattern.compile("Failed to read dataset '([^']*)' at");

  private ReadFailure() {}

  static String reason(Throwable e) {
    String plain = ReadGuard.reason(e);
    if (plain != null) {
      return plain;
    }
    Throwable deepest = e;
    String member = member(e);
    for (int depth = 0; depth < DEEPEST && deepest.getCause() != null; depth++) {
      deepest = deepest.getCause();
      member = member.isEmpty() ? member(deepest) : member;
    }
    String text =
        deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
    return OneLine.of(member + plain(text));
  }

  private static String member(Throwable e) {
    Matcher found = MEMBER.matcher(String.valueOf(e.getMessage()));
    return found.find() ? "its member '" + found.group(1) + "': " : "";
  }

  private static String plain(String text) {
    if (text.contains("layout message version")) {
      return text
          + "; it uses a newer form of HDF5 than can be read here, write it again in Python with"
          + " adata.write_h5ad(path)";
    }
    if (text.contains("External Data Files")) {
      return "its values lie in another file, which is not followed; copy them into this file";
    }
    if (text.contains("Virtual storage")) {
      return "it is a view of other datasets, which is not followed; copy the values into this file";
    }
    return text;
  }
}
