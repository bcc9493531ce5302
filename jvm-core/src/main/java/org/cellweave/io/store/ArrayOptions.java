package org.cellweave.io.store;

import org.cellweave.util.Check;

/**
 * How a store keeps numeric arrays.
 *
 * @param level 1 (fast) to 9 (small), for gzip; 0 leaves them uncompressed
 * @param shuffle sort bytes by significance before gzip; smaller and faster for counts
 */
public record ArrayOptions(Compression compression, int level, boolean shuffle) {
  public ArrayOptions {
    Check.inRange(level, 0, 9, "level");
  }

  public boolean isLzf() {
    return compression == Compression.LZF;
  }

  public boolean isCompressed() {
    return isLzf() || gzipLevel() > 0;
  }

  /** 0 for no gzip. */
  public int gzipLevel() {
    return compression == Compression.GZIP ? level : 0;
  }
}
