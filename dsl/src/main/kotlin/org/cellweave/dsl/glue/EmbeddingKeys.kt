package org.cellweave.dsl.glue

/** Where a verb of `sc.tl` puts coordinates and their parameters: `X_umap` and `umap`, or [keyAdded] for both. */
internal class EmbeddingKeys(name: String, keyAdded: String?) {
    /** Of the coordinates, in `obsm`. */
    val coordinates: String = keyAdded ?: "X_$name"

    /** Of the parameters, in `uns`. */
    val parameters: String = keyAdded ?: name
}
