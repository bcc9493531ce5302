package org.cellweave.io;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cellweave.testing.SharedData;

/** The .h5ad files tests read: those of the repository, and real ones where they are here. */
public final class H5Files {
  private static final String REFERENCE = "jvm-core/src/test/resources/reference/";

  private static final List<String> REAL =
      List.of(
          "data/anndata/v0.5.0_pbmc68k_reduced.h5ad",
          "data/anndata/v0.7.0.h5ad",
          "data/clonal/larry_subset.h5ad",
          "reference/encodings.h5ad",
          "reference/kang.h5ad",
          "reference/larry_clones.h5ad");

  private H5Files() {}

  public static List<Path> all() {
    Stream<Path> real = REAL.stream().filter(SharedData::has).map(SharedData::require);
    Stream<Path> ours = Stream.of(encodings(), shipped("simulated/scanpy.h5ad"));
    return Stream.concat(ours, real).toList();
  }

  /** Every type of element; {@code tools/reference/encodings.py} wrote it. */
  public static Path encodings() {
    return shipped("encodings/encodings.h5ad");
  }

  private static Path shipped(String name) {
    return SharedData.projectRoot().resolve(REFERENCE + name);
  }
}
