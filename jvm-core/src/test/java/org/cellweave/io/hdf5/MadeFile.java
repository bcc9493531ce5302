package org.cellweave.io.hdf5;

import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.cellweave.data.AnnData;
import org.cellweave.data.DataFrame;
import org.cellweave.data.NdArray;

/**
 * Files of two cells and three genes, to which a test adds what anndata does not write by itself.
 */
final class MadeFile {
  private MadeFile() {}

  interface Body {
    void write(H5Sink sink, RawElements writer, long uns);
  }

  static Path in(Path folder, Body body) {
    Path path = folder.resolve("f.h5ad");
    try (H5Sink sink = H5Sink.create(path)) {
      var w = new RawElements(sink);
      w.encoding(sink.file(), "anndata", "0.1.0");
      w.write(sink.file(), "obs", "", DataFrame.ofNames("c0", "c1"));
      w.write(sink.file(), "var", "", DataFrame.ofNames("g0", "g1", "g2"));
      long uns = sink.group(sink.file(), "uns", false);
      w.encoding(uns, "dict", "0.1.0");
      body.write(sink, w, uns);
      sink.closeGroup(uns);
    }
    return path;
  }

  static void dataset(H5Sink sink, long parent, String name, long type, long n, byte[] bytes) {
    try (BytePointer data = new BytePointer(bytes)) {
      long d = sink.dataset(parent, name, type, new long[] {n}, null, null, 0, false);
      sink.write(d, type, data, name);
      sink.closeDataset(d);
    }
  }

  static double[] numbers(AnnData data, String key) {
    return ((NdArray) data.getUns().get(key)).toDoubles();
  }
}
