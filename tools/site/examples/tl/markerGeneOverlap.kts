// data: clustered
val known = mapOf("A" to adata.varNames.take(50), "B" to adata.varNames.takeLast(50))
sc.tl.markerGeneOverlap(adata, known, topNMarkers = 100)
