package org.cellweave.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way HDF5 can store the same thing, made by h5py and judged by anndata. */
class H5adVariantsTest {
  @TempDir Path folder;

  @Test
  void readsEveryStorageVariant() throws Exception {
    Path judge = Path.of(getClass().getResource("/io/check_copies.py").toURI());
    Path maker = Path.of(getClass().getResource("/io/make_variants.py").toURI());
    Anndata.run(folder, maker, List.of(folder.toString()));
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(f -> f.toString().endsWith(".h5ad")).sorted().toList();
    }
    assertThat(files).hasSizeGreaterThan(14);
    List<String> pairs = new ArrayList<>();
    for (Path file : files) {
      var data = H5adReader.read(file);
      Path copy = folder.resolve("copy_of_" + file.getFileName());
      H5adWriter.write(data, copy);
      SameContent.check(data, H5adReader.read(copy));
      pairs.add(file.toString());
      pairs.add(copy.toString());
    }
    Anndata.run(folder, judge, pairs);
  }
}
