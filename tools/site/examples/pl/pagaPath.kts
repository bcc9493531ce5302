// data: course
sc.pl.paga(adata)
sc.pl.pagaPath(adata, listOf("progenitor", "Mo"), adata.varNames.take(4), useRaw = false, nAvg = 20)
