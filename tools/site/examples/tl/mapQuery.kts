// data: logarithms
val old = adata[adata.obs["batch"] eq "batch_0"].copy()
val new = adata[adata.obs["batch"] eq "batch_1"].copy()
val reference = sc.tl.buildReference(old, labels = listOf("cell_type"), nTopGenes = 300, nPcs = 15)
sc.tl.mapQuery(new, reference)
new
