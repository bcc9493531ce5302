// data: barcoded
fun member(of: Int, cell: Int) = if (cell % 3 == of) 1.0 else 0.0
adata.obsm["X_clone"] = DenseMatrix.ofRows(Array(adata.nObs) { cell -> doubleArrayOf(member(0, cell), member(1, cell)) })
c2v.pp.labelClones(adata, obsName = "labelled")
adata.obs["labelled"].valueCounts()
