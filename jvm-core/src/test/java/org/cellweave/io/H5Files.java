package org.cellweave.io;

import java.nio.file.Path;
import java.util.List;
import org.cellweave.testing.SharedData;

/** The .h5ad files tests read. */
public final class H5Files {
  private static final List<String> ALL =
      List.of(
          "data/anndata/v0.5.0_pbmc68k_reduced.h5ad",
          "data/anndata/v0.7.0.h5ad",
          "data/clonal/larry_subset.h5ad",
          "reference/encodings.h5ad",
          "reference/kang.h5ad",
          "reference/larry_clones.h5ad");

  private H5Files() {}

  public static List<Path> all() {
    return ALL.stream().map(SharedData::require).toList();
  }

  public static Path encodings() {
    return SharedData.require("reference/encodings.h5ad");
  }
}
