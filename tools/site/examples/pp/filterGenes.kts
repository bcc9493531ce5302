// data: counts
sc.pp.filterGenes(adata, minCells = 20)
adata
