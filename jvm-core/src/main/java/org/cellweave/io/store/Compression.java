package org.cellweave.io.store;

/** How numeric arrays are compressed. */
public enum Compression {
  NONE,
  GZIP,
  /** Fast and larger than gzip; read by h5py and by anndata, by other programs with a plugin. */
  LZF
}
