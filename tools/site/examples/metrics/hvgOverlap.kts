// data: logarithms
val corrected = sc.pp.combat(adata, key = "batch", copy = true)
sc.metrics.hvgOverlap(adata, corrected, "batch", nTopGenes = 200)
