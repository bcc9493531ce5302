// data: logarithms
val reference = sc.tl.buildReference(adata, batchKey = "batch", labels = listOf("cell_type"), nTopGenes = 300, nPcs = 15)
reference
