package org.cellweave.dsl.session

/** scanpy's spelling of a choice: `SEURAT_V3` is `seurat_v3`. */
internal fun Enum<*>.spelled(): String = name.lowercase()
