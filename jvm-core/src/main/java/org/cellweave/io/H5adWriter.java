package org.cellweave.io;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.cellweave.data.AnnData;
import org.cellweave.data.AxisSlots;
import org.cellweave.data.DataFrame;
import org.cellweave.data.Raw;
import org.cellweave.data.RowSource;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Writes {@code .h5ad} files that anndata 0.8 and later read.
 *
 * <p>An older file is replaced as {@link ReplacedFile} says, when the new one is complete. Text
 * columns of obs, var and raw.var whose values repeat are written as categoricals, as anndata does;
 * the object itself is not changed. The bytes do not depend on the number of threads.
 */
public final class H5adWriter {
  private static final int STEPS = 9;

  private final AnnData adata;
  private final H5Sink sink;
  private final ElementWriter elements;
  private final Options options;
  private final RowSource rows;
  private final long root;
  private final String prefix;
  private int step;

  private H5adWriter(
      AnnData adata, RowSource rows, ElementWriter elements, long root, String prefix) {
    this.adata = adata;
    this.rows = rows;
    this.sink = elements.sink();
    this.elements = elements;
    this.options =
        prefix.isEmpty() ? elements.options() : elements.options().withProgress(Progress.NONE);
    this.root = root;
    this.prefix = prefix;
  }

  /** An object inside another's uns. */
  static void nested(ElementWriter elements, ElementWriter.Target at, AnnData adata) {
    long group = elements.sink().group(at.parent(), at.name(), false);
    new H5adWriter(adata, null, elements, group, at.key() + "/").write();
    elements.sink().closeGroup(group);
  }

  /** How numeric arrays are compressed. */
  public enum Compression {
    NONE,
    GZIP,
    /** Fast and larger than gzip; read by h5py and by anndata, by other programs with a plugin. */
    LZF
  }

  /**
   * When to wait until the disk has the data. A power cut soon after an unsynchronised write may
   * leave an empty or partial file under the new name; where that would replace an older, whole
   * file, waiting is what keeps one of the two.
   */
  public enum Sync {
    /** Before every file gets its name. */
    ALWAYS,
    /** Only before an older file is replaced. */
    WHEN_REPLACING,
    /**
     * Never, as in Python; a crash of the program, unlike one of the machine, still harms nothing.
     */
    NEVER
  }

  /**
   * @param level 1 (fast) to 9 (small), for gzip
   * @param shuffle sort bytes by significance before gzip; smaller and faster for counts
   * @param sync when to wait for the disk
   * @param maxLoadedElems most values of a {@link RowSource} in memory at once, zeros counted
   * @param progress told after each slot
   */
  public record Options(
      Compression compression,
      int level,
      boolean shuffle,
      Sync sync,
      long maxLoadedElems,
      Progress progress) {
    public static final Options DEFAULTS =
        new Options(Compression.NONE, 4, true, Sync.WHEN_REPLACING, 100_000_000, Progress.NONE);

    public Options {
      Check.inRange(level, 1, 9, "level");
      if (maxLoadedElems < 1) {
        throw new IllegalArgumentException(
            "maxLoadedElems must be positive, got " + maxLoadedElems);
      }
    }

    public Options withMaxLoadedElems(long value) {
      return new Options(compression, level, shuffle, sync, value, progress);
    }

    public Options withCompression(Compression value) {
      return new Options(value, level, shuffle, sync, maxLoadedElems, progress);
    }

    public Options withLevel(int value) {
      return new Options(compression, value, shuffle, sync, maxLoadedElems, progress);
    }

    public Options withShuffle(boolean value) {
      return new Options(compression, level, value, sync, maxLoadedElems, progress);
    }

    public Options withSync(Sync value) {
      return new Options(compression, level, shuffle, value, maxLoadedElems, progress);
    }

    public Options withProgress(Progress value) {
      return new Options(compression, level, shuffle, sync, maxLoadedElems, value);
    }
  }

  public static void write(AnnData adata, Path path) {
    write(adata, path, Options.DEFAULTS);
  }

  /**
   * @throws UncheckedIOException when the disk refuses; an older file at {@code path} is unchanged
   * @throws IllegalArgumentException for a value or name that the format cannot hold
   */
  public static void write(AnnData adata, Path path, Options options) {
    write(adata, null, path, options);
  }

  /**
   * Writes an object whose X is made while it is written, some rows at a time.
   *
   * @param adata without X
   * @param rows its X; null for none
   * @throws UncheckedIOException as {@link #write(AnnData, Path, Options)}
   */
  public static void write(AnnData adata, RowSource rows, Path path, Options options) {
    NewH5File.write(
        path,
        options.sync(),
        sink -> {
          var elements = new ElementWriter(sink, options);
          new H5adWriter(adata, rows, elements, sink.file(), "").write();
        });
  }

  private void write() {
    elements.encoding(root, "anndata", "0.1.0");
    writeX();
    done();
    elements.write(root, "obs", prefix, table(adata.getObs()));
    elements.write(root, "var", prefix, table(adata.getVar()));
    done();
    slots("obsm", adata.getObsm());
    slots("varm", adata.getVarm());
    slots("obsp", adata.getObsp());
    slots("varp", adata.getVarp());
    slots("layers", adata.getLayers());
    elements.write(root, "uns", prefix, adata.getUns());
    done();
    raw(adata.getRaw());
    done();
  }

  private void writeX() {
    // A matrix that is in a file may be larger than the memory.
    boolean inPieces = options.compression() != Compression.LZF;
    RowSource source = rows == null && inPieces ? adata.rowsInFile() : rows;
    if (source != null) {
      new RowWriter(sink, elements, options).write(root, "X", source);
      return;
    }
    Matrix x = adata.getX();
    if (x != null) {
      elements.write(root, "X", prefix, x);
    }
  }

  private void done() {
    options.progress().step("write", ++step, STEPS, Double.NaN);
    Parallel.checkInterrupted();
  }

  private static DataFrame table(DataFrame table) {
    return TableWriter.withCategories(table);
  }

  private void slots(String slot, AxisSlots<?> entries) {
    long group = sink.group(root, slot, false);
    elements.encoding(group, "dict", "0.1.0");
    for (String key : entries.getKeys()) {
      elements.write(group, key, prefix + slot, entries.get(key));
    }
    adata
        .getUnread()
        .of(slot, adata)
        .forEach((key, value) -> elements.write(group, key, prefix + slot, value));
    sink.closeGroup(group);
    done();
  }

  private void raw(Raw raw) {
    if (raw == null) {
      return;
    }
    long group = sink.group(root, "raw", false);
    elements.encoding(group, "raw", "0.1.0");
    elements.write(group, "X", prefix + "raw", raw.getX());
    elements.write(group, "var", prefix + "raw", table(raw.getVar()));
    long varm = sink.group(group, "varm", false);
    elements.encoding(varm, "dict", "0.1.0");
    for (String key : raw.getVarm().getKeys()) {
      elements.write(varm, key, prefix + "raw/varm", raw.getVarm().get(key));
    }
    sink.closeGroup(varm);
    sink.closeGroup(group);
  }
}
