package org.cellweave.io.hdf5;

/** What a file may claim in all, so that links in circles and values that are not there end. */
final class ReadLimits {
  private static final long FREE_MEMBERS = 20_000;
  private static final long FREE_UNWRITTEN = 256L << 20;
  private static final long FREE_CLAIMED = 4L << 30;
  private static final long MAX_RATIO = 2200;

  private final H5Source source;
  private final long size;
  private long visited;
  private long unwritten;
  private long claimed;

  /**
   * @param size of the file in bytes
   */
  ReadLimits(H5Source source, long size) {
    this.source = source;
    this.size = size;
  }

  void countMembers(int n, String key) {
    visited += n;
    if (visited > FREE_MEMBERS + size / 16) {
      throw source.bad(key, "leads to the same members over and over; the file is damaged");
    }
  }

  /** Values that the file claims without storing them. */
  void countUnwritten(long bytes, String key) {
    unwritten += bytes;
    if (unwritten > FREE_UNWRITTEN) {
      throw source.bad(
          key,
          "and others claim "
              + (unwritten >> 20)
              + " MiB of values that were never written; the file is damaged or unfinished");
    }
  }

  /** Values that are about to be read; a file has only so many, however often it links to them. */
  void countClaimed(long bytes, String key) {
    claimed += bytes;
    if (claimed > FREE_CLAIMED + MAX_RATIO * size) {
      throw source.bad(
          key,
          "and others claim "
              + (claimed >> 20)
              + " MiB, far more than a file of "
              + size
              + " bytes can store; the file is damaged");
    }
  }
}
