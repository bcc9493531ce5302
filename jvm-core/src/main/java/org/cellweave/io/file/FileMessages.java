package org.cellweave.io.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.cellweave.util.Quoted;

/** How messages name a file and what the system says of it, each in one line. */
public final class FileMessages {
  private FileMessages() {}

  public static String shown(Path path) {
    return Quoted.line(path.toString());
  }

  /** Why nothing could be written, in place of {@link #reason}. */
  public static String whyNotWritten(IOException e) {
    return e instanceof NoSuchFileException
        ? "the system makes no file of that name there; choose another folder"
        : reason(e);
  }

  /** What the system says, without the path that the message names already. */
  public static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "it is not there";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "a file of that name is there";
    }
    String text = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return Quoted.line(text == null ? e.getClass().getSimpleName() : text);
  }
}
