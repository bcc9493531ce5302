/**
 * The AnnData encoding, above any store: {@link org.cellweave.io.anndata.AnnDataReader} and {@link
 * org.cellweave.io.anndata.AnnDataWriter}.
 *
 * <p>Each kind of element is one class, an {@code ElementKind}, which registers how its encodings
 * (type and version) are read, how the classes that it stands for are written, and what it looked
 * like before anndata 0.8, when elements did not state their encoding. A new kind is one class and
 * its name in {@code ElementRegistry.STANDARD}; a pair that another kind reads already is refused.
 *
 * <p>Uses {@code data}, {@code io.store} and {@code io.binary}; no format.
 *
 * @see <a href="https://anndata.readthedocs.io/en/stable/fileformat-prose.html">the format</a>
 */
package org.cellweave.io.anndata;
