/**
 * What a store is, whatever its format: groups with named members, arrays, attributes of both, and
 * the types of values. {@link org.cellweave.io.store.StoreReader} and {@link
 * org.cellweave.io.store.StoreWriter} are the two interfaces that a format implements; {@link
 * org.cellweave.io.store.ArrayValues}, {@link org.cellweave.io.store.DenseReader} and {@link
 * org.cellweave.io.store.SparseReader} make columns and matrices of any store's arrays.
 *
 * <p>Uses {@code data}, {@code matrix} and {@code io.binary}; no format.
 */
package org.cellweave.io.store;
