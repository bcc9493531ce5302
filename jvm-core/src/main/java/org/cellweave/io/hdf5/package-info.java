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
 *   <li>{@code Lzf}: compress-lzf, which comes with jHDF, trusts the length that it is told and
 *       takes no notice of what follows. Where a checksum was compressed together with the values
 *       the length has to be found out, for which a decoder must say that it did not fit. Its
 *       encoder writes framed blocks of 64 KiB, not the one run of a chunk that h5py expects.
 *   <li>{@code Lz4}: the filter's own framing and bitshuffle are in no library; the block decoder
 *       between them is 25 lines of checked bounds, and needs none of the native or unchecked
 *       variants that lz4-java would choose from.
 *   <li>{@code DenseLinks}: members of large groups, which jHDF finds up to a size only.
 *   <li>{@code BitLayout}: bfloat16 and other layouts that jHDF refuses.
 *   <li>{@code GuardedChannel}, {@code ReadLimits}: a parser that a damaged file leads in circles
 *       comes to an end.
 *   <li>{@code H5Driver}, {@code ChannelFile}: the library cannot close a file whose disk is full.
 * </ul>
 */
package org.cellweave.io.hdf5;
