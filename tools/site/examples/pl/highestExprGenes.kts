// data: counts
sc.pl.highestExprGenes(adata, nTop = 15)
