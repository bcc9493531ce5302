package org.cellweave.io.zarr;

import java.util.List;

/**
 * What the metadata of an array say, whichever version of zarr they are of.
 *
 * @param stored shape of what lies in one file: a chunk, or a shard of several
 * @param chunk shape of what is encoded at once
 * @param shard how chunks lie in one file; null where each has its own
 * @param order the axes as they follow each other in a chunk's bytes; null for the usual
 * @param codecs of the bytes, in the order of encoding
 * @param fill the bytes of an element that was never written; null for zero
 * @param fillText for text of any length
 * @param separator between the numbers in the names of files
 * @param prefix of these names, {@code c} or nothing
 */
record ArrayLayout(
    ZarrType type,
    long[] shape,
    int[] stored,
    int[] chunk,
    Shard shard,
    int[] order,
    List<ByteCodec> codecs,
    byte[] fill,
    String fillText,
    String separator,
    String prefix) {

  /**
   * @param atEnd whether the table of chunks comes last
   * @param checked whether a checksum follows the table
   */
  record Shard(boolean atEnd, boolean checked) {}

  int rank() {
    return shape.length;
  }

  /** Elements of one chunk. */
  long chunkElements() {
    long n = 1;
    for (int c : chunk) {
      n *= c;
    }
    return n;
  }

  /** How many chunks there are along an axis. */
  long chunks(int axis) {
    return (shape[axis] + chunk[axis] - 1) / chunk[axis];
  }

  /** The name of a file, from the place of what it holds. */
  String file(long[] at) {
    var out = new StringBuilder(prefix);
    for (long a : at) {
      out.append(out.length() == 0 ? "" : separator).append(a);
    }
    return out.length() == 0 ? "0" : out.toString();
  }
}
