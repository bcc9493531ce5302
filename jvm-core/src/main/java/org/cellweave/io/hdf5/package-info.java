/**
 * HDF5 files as stores; {@link org.cellweave.io.hdf5.Hdf5} is the only door. jHDF and the C library
 * of the HDF Group are seen here and nowhere else.
 *
 * <p>Files are read by jHDF, which is Java, so that a damaged one throws; the library writes, and
 * never sees a byte of a file that was read. What is written by hand, and why:
 *
 * <ul>
 *   <li>{@code Chunks}, {@code Filters}: chunks in parallel and with their checksums verified; jHDF
 *       maps each chunk into memory and does not verify.
 *   <li>The encoder of {@code Lzf}: that of compress-lzf, whose decoder is used, frames blocks of
 *       64 KiB, where h5py expects the one run of a chunk.
 *   <li>{@code Lz4}: the framing of the filters lz4 and bitshuffle is in no library, and the block
 *       decoder of lz4-java, which comes with jHDF, takes a repetition at distance 0, as damaged
 *       data have, for zeros; here it is refused.
 *   <li>{@code DenseLinks}: members of large groups, which jHDF finds up to a size only.
 *   <li>{@code BitLayout}: bfloat16 and other layouts that jHDF refuses.
 *   <li>{@code GuardedChannel}, {@code ReadLimits}: a parser that a damaged file leads in circles
 *       comes to an end.
 *   <li>{@code H5Driver}, {@code ChannelFile}: the library cannot close a file whose disk is full.
 * </ul>
 */
package org.cellweave.io.hdf5;
