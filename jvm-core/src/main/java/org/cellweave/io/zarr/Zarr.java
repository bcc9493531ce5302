package org.cellweave.io.zarr;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import org.cellweave.io.file.FileMessages;
import org.cellweave.io.file.InputFile;
import org.cellweave.io.file.ReplacedFile;
import org.cellweave.io.file.ReplacedFolder;
import org.cellweave.io.file.Sync;
import org.cellweave.io.store.OneLine;
import org.cellweave.io.store.StoreReader;
import org.cellweave.io.store.StoreWriter;
import org.cellweave.util.FormatException;

/** Zarr stores: the only door of this room. */
public final class Zarr {
  private Zarr() {}

  /**
   * Opens a store for reading: a folder, or a zip archive of one.
   *
   * @throws FormatException when it is missing, damaged or no zarr
   */
  public static StoreReader open(Path path) {
    if (!Files.isDirectory(path)) {
      InputFile.require(path, "a zarr store (a folder or a .zip)");
    }
    return ZarrSource.open(path);
  }

  /** Whether a folder or an archive holds a zarr store at its top, whatever its name. */
  public static boolean isZarr(Path path) {
    if (Files.isDirectory(path)) {
      return ZarrTree.ROOTS.stream().anyMatch(name -> Files.exists(path.resolve(name)));
    }
    try (ZipFiles zip = ZipFiles.open(path)) {
      return ZarrTree.ROOTS.stream().anyMatch(zip::has);
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /** Whether a store of this name is an archive. */
  private static boolean isZip(Path path) {
    return String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT).endsWith(".zip");
  }

  /**
   * Makes a store that gets its name when it is complete: an archive where the name ends in {@code
   * .zip}, else a folder. An older store of that name is replaced.
   *
   * @param content writes everything into the open store
   * @throws UncheckedIOException when the disk refuses; an older store is unchanged
   * @throws IllegalArgumentException for what zarr cannot hold, and where something else is in the
   *     way; names the store
   */
  public static void write(
      Path path, Sync sync, ZarrOptions options, Consumer<StoreWriter> content) {
    if (isZip(path)) {
      try (ReplacedFile file = ReplacedFile.at(path)) {
        fill(path, () -> new ZarrOutput.OfZip(file.temporary()), options, content);
        file.commit(waits(sync, file.replaces()));
      }
      return;
    }
    try (ReplacedFolder folder = ReplacedFolder.at(path, Zarr::isZarr, "a zarr store")) {
      boolean wait = waits(sync, folder.replaces());
      fill(path, () -> new ZarrOutput.OfFolder(folder.temporary(), wait), options, content);
      folder.commit();
    }
  }

  private static boolean waits(Sync sync, boolean replaces) {
    return sync == Sync.ALWAYS || (sync == Sync.WHEN_REPLACING && replaces);
  }

  private interface Opening {
    ZarrOutput open() throws IOException;
  }

  private static void fill(
      Path path, Opening opening, ZarrOptions options, Consumer<StoreWriter> content) {
    try (ZarrOutput output = opening.open()) {
      var sink = new ZarrSink(output, options);
      content.accept(sink);
      sink.finish();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          OneLine.of(path + " cannot be written: " + e.getMessage()), e);
    } catch (UncheckedIOException e) {
      throw failure(path, e.getCause());
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  private static UncheckedIOException failure(Path path, IOException e) {
    return new UncheckedIOException(
        "writing " + FileMessages.shown(path) + " failed: " + FileMessages.whyNotWritten(e), e);
  }
}
