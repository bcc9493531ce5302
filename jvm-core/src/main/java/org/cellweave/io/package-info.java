/**
 * The doors to files: {@link org.cellweave.io.Reading} for any kind, {@link
 * org.cellweave.io.H5adReader} and {@link org.cellweave.io.H5adWriter} for {@code .h5ad}, {@link
 * org.cellweave.io.ZarrReader} and {@link org.cellweave.io.ZarrWriter} for zarr.
 *
 * <p>The rooms behind them, each of which uses those below it only:
 *
 * <ul>
 *   <li>{@code io.anndata} the AnnData encoding, for any store; {@code io.format} all other kinds
 *       of files; {@code io.remote} downloads and archives
 *   <li>{@code io.hdf5} and {@code io.zarr} the stores; jHDF and the HDF5 C library are seen in the
 *       first alone, codecs and JSON in the second
 *   <li>{@code io.store} what a store is: groups, arrays, attributes, types
 *   <li>{@code io.text} text tables, compressed or not; {@code io.binary} numbers as bytes
 *   <li>{@code io.file} what must hold of a file before it is read, and how one is replaced
 * </ul>
 *
 * <p>Another store is another implementation of {@link org.cellweave.io.store.StoreReader} and
 * {@link org.cellweave.io.store.StoreWriter}, and a door here that hands it to {@link
 * org.cellweave.io.anndata.AnnDataReader}.
 */
package org.cellweave.io;
