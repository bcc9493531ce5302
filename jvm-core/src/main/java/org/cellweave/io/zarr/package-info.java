/**
 * Zarr of versions 2 and 3 as a store: groups are folders with metadata in JSON, arrays are cut
 * into chunks, each encoded by itself, and several chunks may share a file (a shard). {@link
 * org.cellweave.io.zarr.Zarr} is the door.
 *
 * <p>Reading: {@code ZarrFiles} is where bytes lie (a folder, or a zip archive), {@code ZarrTree}
 * what groups and arrays there are, {@code LayoutReader} makes an {@code ArrayLayout} of an array's
 * metadata, {@code ChunkReader} finds and decodes chunks, {@code ZarrArray} puts them together.
 * Writing: {@code ZarrOutput} is where bytes go, {@code ZarrSink} the store with its metadata,
 * {@code ChunkGrid} how an array is cut, {@code ArrayDocument} what its metadata say, {@code
 * ChunkWriter} encodes chunks, several at a time.
 *
 * <p>Stores are damaged and hostile: every size is checked before memory is taken for it, names do
 * not lead out of the store, and what is wrong is said in one line that names the element and the
 * codec.
 *
 * <p>Written by hand, since no library of Java reads text and records of zarr 3.
 *
 * @see <a href="https://zarr-specs.readthedocs.io">the format</a>
 */
package org.cellweave.io.zarr;
